import EspalierGraph
import ReferenceOperators

// The definitions of operators that reduce, normalise and resize, in terms of the slow reference.

func reference(_ rule: Operator.Reduction, _ input: Tensor) -> Tensor {
  let function: ReductionReference =
    switch rule.function {
    case .sum: .sum
    case .mean: .mean
    case .maximum: .maximum
    case .minimum: .minimum
    case .product: .product
    }
  return input.reduce(function, axes: rule.axes)
}

func reference(_ rule: Operator.Pooling, _ input: Tensor) -> Tensor {
  var window = WindowReference(rule.window, input: input.shape)
  window.roundsUp = rule.roundsUp
  switch rule.function {
  case .maximum: return input.pooling(.maximum, window: window)
  case .average:
    return input.pooling(.average(includePadding: rule.countsPadding), window: window)
  case .powerSum: return input.pooling(.powerSum(rule.power), window: window)
  case .maximumIndex: return input.pooling(.maximumIndex, window: window)
  }
}

func reference(_ rule: Operator.TransposedConvolution, _ inputs: [Tensor]) -> Tensor {
  let window = WindowReference(rule.window, input: inputs[0].shape)
  let size = rule.window.kernel.indices.map { axis in
    (inputs[0].shape[axis + 1] - 1) * window.stride[axis]
      + (window.kernel[axis] - 1) * window.dilation[axis] + 1 + rule.outputPadding[axis]
      - window.paddingBefore[axis] - window.paddingAfter[axis]
  }
  return inputs[0].transposedConvolution(
    weights: inputs[1], bias: inputs.count > 2 ? inputs[2] : nil, window: window,
    outputSize: size, groups: rule.groups)
}

func reference(_ rule: Operator.Resize, _ input: Tensor) -> Tensor {
  rule.axes.indices.reduce(input) { $0.resize(reference(rule, axis: $1, input.shape)) }
}

private func reference(
  _ rule: Operator.Resize, axis index: Int, _ shape: [Int]
) -> ResizeReference {
  let axis = rule.axes[index]
  let size = Double(shape[axis])
  func ratios(_ sizes: [Int]) -> [Double] {
    sizes.indices.map { Double(sizes[$0]) / Double(shape[rule.axes[$0]]) }
  }
  let scale: Double
  var exact: Double?
  var output: Double
  switch rule.target {
  case .sizes(let sizes):
    (scale, exact, output) = (ratios(sizes)[index], Double(sizes[index]), Double(sizes[index]))
  case .within(let sizes):
    scale = ratios(sizes).min() ?? 1
    output = (scale * size).rounded()
  case .covering(let sizes):
    scale = ratios(sizes).max() ?? 1
    output = (scale * size).rounded()
  case .scales(let scales):
    scale = Double(scales[index])
    output = (scale * size).rounded(.down)
  }
  var outside: Double?
  if case .crop(_, _, let value) = rule.coordinates { outside = Double(value) }
  let shown = (axis: index, scale: scale, exact: exact ?? scale * size, output: output)
  let position: @Sendable (Int) -> Double = { element in
    rule.coordinates.position(
      of: Double(element), input: size, scale: shown.scale, exact: shown.exact,
      output: shown.output, axis: shown.axis)
  }
  let (filter, antialiased, excludesOutside) = rule.filter.reference
  return ResizeReference(
    axis: axis, output: Int(output), filter: filter, squeeze: antialiased ? min(1, scale) : 1,
    excludesOutside: excludesOutside, outside: outside, position: position)
}

extension Operator.Resize.Filter {
  fileprivate var reference: (ResizeReference.Filter, antialiased: Bool, excludesOutside: Bool) {
    switch self {
    case .nearest(.preferFloor): (.nearest { ($0 - 0.5).rounded(.up) }, false, false)
    case .nearest(.preferCeiling): (.nearest { ($0 + 0.5).rounded(.down) }, false, false)
    case .nearest(.floor): (.nearest { $0.rounded(.down) }, false, false)
    case .nearest(.ceiling): (.nearest { $0.rounded(.up) }, false, false)
    case .linear(let antialiased, let excludes): (.linear, antialiased, excludes)
    case .cubic(let coefficient, let antialiased, let excludes):
      (.cubic(Double(coefficient)), antialiased, excludes)
    }
  }
}

extension Operator.Resize.Coordinates {
  fileprivate func position(
    of element: Double, input: Double, scale: Double, exact: Double, output: Double, axis: Int
  ) -> Double {
    let halfPixel = (element + 0.5) / scale - 0.5
    switch self {
    case .halfPixel: return halfPixel
    case .halfPixelSymmetric: return halfPixel + input / 2 * (1 - output / exact)
    case .pytorchHalfPixel: return exact == 1 ? -0.5 : halfPixel
    case .alignCorners: return exact == 1 ? 0 : element * (input - 1) / (exact - 1)
    case .asymmetric: return element / scale
    case .crop(let starts, let ends, _):
      let (start, end) = (Double(starts[axis]), Double(ends[axis]))
      let share = exact == 1 ? 0.5 : element / (exact - 1)
      return (start + share * (end - start)) * (input - 1)
    }
  }
}
