internal import CEspalierKernels

/// How images are sampled at points between their pixels.
package struct GridSampling: Sendable {
  /// How pixels become a value between them.
  package enum Mode: Sendable {
    /// The two nearest along each axis, linearly.
    case linear
    /// The nearest; of two, that at the even position.
    case nearest
    /// The four nearest along each axis, by cubic convolution with a = -0.75.
    case cubic
  }

  /// What lies outside of an image.
  package enum Boundary: Sendable {
    /// Zeros.
    case zeros
    /// The nearest pixel.
    case border
    /// The image reflected.
    case reflection
  }

  private let mode: Mode
  private let boundary: Boundary
  private let alignsCorners: Bool
  /// Pixels of an image.
  private let size: Extent
  /// The number of spatial axes.
  package let axes: Int
  private let batch: Int
  private let points: Int
  /// Numbers of a pixel.
  package let channels: Int

  /// Describes a sampling of as many points in each image.
  package init(
    _ mode: Mode, _ boundary: Boundary, alignsCorners: Bool, batch: Int, size: Extent, axes: Int,
    points: Int, channels: Int
  ) {
    precondition((1...3).contains(axes), "\(axes) spatial axes")
    self.mode = mode
    self.boundary = boundary
    self.alignsCorners = alignsCorners
    self.batch = batch
    self.size = size
    self.axes = axes
    self.points = points
    self.channels = channels
  }

  /// Numbers of all images.
  package var imageCount: Int { batch * size.count * channels }
  /// Coordinates of all points.
  package var gridCount: Int { batch * points * axes }
  /// Numbers of all results.
  package var outputCount: Int { batch * points * channels }

  /// Calls `body` with each point, counted through the batch, and the pixels that its value comes from.
  @inline(__always)
  package func forEachPoint(
    _ grid: UnsafePointer<Float>, _ body: (_ point: Int, _ taps: GridTaps) -> Void
  ) {
    let one = AxisTaps(at: 0)
    for point in 0..<batch * points {
      let place = grid + point * axes
      body(
        point,
        GridTaps(
          firstPixel: point / points * size.count, size: size,
          depth: axes > 2 ? taps(place[2], size.depth) : one,
          height: axes > 1 ? taps(place[1], size.height) : one, width: taps(place[0], size.width)))
    }
  }

  /// The pixels along an axis that a coordinate's value comes from.
  private func taps(_ coordinate: Float, _ count: Int) -> AxisTaps {
    let size = Float(count)
    let scale = (alignsCorners ? size - 1 : size) / 2
    var place = (coordinate + 1) * scale - (alignsCorners ? 0 : 0.5)
    if mode == .nearest { place.round(.toNearestOrEven) }
    var slope = scale
    (place, slope) = inside(place, slope, size)
    // All pixels near such a place are outside, too; and it can be an integer.
    place = min(max(place, -4), size + 4)
    let floor = place.rounded(.down)
    var taps = AxisTaps(mode, fraction: place - floor, slope: slope)
    for tap in 0..<taps.count {
      taps.pixels[tap] = pixel(Int(floor) + taps.pixels[tap], count)
    }
    return taps
  }

  /// A place moved into the image, and with it how fast it moves with its coordinate.
  private func inside(_ place: Float, _ slope: Float, _ size: Float) -> (Float, Float) {
    let margin: Float = alignsCorners ? 0 : 0.5
    let (least, greatest) = (-margin, size - 1 + margin)
    if place.isNaN { return (0, 0) }
    if place >= least && place <= greatest { return (place, slope) }
    switch boundary {
    case .zeros:
      return (place, slope)
    case .border:
      return (min(max(place, 0), size - 1), 0)
    case .reflection:
      let range = greatest - least
      let distance = place < least ? least - place : place - least
      let rest = distance.truncatingRemainder(dividingBy: 2 * range)
      guard rest >= 0 else { return (0, 0) }
      let isBack = rest > range
      return (
        least + (isBack ? 2 * range - rest : rest), isBack == (place < least) ? slope : -slope
      )
    }
  }

  /// A pixel's position moved into the image; -1 where there is none.
  private func pixel(_ position: Int, _ count: Int) -> Int {
    if position >= 0 && position < count { return position }
    switch boundary {
    case .zeros: return -1
    case .border: return position < 0 ? 0 : count - 1
    case .reflection:
      if count == 1 { return 0 }
      // Mirrored at the outermost pixels' centres or edges.
      let period = alignsCorners ? 2 * count - 2 : 2 * count
      let rest = (position % period + period) % period
      return rest < count ? rest : (alignsCorners ? period : period - 1) - rest
    }
  }
}

