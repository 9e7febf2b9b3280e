import EspalierGraph
import EspalierRuntime
import Testing

/// Values that are not float32, and symbols other than the batch.
@Suite struct TypedValuesTests {
  /// A model that turns rows of tokens round: `[batch, time]` becomes `[time, batch]`.
  private func model(_ element: ElementType) throws -> Model {
    let dimensions: [Dimension] = [.batch, .symbol("time", probe: 5)]
    let trunk = Graph(
      inputs: [GraphInput(name: "tokens", element: element, dimensions: dimensions)],
      parameters: [],
      nodes: [Node(name: "", .transpose(.init([1, 0])), inputs: [ValueID(0)])],
      outputs: [GraphOutput(name: "turned", value: ValueID(1))])
    let head = Graph(
      inputs: [GraphInput(name: "turned", element: element, dimensions: [.any, .batch])],
      parameters: [], nodes: [], outputs: [GraphOutput(name: "result", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "head", sources: [.feature("turned")], graph: head,
          description: HeadDescription(task: .regression))
      ])
  }

  private func turned<Element: TensorElement>(_ rows: [Element]) throws -> [Element] {
    var session = try Session(
      try model(Element.elementType), sizes: SymbolSizes(batch: 2, [("time", 3)]))
    try session.setInput("tokens", to: rows.span)
    try session.run()
    let output = try session.output(of: "head", as: Element.self)
    return output.indices.map { output[$0] }
  }

  @Test func elementsOfEverySizeAreMoved() throws {
    #expect(try turned([1, 2, 3, 4, 5, 6] as [Int64]) == [1, 4, 2, 5, 3, 6])
    #expect(try turned([1, -2, 3, 4, 5, 6] as [Int32]) == [1, 4, -2, 5, 3, 6])
    #expect(try turned([1, 2, 3, 4, -5, 6] as [Int8]) == [1, 4, 2, -5, 3, 6])
    #expect(try turned([1, 2, 3, 4, 255, 6] as [UInt8]) == [1, 4, 2, 255, 3, 6])
    #expect(
      try turned([true, false, false, true, true, false]) == [
        true, true, false, true, false, false,
      ])
    #expect(try turned([1, 2, 3, 4, 5, 6] as [Float]) == [1, 4, 2, 5, 3, 6])
  }

  @Test func halvesAreGivenAndTakenAsBytes() throws {
    var session = try Session(try model(.float16), sizes: SymbolSizes(batch: 1, [("time", 2)]))
    let bytes: [UInt8] = [1, 2, 3, 4]
    try session.setInput("tokens", element: .float16, bytes: bytes.span.bytes)
    try session.run()
    let output = try session.outputBytes(of: "head")
    #expect(output.withUnsafeBytes { Array($0) } == bytes)
  }

  @Test func aSymbolThatIsNotBoundHasTheSizeThatItWasCheckedWith() throws {
    let plan = try Plan(try model(.int64), sizes: SymbolSizes(batch: 4))
    #expect(plan.inputs[0].shape == [4, 5])
    #expect(plan.outputs[0].shape == [5, 4])
    #expect(plan.outputs[0].element == .int64)
  }

  @Test func elementsOfAnotherTypeAreRefused() throws {
    var session = try Session(try model(.int64), sizes: SymbolSizes(batch: 1))
    var errors: [RuntimeError] = []
    let numbers: [Float] = [1, 2, 3, 4, 5]
    do { try session.setInput("tokens", to: numbers.span) } catch { errors.append(error) }
    do { _ = try session.output(of: "head") } catch { errors.append(error) }
    #expect(
      errors == [
        .wrongElement("tokens", found: .float32, expected: .int64),
        .wrongElement("result", found: .float32, expected: .int64),
      ])
  }

  @Test func aSizeOfNothingIsRefused() throws {
    let model = try model(.int64)
    #expect(throws: RuntimeError.badSize("time", 0)) {
      try Plan(model, sizes: SymbolSizes(batch: 1, [("time", 0)]))
    }
  }
}
