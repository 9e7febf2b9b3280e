internal import EspalierGraph

extension Exporter {
  /// The sizes of a shape as integers that a node reads, those that are another value's taken from it.
  private mutating func shape(_ sizes: [Int], like: ExportValue?) -> Name {
    guard let like, sizes.contains(where: { $0 <= Operator.like(axis: 0) }) else {
      return integers(sizes)
    }
    var parts: [Name] = []
    for size in sizes {
      parts.append(
        size <= Operator.like(axis: 0)
          ? self.size(of: like, axis: Operator.like(axis: 0) - size) : integers([size]))
    }
    return step("Concat", parts, [("axis", .integer(0))])
  }

  /// The size of an axis, a list of one integer.
  mutating func size(of value: ExportValue, axis: Int) -> Name {
    let order = order(value)
    let place = order.place(of: axis)
    return step(
      "Shape", [form(value, order)], [("start", .integer(place)), ("end", .integer(place + 1))])
  }

  mutating func addReshape(
    _ rule: Operator.Reshape, _ inputs: [ExportValue], to output: ExportValue
  ) {
    let sizes = shape(rule.sizes, like: inputs.count > 1 ? inputs[1] : nil)
    define(output, "Reshape", [plain(inputs[0]), sizes])
  }

  mutating func addExpand(
    _ rule: Operator.Expand, _ inputs: [ExportValue], to output: ExportValue
  ) {
    let target = rule.sizes.map { $0 == Operator.Expand.copied ? 1 : $0 }
    let sizes = shape(target, like: inputs.count > 1 ? inputs[1] : nil)
    define(output, "Expand", [plain(inputs[0]), sizes])
  }

  mutating func addTranspose(
    _ rule: Operator.Transpose, _ input: ExportValue, to output: ExportValue
  ) {
    let order = order(input)
    let permutation = rule.permutation.map { order.place(of: $0) }
    define(output, "Transpose", [form(input, order)], [("perm", .integers(permutation))])
  }

  /// 0, 1, 2, … up to the size of an axis.
  mutating func addRange(_ rule: Operator.Range, _ input: ExportValue, to output: ExportValue) {
    let count = size(of: input, axis: rule.axis)
    define(output, "Range", range(to: count))
  }

  /// What a Range reads that counts from 0 to less than a list of one integer.
  mutating func range(to count: Name) -> [Name] {
    let end = step("Squeeze", [count, integers([0])])
    return [scalar(0, .int64), end, scalar(1, .int64)]
  }

  mutating func addSlice(_ rule: Operator.Slice, _ input: ExportValue, to output: ExportValue) {
    let order = order(input)
    let axes = order.indices.filter { rule.ranges[order[$0]] != .init() }
    guard !axes.isEmpty else {
      return define(output, order: order, "Identity", [form(input, order)])
    }
    let ranges = axes.map { rule.ranges[order[$0]] }
    // ONNX takes what is beyond an end for the end.
    let far = Int(Int32.max)
    let ends = ranges.map { range in
      if range.count < 0 {
        let left = Operator.Slice.toTheEnd - range.count
        return range.step > 0 ? (left == 0 ? far : -left) : (left == 0 ? -far : left - 1)
      }
      let end = range.start + range.count * range.step
      // Ends keep the sign of starts: from the end of an axis it is counted as far as that, or beyond.
      if range.start < 0 { return end >= 0 ? far : end }
      return end < 0 ? -far : end
    }
    let inputs = [
      form(input, order), integers(ranges.map(\.start)), integers(ends), integers(axes),
      integers(ranges.map(\.step)),
    ]
    define(output, order: order, "Slice", inputs)
  }

  mutating func addConcatenate(
    _ rule: Operator.Concatenate, _ inputs: [ExportValue], to output: ExportValue
  ) {
    let (order, names) = aligned(inputs, to: output)
    let axis = order.place(of: rule.axis)
    define(output, order: order, "Concat", names, [("axis", .integer(axis))])
  }

  mutating func addPad(
    _ rule: Operator.Pad, _ inputs: [ExportValue], to output: ExportValue
  ) throws(ExportProblem) {
    guard rule.mode != .wrap || opset >= 19 else {
      throw ExportProblem("pads that wrap around", needsOpset: 19)
    }
    let order = order(inputs[0])
    let amounts = order.map { rule.before[$0] } + order.map { rule.after[$0] }
    var names = [form(inputs[0], order), integers(amounts)]
    if inputs.count > 1 { names.append(moved(inputs[1], sizes: [], order: [])) }
    define(output, order: order, "Pad", names, [("mode", .text("\(rule.mode)"))])
  }
}
