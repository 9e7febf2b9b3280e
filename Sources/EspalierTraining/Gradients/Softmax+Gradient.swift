import EspalierGraph
import EspalierRuntime
import Foundation

extension StepGradient {
  /// The gradient in each row.
  ///
  /// - Softmax: `∂inputᵢ += outputᵢ · (∂outputᵢ − Σⱼ ∂outputⱼ · outputⱼ)`.
  /// - Its logarithm: `∂inputᵢ += ∂outputᵢ − e^outputᵢ · Σⱼ ∂outputⱼ`.
  func softmax(_ call: SoftmaxCall) {
    guard let gradient = inputGradients[0] else { return }
    for start in stride(from: 0, to: call.rows * call.columns, by: call.columns) {
      let row = start..<start + call.columns
      switch call.function {
      case .softmax:
        var dot: Float = 0
        for index in row { dot += outputGradient[index] * output[index] }
        for index in row { gradient[index] += output[index] * (outputGradient[index] - dot) }
      case .logSoftmax:
        var sum: Float = 0
        for index in row { sum += outputGradient[index] }
        for index in row { gradient[index] += outputGradient[index] - exp(output[index]) * sum }
      }
    }
  }
}