/// The pixels along one axis that a value comes from, and their shares.
struct AxisTaps {
  fileprivate(set) var count: Int
  /// Positions; -1 where there is no pixel.
  fileprivate(set) var pixels: InlineArray<4, Int>
  private(set) var weights: InlineArray<4, Float>
  /// How fast the weights change with the coordinate.
  private(set) var slopes: InlineArray<4, Float>

  /// One pixel.
  fileprivate init(at pixel: Int) {
    count = 1
    pixels = [pixel, 0, 0, 0]
    weights = [1, 0, 0, 0]
    slopes = [0, 0, 0, 0]
  }

  /// Pixels by their distances from the one at or before a place, `fraction` behind it.
  fileprivate init(_ mode: GridSampling.Mode, fraction t: Float, slope: Float) {
    self.init(at: 0)
    switch mode {
    case .nearest:
      break
    case .linear:
      count = 2
      pixels = [0, 1, 0, 0]
      weights = [1 - t, t, 0, 0]
      slopes = [-slope, slope, 0, 0]
    case .cubic:
      count = 4
      pixels = [-1, 0, 1, 2]
      for tap in 0..<4 {
        let (weight, derivative) = Self.cubic(t - Float(tap - 1))
        weights[tap] = weight
        slopes[tap] = derivative * slope
      }
    }
  }

  /// Keys's kernel at a distance from a pixel, and its derivative.
  private static func cubic(_ distance: Float) -> (weight: Float, derivative: Float) {
    let a: Float = -0.75
    let x = distance.magnitude
    let sign: Float = distance < 0 ? -1 : 1
    if x <= 1 {
      return (((a + 2) * x - (a + 3)) * x * x + 1, sign * (3 * (a + 2) * x - 2 * (a + 3)) * x)
    }
    return (
      ((a * x - 5 * a) * x + 8 * a) * x - 4 * a, sign * ((3 * a * x - 10 * a) * x + 8 * a)
    )
  }
}

/// The pixels that a point's value comes from.
package struct GridTaps {
  let firstPixel: Int
  let size: Extent
  let depth: AxisTaps
  let height: AxisTaps
  let width: AxisTaps

  /// Calls `body` with each pixel, its weight, and how fast that changes with the coordinate along each axis, width first.
  @inline(__always)
  package func forEach(
    _ body: (_ pixel: Int, _ weight: Float, _ slopes: InlineArray<3, Float>) -> Void
  ) {
    for z in 0..<depth.count where depth.pixels[z] >= 0 {
      for y in 0..<height.count where height.pixels[y] >= 0 {
        let row = (depth.pixels[z] * size.height + height.pixels[y]) * size.width
        let (byDepth, byHeight) = (depth.weights[z], height.weights[y])
        for x in 0..<width.count where width.pixels[x] >= 0 {
          let byWidth = width.weights[x]
          body(
            firstPixel + row + width.pixels[x], byDepth * byHeight * byWidth,
            [
              byDepth * byHeight * width.slopes[x], byDepth * height.slopes[y] * byWidth,
              depth.slopes[z] * byHeight * byWidth,
            ])
        }
      }
    }
  }
}

/// Computes the images' values at the points of a grid.
package func gridSample(
  _ images: Span<Float>, _ grid: Span<Float>, _ sampling: GridSampling,
  output: inout MutableSpan<Float>, using kernels: Kernels = .best
) {
  requireCount(images.count, sampling.imageCount, "images")
  requireCount(grid.count, sampling.gridCount, "grid")
  requireCount(output.count, sampling.outputCount, "output")
  let channels = sampling.channels
  withPointers(images, grid, &output) { images, grid, output in
    guard let images, let grid, let output else { return }
    sampling.forEachPoint(grid) { point, taps in
      let result = output + point * channels
      result.update(repeating: 0, count: channels)
      taps.forEach { pixel, weight, _ in
        kernels.table.pointee.add_scaled(weight, images + pixel * channels, result, channels)
      }
    }
  }
}
