public import EspalierData

/// What a head minimises, as a function of its last layer's outputs and the targets.
public protocol Loss: Sendable {
  /// The name in recipes and files.
  var name: String { get }

  /// The tasks whose targets it understands.
  func fits(_ task: Task) -> Bool

  /// The mean over the rows, and its gradient.
  ///
  /// - Parameters:
  ///   - outputs: `[rows, columns]`, logits or values.
  ///   - targets: one number a row: a class number, 0 or 1, or a value.
  ///   - columns: the outputs of a row.
  ///   - gradient: takes the derivative of `scale` times the mean, `[rows, columns]`.
  ///   - scale: what the gradient is multiplied by.
  /// - Returns: the mean over the rows.
  func evaluate(
    outputs: Span<Float>, targets: Span<Float>, columns: Int,
    gradient: inout MutableSpan<Float>, scale: Float
  ) -> Double
}
