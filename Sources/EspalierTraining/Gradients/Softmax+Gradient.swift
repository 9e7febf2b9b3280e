extension StepGradient {
  /// `∂inputᵢ += outputᵢ · (∂outputᵢ − Σⱼ ∂outputⱼ · outputⱼ)` in each row.
  func softmax(rows: Int, columns: Int) {
    guard let gradient = inputGradients[0] else { return }
    for start in stride(from: 0, to: rows * columns, by: columns) {
      var dot: Float = 0
      for index in start..<start + columns { dot += outputGradient[index] * output[index] }
      for index in start..<start + columns {
        gradient[index] += output[index] * (outputGradient[index] - dot)
      }
    }
  }
}
