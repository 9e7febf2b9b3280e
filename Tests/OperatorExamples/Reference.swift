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
    return reference(rule, input)
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
    let sizes = filledIn(rule.sizes, inputs)
    let copied = sizes.enumerated().map { $1 == 0 ? input.shape[$0] : $1 }
    let known = copied.filter { $0 > 0 }.reduce(1, *)
    return Tensor(copied.map { $0 < 0 ? input.values.count / known : $0 }, input.values)
  case .transpose(let rule):
    return input.transpose(rule.permutation)
  case .slice(let rule):
    let starts = zip(rule.ranges, input.shape).map { $0.start < 0 ? $1 + $0.start : $0.start }
    let counts = rule.ranges.enumerated().map { axis, range in
      guard range.count < 0 else { return range.count }
      // The last element that is still inside, found by trying.
      let (size, left) = (input.shape[axis], -1 - range.count)
      let inside = range.step > 0 ? 0..<size - left : left..<size
      return (1...size).last { inside.contains(starts[axis] + ($0 - 1) * range.step) } ?? 0
    }
    return input.slice(starts: starts, counts: counts, steps: rule.ranges.map { $0.step })
  case .expand(let rule):
    let added = rule.sizes.count - input.shape.count
    return input.expand(
      filledIn(rule.sizes, inputs).enumerated().map { $1 == 0 ? input.shape[$0 - added] : $1 })
  case .concatenate(let rule):
    return Tensor.concatenate(inputs, axis: rule.axis)
  case .pad(let rule):
    let mode: PadReference =
      switch rule.mode {
      case .constant: .constant(inputs.count > 1 ? inputs[1].values[0] : 0)
      case .reflect: .reflect
      case .edge: .edge
      case .wrap: .wrap
      }
    return input.pad(mode, before: rule.before, after: rule.after)
  case .matrixProduct(let rule):
    let left = rule.transposesLeft ? input.matricesTransposed() : input
    return left.matrixProduct(rule.transposesRight ? inputs[1].matricesTransposed() : inputs[1])
  case .gather(let rule):
    return input.gather(inputs[1], axis: rule.axis)
  case .gatherElements(let rule):
    return input.gatherElements(inputs[1], axis: rule.axis)
  case .gatherND(let rule):
    return input.gatherND(inputs[1], batchAxes: rule.batchAxes)
  case .scatterElements(let rule):
    return input.scatterElements(
      inputs[1], inputs[2], axis: rule.axis, function(of: rule.reduction))
  case .scatterND(let rule):
    return input.scatterND(inputs[1], inputs[2], function(of: rule.reduction))
  case .oneHot(let rule):
    return input.oneHot(axis: rule.axis, size: rule.size)
  case .range(let rule):
    return input.range(axis: rule.axis)
  case .recurrent(let rule):
    return RecurrentReference(rule, inputs)(input, inputs[1], inputs[2])
  case .select:
    return input.select(inputs[1], inputs[2])
  case .cast(let rule):
    return rule.reference(input, element)
  case .quantize(let rule):
    return rule.reference(inputs)
  case .dequantize:
    return input.dequantize(
      scale: inputs[1], zero: inputs.count > 2 ? inputs[2] : Tensor([], [0]))
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
  case .gridSample(let rule):
    return GridSampleReference(rule)(input, inputs[1])
  }
}

/// The sizes with those that are copied from the second operand.
private func filledIn(_ sizes: [Int], _ inputs: [Tensor]) -> [Int] {
  sizes.map { size in
    (0..<Shape.maximumRank).first { Operator.like(axis: $0) == size }
      .map { inputs[1].shape[$0] } ?? size
  }
}

private func function(
  of reduction: Operator.ScatterReduction
) -> (_ old: Double, _ update: Double) -> Double {
  switch reduction {
  case .replace: { $1 }
  case .add: { $0 + $1 }
  case .multiply: { $0 * $1 }
  case .maximum: { max($0, $1) }
  case .minimum: { min($0, $1) }
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
