import EspalierKernels
import Testing

/// Indices and coordinates that point anywhere: nothing outside of the arrays is read or written.
@Suite struct HostileIndexTests {
  @Test func indicesOutsideAreTheNearestPosition() {
    let wide: [Int64] = [.min, -4, -3, -1, 0, 2, 3, .max]
    let narrow: [Int32] = [.min, -4, -3, -1, 0, 2, 3, .max]
    let expected = [0, 0, 0, 2, 0, 2, 2, 2]
    wide.withUnsafeBufferPointer { wide in
      #expect(wide.indices.map { Indices(wide).position(at: $0, size: 3) } == expected)
    }
    narrow.withUnsafeBufferPointer { narrow in
      #expect(narrow.indices.map { Indices(narrow).position(at: $0, size: 3) } == expected)
    }
  }

  @Test func indicesOutsideAreNowhereHot() {
    let indices: [Int64] = [.min, -3, -2, 1, 2, .max]
    var output = [UInt8](repeating: 7, count: 12)
    indices.withUnsafeBufferPointer { indices in
      var result = output.mutableSpan
      oneHot(Indices(indices), outer: 6, size: 2, inner: 1, output: &result)
    }
    #expect(output == [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0])
  }

  @Test(arguments: [GridSampling.Mode.linear, .nearest, .cubic], [1, 3])
  func coordinatesMayBeAnything(_ mode: GridSampling.Mode, _ width: Int) {
    let grid: [Float] = [.nan, .infinity, -.infinity, 1e30, -1e30, 1e9, -1e9, 0x1p-149]
    let image = (1...width).map { Float($0) }
    for boundary in [GridSampling.Boundary.zeros, .border, .reflection] {
      for alignsCorners in [false, true] {
        let sampling = GridSampling(
          mode, boundary, alignsCorners: alignsCorners, batch: 1,
          size: Extent(depth: 1, height: 1, width: width), axes: 1, points: grid.count,
          channels: 1)
        var output = [Float](repeating: .nan, count: grid.count)
        var result = output.mutableSpan
        gridSample(image.span, grid.span, sampling, output: &result)
        // Cubic convolution overshoots by less than a half.
        let range = -0.5...Float(width) + 0.5
        #expect(output.allSatisfy(range.contains), "\(boundary), \(alignsCorners): \(output)")
      }
    }
  }
}
