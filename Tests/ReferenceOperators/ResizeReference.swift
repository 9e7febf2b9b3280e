/// How one axis of a tensor gets another extent.
package struct ResizeReference: Sendable {
  /// Which numbers make one of the output.
  package enum Filter: Sendable {
    /// The one whose place this function of a position gives.
    case nearest(@Sendable (Double) -> Double)
    /// All, by their distance: `max(0, 1 − |d|)`.
    case linear
    /// All, by their distance: the cubic of Keys with a coefficient.
    case cubic(Double)
  }

  /// The axis.
  package var axis: Int
  /// Its extent afterwards.
  package var output: Int
  /// Where a number of the output is in the input.
  package var position: @Sendable (Int) -> Double
  /// Which numbers make one.
  package var filter: Filter
  /// What distances are multiplied by, below 1 to spread the filter; weights are then divided by their sum.
  package var squeeze: Double
  /// Whether places beyond the ends have no weight.
  package var excludesOutside: Bool
  /// What positions outside of the input give; nil for numbers at the ends.
  package var outside: Double?

  /// Describes a change of extent.
  package init(
    axis: Int, output: Int, filter: Filter, squeeze: Double = 1, excludesOutside: Bool = false,
    outside: Double? = nil, position: @escaping @Sendable (Int) -> Double
  ) {
    self.axis = axis
    self.output = output
    self.filter = filter
    self.squeeze = squeeze
    self.excludesOutside = excludesOutside
    self.outside = outside
    self.position = position
  }

  fileprivate func weight(_ place: Int, at position: Double) -> Double {
    let d = (squeeze * (Double(place) - position)).magnitude
    switch filter {
    case .nearest(let round): return Double(place) == round(position) ? 1 : 0
    case .linear: return max(0, 1 - d)
    case .cubic(let a):
      if d <= 1 { return (a + 2) * d * d * d - (a + 3) * d * d + 1 }
      return d < 2 ? a * (d * d * d - 5 * d * d + 8 * d - 4) : 0
    }
  }
}

extension Tensor {
  /// Another extent of one axis, by a weighted sum over all places, those beyond the ends being the ends.
  package func resize(_ resize: ResizeReference) -> Tensor {
    var outputShape = shape
    outputShape[resize.axis] = resize.output
    let count = shape[resize.axis]
    return Tensor(outputShape) { index in
      let position = resize.position(index[resize.axis])
      if let outside = resize.outside, position < 0 || position > Double(count - 1) {
        return outside
      }
      var (sum, total) = (0.0, 0.0)
      for place in -4 * count...5 * count {
        if resize.excludesOutside && !(0..<count).contains(place) { continue }
        let weight = resize.weight(place, at: position)
        var source = index
        source[resize.axis] = min(max(place, 0), count - 1)
        sum += weight * self[source]
        total += weight
      }
      return resize.squeeze < 1 || resize.excludesOutside ? sum / total : sum
    }
  }
}
