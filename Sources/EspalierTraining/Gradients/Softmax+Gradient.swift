import EspalierRuntime

extension StepGradient {
  /// `∂inputᵢ += outputᵢ · (∂outputᵢ − Σⱼ ∂outputⱼ · outputⱼ)` in each row.
  func softmax(_ call: SoftmaxCall) {
    guard let gradient = inputGradients[0] else { return }
    for start in stride(from: 0, to: call.rows * call.columns, by: call.columns) {
      var dot: Float = 0
      for index in start..<start + call.columns { dot += outputGradient[index] * output[index] }
      for index in start..<start + call.columns {
        gradient[index] += output[index] * (outputGradient[index] - dot)
      }
    }
  }
}
