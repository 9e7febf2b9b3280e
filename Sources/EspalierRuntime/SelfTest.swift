public import EspalierGraph

/// How far a head's outputs are from those of an example.
public struct ExampleDifference: Sendable, Equatable {
  /// The head.
  public let head: Name
  /// The largest absolute difference of two numbers; infinite where one is not a number and the other is.
  public let absolute: Float
  /// The largest absolute difference, divided by the largest magnitude of the outputs expected.
  public let relative: Float
}

extension Model {
  /// Runs the inputs of an example and compares what the heads give with what it expects: the self-test of a port.
  ///
  /// - Parameters:
  ///   - example: the inputs, and what heads give for them.
  ///   - memoryBudget: the most bytes that the tensors may take, parameters not counted.
  ///   - operationBudget: the most operations that running may take.
  /// - Returns: a difference for each head of the example, in its order.
  /// - Throws: `RuntimeError` when the example does not fit the model, or the model does not fit the memory.
  public func differences(
    from example: Example, memoryBudget: Int = 1 << 30, operationBudget: Int = Int.max
  ) throws(RuntimeError) -> [ExampleDifference] {
    var session = try Session(
      self, heads: example.heads.map { $0.head }, sizes: symbolSizes(for: example.inputs),
      memoryBudget: memoryBudget, operationBudget: operationBudget)
    for input in example.inputs where session.plan.index(ofInput: input.name) != nil {
      try session.setInput(input.name, converting: input.values)
    }
    try session.run()
    var differences: [ExampleDifference] = []
    for head in example.heads {
      var absolute: Float = 0
      var magnitude: Float = 0
      for expected in head.outputs {
        let found = try session.numbers(of: head.head, expected.name)
        guard found.count == expected.values.count else {
          throw .wrongCount(expected.name, found: expected.values.count, expected: found.count)
        }
        for index in 0..<found.count {
          let (left, right) = (found[index], expected.values[index])
          magnitude = max(magnitude, abs(right))
          if left == right || left.isNaN && right.isNaN { continue }
          let difference = abs(left - right)
          absolute = difference.isNaN ? .infinity : max(absolute, difference)
        }
      }
      differences.append(
        ExampleDifference(
          head: head.head, absolute: absolute,
          relative: absolute == 0 ? 0 : absolute / magnitude))
    }
    return differences
  }

  /// Runs inputs and keeps what heads give for them, computed with memory for each tensor of its own.
  ///
  /// - Parameters:
  ///   - inputs: the model's inputs, all of one batch.
  ///   - heads: the heads; nil for all.
  /// - Throws: `RuntimeError` when the inputs do not fit the model.
  public func example(
    inputs: [ExampleTensor], heads: [Name]? = nil
  ) throws(RuntimeError) -> Example {
    let plan = try Plan(
      self, heads: heads, sizes: symbolSizes(for: inputs), for: .reference)
    var session = Session(Executable(self, plan: plan))
    for input in inputs { try session.setInput(input.name, converting: input.values) }
    try session.run()
    var outputs: [Example.HeadOutputs] = []
    for head in heads ?? self.heads.map({ $0.name }) {
      var tensors: [ExampleTensor] = []
      for output in session.plan.outputs(of: head) {
        let values = try session.numbers(of: head, output.name)
        tensors.append(ExampleTensor(name: output.name, shape: output.shape, values: values))
      }
      outputs.append(Example.HeadOutputs(head: head, outputs: tensors))
    }
    return Example(inputs: inputs, heads: outputs)
  }

  /// The sizes of the symbols that tensors for the inputs have.
  private func symbolSizes(for tensors: [ExampleTensor]) -> SymbolSizes {
    let names = NameTable(tensors.map { $0.name })
    return SymbolSizes(
      trunk.graph.symbolSizes { name in names.position(of: name).map { tensors[$0].shape } })
  }
}

extension Session {
  /// Gives an input of any element type numbers that its elements can hold; others are refused as of the wrong type.
  package mutating func setInput(_ name: Name, converting numbers: [Float]) throws(RuntimeError) {
    switch plan.index(ofInput: name).map({ plan.inputs[$0].element }) {
    case .int8?: try setInput(name, integers: numbers, as: Int8.self)
    case .uint8?: try setInput(name, integers: numbers, as: UInt8.self)
    case .int32?: try setInput(name, integers: numbers, as: Int32.self)
    case .int64?: try setInput(name, integers: numbers, as: Int64.self)
    case .bool?:
      let flags = numbers.map { $0 != 0 }
      try setInput(name, to: flags.span)
    case .float16?:
      let halves = numbers.map { $0.float16 }
      try setInput(name, element: .float16, bytes: halves.span.bytes)
    case .bfloat16?:
      let halves = numbers.map { $0.bfloat16 }
      try setInput(name, element: .bfloat16, bytes: halves.span.bytes)
    case .float64?:
      let doubles = numbers.map { Double($0) }
      try setInput(name, to: doubles.span)
    case .float32?, nil:
      try setInput(name, to: numbers.span)
    }
  }

  private mutating func setInput<Element: TensorElement & FixedWidthInteger>(
    _ name: Name, integers numbers: [Float], as type: Element.Type
  ) throws(RuntimeError) {
    var elements: [Element] = []
    elements.reserveCapacity(numbers.count)
    for number in numbers {
      guard let element = Element(exactly: number) else {
        throw .wrongElement(name, found: .float32, expected: type.elementType)
      }
      elements.append(element)
    }
    try setInput(name, to: elements.span)
  }

  /// The elements of an output of any element type as numbers.
  package borrowing func numbers(of head: Name, _ name: Name) throws(RuntimeError) -> [Float] {
    func floats<Element: TensorElement>(
      _ span: Span<Element>, _ convert: (Element) -> Float
    ) -> [Float] {
      span.indices.map { convert(span[$0]) }
    }
    func halves(_ bytes: RawSpan, _ convert: (UInt16) -> Float) -> [Float] {
      (0..<bytes.byteCount / 2).map {
        convert(bytes.unsafeLoad(fromByteOffset: 2 * $0, as: UInt16.self))
      }
    }
    switch plan.index(ofOutput: name, of: head).map({ plan.outputs[$0].element }) {
    case .int8?: return floats(try self.output(of: head, name, as: Int8.self)) { Float($0) }
    case .uint8?: return floats(try self.output(of: head, name, as: UInt8.self)) { Float($0) }
    case .int32?: return floats(try self.output(of: head, name, as: Int32.self)) { Float($0) }
    case .int64?: return floats(try self.output(of: head, name, as: Int64.self)) { Float($0) }
    case .bool?: return floats(try self.output(of: head, name, as: Bool.self)) { $0 ? 1 : 0 }
    case .float16?:
      return halves(try outputBytes(of: head, name)) { Float(float16: $0) }
    case .bfloat16?:
      return halves(try outputBytes(of: head, name)) { Float(bfloat16: $0) }
    case .float64?:
      return floats(try self.output(of: head, name, as: Double.self)) { Float($0) }
    case .float32?, nil:
      return floats(try self.output(of: head, name)) { $0 }
    }
  }
}
