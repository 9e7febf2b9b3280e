/// Where each element of an axis of a resized array is in the input.
package struct ResizeAxis: Equatable, Sendable {
  /// Which formula says where element i is.
  package enum Coordinates: Equatable, Sendable {
    /// `(i + 1/2) / scale - 1/2`.
    case halfPixel
    /// The same, moved so that the centres agree: `+ input / 2 * (1 - output / exact)`.
    case halfPixelSymmetric
    /// The same as halfPixel; -1/2 if exact is 1.
    case pytorchHalfPixel
    /// `i * (input - 1) / (exact - 1)`; 0 if exact is 1.
    case alignCorners
    /// `i / scale`.
    case asymmetric
    /// From `start` to `end`, of which 1 is the last element.
    case crop(start: Double, end: Double)
  }

  /// Extent before.
  package let input: Int
  /// Extent after.
  package let output: Int
  /// The extent after by the extent before.
  package let scale: Double
  /// The extent after as it was before it was rounded to `output`.
  package let exact: Double
  /// Which formula.
  package let coordinates: Coordinates

  /// Makes an axis of positive extents.
  package init(
    input: Int, output: Int, scale: Double, exact: Double, coordinates: Coordinates
  ) {
    precondition(input > 0 && output > 0 && scale > 0, "\(input) to \(output)")
    self.input = input
    self.output = output
    self.scale = scale
    self.exact = exact
    self.coordinates = coordinates
  }

  /// The position of an element in the input; nil if it is outside of the input in a crop.
  func position(_ index: Int) -> Double? {
    let last = Double(input - 1)
    let centre = (Double(index) + 0.5) / scale - 0.5
    switch coordinates {
    case .halfPixel: return centre
    case .halfPixelSymmetric: return Double(input) / 2 * (1 - Double(output) / exact) + centre
    case .pytorchHalfPixel: return exact == 1 ? -0.5 : centre
    case .alignCorners: return exact == 1 ? 0 : Double(index) * last / (exact - 1)
    case .asymmetric: return Double(index) / scale
    case .crop(let start, let end):
      let way =
        exact == 1 ? (end - start) * last / 2 : Double(index) * (end - start) * last / (exact - 1)
      let position = start * last + way
      return position >= 0 && position <= last ? position : nil
    }
  }
}

/// How a position between elements becomes one element.
package enum ResizeRounding: Sendable {
  /// The nearest, the lower of two.
  case preferFloor
  /// The nearest, the upper of two.
  case preferCeiling
  /// The next one below.
  case floor
  /// The next one above.
  case ceiling

  /// The element of the input that each one of the output is; -1 for those outside of it.
  package func elements(_ axis: ResizeAxis) -> [Int] {
    (0..<axis.output).map { index in
      axis.position(index).map { element($0, of: axis.input) } ?? -1
    }
  }

  private func element(_ position: Double, of count: Int) -> Int {
    let rounded =
      switch self {
      case .preferFloor: (position - 0.5).rounded(.up)
      case .preferCeiling: (position + 0.5).rounded(.down)
      case .floor: position.rounded(.down)
      case .ceiling: position.rounded(.up)
      }
    return Int(min(max(rounded, 0), Double(count - 1)))
  }
}

/// The weight of an element by its distance from a position.
package struct ResizeFilter: Equatable, Sendable {
  /// The coefficient of a cubic filter; nil for a linear one.
  package let cubic: Double?
  /// Whether the filter widens where an axis shrinks.
  package let isAntialiased: Bool
  /// Whether elements beyond the ends have no weight; otherwise they are those at the ends.
  package let excludesOutside: Bool

  /// Makes a filter.
  package init(cubic: Double?, isAntialiased: Bool, excludesOutside: Bool) {
    self.cubic = cubic
    self.isAntialiased = isAntialiased
    self.excludesOutside = excludesOutside
  }

  private func weight(_ distance: Double) -> Double {
    let d = distance.magnitude
    guard let a = cubic else { return max(0, 1 - d) }
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }

  /// Calls `body` with each element that counts at a position and its weight, in ascending order.
  fileprivate func forEachWeight(
    _ axis: ResizeAxis, _ position: Double, _ body: (Int, Double) -> Void
  ) {
    let squeeze = isAntialiased ? min(axis.scale, 1) : 1
    let reach = Int(((cubic == nil ? 1 : 2) / squeeze).rounded(.up))
    let base = position.rounded(.up) - 1
    func forEach(_ body: (Int, Double) -> Void) {
      for tap in (1 - reach)...reach {
        let element = Int(base) + tap
        if excludesOutside && !(0..<axis.input).contains(element) { continue }
        body(element, weight(squeeze * (Double(tap) - (position - base))))
      }
    }
    var total = 1.0
    if isAntialiased || excludesOutside {
      total = 0
      forEach { total += $1 }
      if total == 0 { total = 1 }
    }
    forEach { body(min(max($0, 0), axis.input - 1), $1 / total) }
  }
}

/// For each element of an axis that is resized, the elements that it is made of with their weights.
package struct ResizeTable: Equatable, Sendable {
  /// Extent of the axis before.
  package let input: Int
  /// The first element that counts; -1 if the element is outside of the input.
  package private(set) var firsts: [Int] = []
  /// Where the weights of each element begin, and at the end how many there are.
  package private(set) var starts: [Int] = [0]
  /// Weights of neighbouring elements.
  package private(set) var weights: [Float] = []

  /// Works out the weights of a filter.
  package init(_ axis: ResizeAxis, _ filter: ResizeFilter) {
    input = axis.input
    var row: [Double] = []
    for index in 0..<axis.output {
      row.removeAll(keepingCapacity: true)
      var first = -1
      if let position = axis.position(index) {
        // Elements beyond the ends fall together with those at the ends.
        filter.forEachWeight(axis, position) { element, weight in
          if first < 0 { first = element }
          if element - first == row.count {
            row.append(weight)
          } else {
            row[row.count - 1] += weight
          }
        }
      }
      firsts.append(first)
      weights += row.map { Float($0) }
      starts.append(weights.count)
    }
  }

  /// The bytes of its numbers.
  package var byteCount: Int {
    (firsts.count + starts.count) * MemoryLayout<Int>.stride
      + weights.count * MemoryLayout<Float>.stride
  }

  /// Extent of the axis after.
  package var output: Int { firsts.count }
}
