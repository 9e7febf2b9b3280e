/// How images are sampled at points between their pixels, in double precision.
package struct GridSampleReference: Sendable {
  /// How pixels become a value between them.
  package enum Mode: Sendable {
    /// Linearly.
    case linear
    /// The nearest.
    case nearest
    /// By cubic convolution.
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

  let mode: Mode
  let boundary: Boundary
  let alignsCorners: Bool

  /// Makes a sampling.
  package init(_ mode: Mode, _ boundary: Boundary, alignsCorners: Bool) {
    self.mode = mode
    self.boundary = boundary
    self.alignsCorners = alignsCorners
  }

  /// Images [batch, spatial..., channels] at the points [batch, points..., axes].
  package func callAsFunction(_ images: Tensor, _ grid: Tensor) -> Tensor {
    Tensor(grid.shape.dropLast() + [images.shape[images.shape.count - 1]]) { index in
      let point = Array(index.dropLast())
      let spatial = images.shape.dropFirst().dropLast()
      // The last coordinate is that of the first spatial axis.
      let axes = spatial.enumerated().map { axis, size in
        shares(grid[point + [spatial.count - 1 - axis]], size)
      }
      return Tensor.indices(of: axes.map(\.count)).reduce(0) { sum, taps in
        let chosen = taps.indices.map { axes[$0][taps[$0]] }
        guard chosen.allSatisfy({ $0.pixel != nil }) else { return sum }
        let pixel = chosen.compactMap(\.pixel)
        let weight = chosen.reduce(1) { $0 * $1.weight }
        return sum + weight * images[[index[0]] + pixel + [index[index.count - 1]]]
      }
    }
  }

  /// The pixels along an axis that a coordinate's value comes from, with their weights.
  private func shares(_ x: Double, _ size: Int) -> [(pixel: Int?, weight: Double)] {
    let n = Double(size)
    var place = alignsCorners ? (x + 1) / 2 * (n - 1) : ((x + 1) * n - 1) / 2
    if mode == .nearest { place.round(.toNearestOrEven) }
    let (least, greatest) = alignsCorners ? (0, n - 1) : (-0.5, n - 0.5)
    if place < least || place > greatest {
      switch boundary {
      case .zeros: break
      case .border: place = min(max(place, 0), n - 1)
      case .reflection: place = reflected(place, least, greatest)
      }
    }
    let first = place.rounded(.down)
    return (-1...2).compactMap { offset in
      let weight = weight(place - first - Double(offset))
      guard weight != 0 else { return nil }
      return (pixel(Int(first) + offset, size, least, greatest), weight)
    }
  }

  private func pixel(_ position: Int, _ size: Int, _ least: Double, _ greatest: Double) -> Int? {
    if (0..<size).contains(position) { return position }
    switch boundary {
    case .zeros: return nil
    case .border: return position < 0 ? 0 : size - 1
    case .reflection: return Int(reflected(Double(position), least, greatest))
    }
  }

  private func reflected(_ place: Double, _ least: Double, _ greatest: Double) -> Double {
    guard greatest > least else { return 0 }
    var place = place
    while place < least || place > greatest {
      place = place < least ? 2 * least - place : 2 * greatest - place
    }
    return place
  }

  private func weight(_ distance: Double) -> Double {
    let (x, a) = (distance.magnitude, -0.75)
    switch mode {
    case .nearest: return x < 0.5 ? 1 : 0
    case .linear: return max(0, 1 - x)
    case .cubic:
      if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
  }
}
