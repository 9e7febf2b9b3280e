internal import EspalierGraph

extension Exporter {
  /// What says how a window slides; the spatial axes come last in ONNX.
  private func attributes(_ window: Operator.Window) -> [(String, ONNXAttribute.Value)] {
    var list: [(String, ONNXAttribute.Value)] = [("kernel_shape", .integers(window.kernel))]
    if window.stride.contains(where: { $0 != 1 }) {
      list.append(("strides", .integers(window.stride)))
    }
    if window.dilation.contains(where: { $0 != 1 }) {
      list.append(("dilations", .integers(window.dilation)))
    }
    switch window.padding {
    case .same: list.append(("auto_pad", .text("SAME_UPPER")))
    case .explicit(let before, let after) where (before + after).contains { $0 != 0 }:
      list.append(("pads", .integers(before + after)))
    case .explicit: break
    }
    return list
  }

  mutating func addConvolution(
    _ rule: Operator.Convolution, _ inputs: [ExportValue], to output: ExportValue
  ) {
    let rank = rule.window.rank
    let order = channelsFirst(rank + 2)
    // ONNX has [filters, channels, kernel...].
    var names = [
      form(inputs[0], order), form(inputs[1], [rank + 1, rank] + Array(0..<rank)),
    ]
    if inputs.count > 2 { names.append(plain(inputs[2])) }
    let groups: [(String, ONNXAttribute.Value)] =
      rule.groups == 1 ? [] : [("group", .integer(rule.groups))]
    define(output, order: order, "Conv", names, attributes(rule.window) + groups)
  }

  mutating func addTransposedConvolution(
    _ rule: Operator.TransposedConvolution, _ inputs: [ExportValue], to output: ExportValue
  ) {
    let order = channelsFirst(rule.window.rank + 2)
    // ONNX has [channels, filters, kernel...].
    var names = [form(inputs[0], order), form(inputs[1], order)]
    if inputs.count > 2 { names.append(plain(inputs[2])) }
    var list = attributes(rule.window)
    if rule.groups != 1 { list.append(("group", .integer(rule.groups))) }
    if rule.outputPadding.contains(where: { $0 != 0 }) {
      list.append(("output_padding", .integers(rule.outputPadding)))
    }
    define(output, order: order, "ConvTranspose", names, list)
  }

  mutating func addPooling(
    _ rule: Operator.Pooling, _ inputs: [ExportValue], to output: ExportValue
  ) throws(ExportProblem) {
    let order = channelsFirst(rule.window.rank + 2)
    let input = form(inputs[0], order)
    let rule = rule.roundedAsNeeded(values[inputs[0]].types)
    var list = attributes(rule.window)
    if rule.roundsUp { list.append(("ceil_mode", .flag(true))) }
    switch rule.function {
    case .maximum: define(output, order: order, "MaxPool", [input], list)
    case .average:
      guard opset >= 19 || rule.window.dilation.allSatisfy({ $0 == 1 }) else {
        throw ExportProblem("averages with dilation", needsOpset: 19)
      }
      if rule.countsPadding { list.append(("count_include_pad", .flag(true))) }
      define(output, order: order, "AveragePool", [input], list)
    case .powerSum:
      define(output, order: order, "LpPool", [input], list + [("p", .integer(rule.power))])
    case .maximumIndex:
      // ONNX counts places through the whole tensor, of which each channel has a plane.
      let maxima = names.unique(Name("\(nodeName)_maxima"))
      let places = names.unique(Name("\(nodeName)_places"))
      add("MaxPool", [input], list, to: [maxima, places])
      let sizes = step("Shape", [input], [("start", .integer(2))])
      let plane = step("ReduceProd", [sizes], [("keepdims", .flag(false))])
      define(output, order: order, "Mod", [places, plane])
    }
  }

  mutating func addLocalResponseNormalization(
    _ rule: Operator.LocalResponseNormalization, _ input: ExportValue, to output: ExportValue
  ) {
    let list: [(String, ONNXAttribute.Value)] = [
      ("size", .integer(rule.size)), ("alpha", .float(rule.alpha)), ("beta", .float(rule.beta)),
      ("bias", .float(rule.bias)),
    ]
    let order = channelsFirst(rank(input))
    define(output, order: order, "LRN", [form(input, order)], list)
  }
}
