package import EspalierGraph
package import ReferenceOperators

/// What an operator computes, in double precision by the slow reference.
package func reference(_ operator: Operator, _ inputs: [Tensor]) -> Tensor {
  let input = inputs[0]
  switch `operator` {
  case .dense:
    let bias = inputs.count > 2 ? inputs[2] : nil
    let columns = input.shape[input.shape.count - 1]
    let rows = Tensor([input.values.count / columns, columns], input.values)
    let result = rows.dense(weights: inputs[1], bias: bias)
    return Tensor(input.shape.dropLast() + [inputs[1].shape[1]], result.values)
  case .convolution(let rule):
    return input.convolution(
      weights: inputs[1], bias: inputs.count > 2 ? inputs[2] : nil,
      window: WindowReference(rule.window, input: input.shape), groups: rule.groups)
  case .pooling(let rule):
    return reference(rule, input)
  case .unary(let rule):
    switch rule.function {
    case .relu: return input.unary(.relu)
    case .sigmoid: return input.unary(.sigmoid)
    case .tanh: return input.unary(.tanh)
    }
  case .binary(let rule):
    switch rule.function {
    case .add: return input.binary(.add, inputs[1])
    case .subtract: return input.binary(.subtract, inputs[1])
    case .multiply: return input.binary(.multiply, inputs[1])
    case .divide: return input.binary(.divide, inputs[1])
    }
  case .softmax:
    return input.softmax()
  case .reshape(let rule):
    let copied = rule.sizes.enumerated().map { $1 == 0 ? input.shape[$0] : $1 }
    let known = copied.filter { $0 > 0 }.reduce(1, *)
    return Tensor(copied.map { $0 < 0 ? input.values.count / known : $0 }, input.values)
  case .transpose(let rule):
    return input.transpose(rule.permutation)
  case .slice(let rule):
    let counts = rule.ranges.enumerated().map { axis, range in
      guard range.count < 0 else { return range.count }
      // The last element that is still inside, found by trying.
      let size = input.shape[axis]
      return (1...size).last { (0..<size).contains(range.start + ($0 - 1) * range.step) } ?? 0
    }
    return input.slice(
      starts: rule.ranges.map { $0.start }, counts: counts, steps: rule.ranges.map { $0.step })
  case .expand(let rule):
    let added = rule.sizes.count - input.shape.count
    return input.expand(
      rule.sizes.enumerated().map { $1 == 0 ? input.shape[$0 - added] : $1 })
  case .concatenate(let rule):
    return Tensor.concatenate(inputs, axis: rule.axis)
  case .reduction(let rule):
    return reference(rule, input)
  case .argReduction(let rule):
    return input.argReduce(
      largest: rule.function == .maximum, axis: rule.axis, last: rule.lastIndex)
  case .normalization(let rule):
    return input.normalize(
      axes: rule.axes, isCentred: rule.function == .standard, epsilon: Double(rule.epsilon))
  case .localResponseNormalization(let rule):
    return input.localResponseNormalization(
      size: rule.size, alpha: Double(rule.alpha), beta: Double(rule.beta), bias: Double(rule.bias))
  case .cumulativeSum(let rule):
    return input.cumulate(
      axis: rule.axis, multiplies: rule.function == .product, exclusive: rule.exclusive,
      reverse: rule.reverse)
  case .topK(let rule):
    return input.topK(rule.size, axis: rule.axis, largest: rule.largest)
  case .transposedConvolution(let rule):
    return reference(rule, inputs)
  case .resize(let rule):
    return reference(rule, input)
  }
}

extension WindowReference {
  /// The window of an operator over an input `[batch, spatial..., channels]`.
  init(_ window: Operator.Window, input: [Int]) {
    let axes = window.kernel.indices
    let before: [Int]
    let after: [Int]
    switch window.padding {
    case .explicit(let left, let right):
      (before, after) = (left, right)
    case .same:
      let totals = axes.map { axis in
        let size = input[axis + 1]
        let outputs = Int((Double(size) / Double(window.stride[axis])).rounded(.up))
        let reach = (outputs - 1) * window.stride[axis]
        return max(0, reach + (window.kernel[axis] - 1) * window.dilation[axis] + 1 - size)
      }
      before = totals.map { $0 / 2 }
      after = totals.map { ($0 + 1) / 2 }
    }
    self.init(
      kernel: window.kernel, stride: window.stride, dilation: window.dilation,
      paddingBefore: before, paddingAfter: after)
  }
}
