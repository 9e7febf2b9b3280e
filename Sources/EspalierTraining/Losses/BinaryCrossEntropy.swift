public import EspalierData
import Foundation

/// The binary cross-entropy on a logit, `max(z, 0) − z t + log(1 + e^−|z|)`, a mean over the rows.
public struct BinaryCrossEntropy: Loss {
  /// Makes the loss.
  public init() {}

  /// The name in recipes and files.
  public var name: String { "binary_cross_entropy" }

  /// Whether the loss understands the targets of a task.
  public func fits(_ task: Task) -> Bool {
    if case .binary = task { true } else { false }
  }

  /// The mean over the rows, and its gradient.
  public func evaluate(
    outputs: Span<Float>, targets: Span<Float>, columns: Int,
    gradient: inout MutableSpan<Float>, scale: Float
  ) -> Double {
    let factor = Double(scale) / Double(targets.count)
    var total = 0.0
    for row in 0..<targets.count {
      let logit = Double(outputs[row])
      let target = Double(targets[row])
      let decay = exp(-abs(logit))
      total += max(logit, 0) - logit * target + log1p(decay)
      let probability = (logit >= 0 ? 1 : decay) / (1 + decay)
      gradient[row] = Float((probability - target) * factor)
    }
    return total / Double(targets.count)
  }
}
