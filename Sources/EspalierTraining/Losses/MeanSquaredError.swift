public import EspalierData

/// The squared difference `(value − target)²`, a mean over the rows.
public struct MeanSquaredError: Loss {
  /// Makes the loss.
  public init() {}

  /// The name in recipes and files.
  public var name: String { "mean_squared_error" }

  /// Whether the loss understands the targets of a task.
  public func fits(_ task: Task) -> Bool {
    if case .regression = task { true } else { false }
  }

  /// The mean over the rows, and its gradient.
  public func evaluate(
    outputs: Span<Float>, targets: Span<Float>, columns: Int,
    gradient: inout MutableSpan<Float>, scale: Float
  ) -> Double {
    let factor = 2 * Double(scale) / Double(targets.count)
    var total = 0.0
    for row in 0..<targets.count {
      let difference = Double(outputs[row]) - Double(targets[row])
      total += difference * difference
      gradient[row] = Float(difference * factor)
    }
    return total / Double(targets.count)
  }
}
