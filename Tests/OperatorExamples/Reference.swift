package import EspalierGraph
package import ReferenceOperators

/// What an operator computes, in double precision by the slow reference.
///
/// - Parameter elements: the types of the inputs' elements; float32 when nil.
package func reference(
  _ operator: Operator, _ inputs: [Tensor], elements: [ElementType]? = nil
) -> Tensor {
  let input = inputs[0]
  let element = elements?.first ?? .float32
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
    let window = WindowReference(rule.window, input: input.shape)
    switch rule.function {
    case .maximum: return input.pooling(.maximum, window: window)
    case .average:
      return input.pooling(.average(includePadding: rule.countsPadding), window: window)
    }
  case .unary(let rule):
    return rule.reference(input, element)
  case .binary(let rule):
    return rule.reference(input, inputs[1], element)
  case .softmax(let rule):
    switch rule.function {
    case .softmax: return input.softmax()
    case .logSoftmax: return input.logSoftmax()
    }
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
  case .select:
    return input.select(inputs[1], inputs[2])
  case .cast(let rule):
    return rule.reference(input, element)
  case .quantize(let rule):
    return rule.reference(inputs)
  case .dequantize:
    return input.dequantize(
      scale: inputs[1], zero: inputs.count > 2 ? inputs[2] : Tensor([], [0]))
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
