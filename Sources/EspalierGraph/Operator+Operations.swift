extension Operator {
  /// Operations that computing the operator takes, about: multiplications followed by an addition, and elements that are
  /// read or made; `Int.max` where they cannot be counted.
  package func operations(inputs: [TensorType], output: TensorType) -> Int {
    let made = output.shape.elementCount
    let read = inputs.reduce(0) { $0.saturatingSum($1.shape.elementCount) }
    let each: Int
    switch self {
    case .pooling(let rule): each = Shape(rule.window.kernel).checkedElementCount ?? Int.max
    case .localResponseNormalization(let rule): each = rule.size
    // Where sizes shrink, every element is made of as many as an axis has.
    case .resize: each = 4 + (inputs[0].shape.sizes.max() ?? 0)
    case .topK: each = 64
    case .dense, .convolution, .transposedConvolution, .unary, .binary, .softmax, .reshape,
      .transpose, .slice, .expand, .concatenate, .pad, .matrixProduct, .gather, .gatherElements,
      .gatherND, .scatterElements, .scatterND, .oneHot, .range, .select, .cast, .quantize,
      .dequantize, .reduction, .argReduction, .normalization, .cumulativeSum, .recurrent,
      .gridSample:
      each = 1
    }
    let (own, overflow) = made.multipliedReportingOverflow(by: each)
    return multiplyAdds(inputs: inputs, output: output).saturatingSum(read)
      .saturatingSum(overflow ? Int.max : own)
  }
}

extension Int {
  /// The sum of two numbers that are not negative; the largest number where it does not fit.
  package func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? Int.max : sum
  }
}
