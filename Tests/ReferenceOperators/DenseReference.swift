extension Tensor {
  /// output[r][o] = bias[o] + sum over i of self[r][i] * weights[i][o].
  package func dense(weights: Tensor, bias: Tensor? = nil) -> Tensor {
    let (rows, inputs, outputs) = (shape[0], shape[1], weights.shape[1])
    precondition(weights.shape[0] == inputs, "\(shape) by \(weights.shape)")
    return Tensor([rows, outputs]) { index in
      var sum = bias?.values[index[1]] ?? 0
      for input in 0..<inputs {
        sum += values[index[0] * inputs + input] * weights.values[input * outputs + index[1]]
      }
      return sum
    }
  }
}
