public import EspalierData
import Foundation

/// The softmax cross-entropy `log Σⱼ e^zⱼ − z_class`, a mean over the rows.
public struct CrossEntropy: Loss {
  /// Makes the loss.
  public init() {}

  /// The name in recipes and files.
  public var name: String { "cross_entropy" }

  /// Whether the loss understands the targets of a task.
  public func fits(_ task: Task) -> Bool {
    if case .classification = task { true } else { false }
  }

  /// The mean over the rows, and its gradient.
  public func evaluate(
    outputs: Span<Float>, targets: Span<Float>, columns: Int,
    gradient: inout MutableSpan<Float>, scale: Float
  ) -> Double {
    let rows = targets.count
    let factor = Double(scale) / Double(rows)
    var total = 0.0
    for row in 0..<rows {
      let base = row * columns
      var largest = -Float.infinity
      for column in 0..<columns { largest = max(largest, outputs[base + column]) }
      var sum = 0.0
      for column in 0..<columns { sum += exp(Double(outputs[base + column] - largest)) }
      let target = Int(targets[row])
      total += log(sum) - Double(outputs[base + target] - largest)
      for column in 0..<columns {
        let probability = exp(Double(outputs[base + column] - largest)) / sum
        gradient[base + column] = Float((probability - (column == target ? 1 : 0)) * factor)
      }
    }
    return total / Double(rows)
  }
}
