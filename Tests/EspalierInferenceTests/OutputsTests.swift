import EspalierArrays
import EspalierGraph
import EspalierInference
import EspalierRuntime
import Testing

@Suite struct OutputsTests {
  /// A head of one node over inputs.
  private static func model(
    _ inputs: [GraphInput], _ operation: Operator? = nil
  ) throws -> Model {
    let trunk = Graph(
      inputs: inputs, parameters: [], nodes: [],
      outputs: inputs.indices.map { GraphOutput(name: Name("f\($0)"), value: ValueID($0)) })
    let nodes = operation.map {
      [Node(name: "", $0, inputs: inputs.indices.map { ValueID($0) })]
    }
    let graph = Graph(
      inputs: inputs, parameters: [], nodes: nodes ?? [],
      outputs: [GraphOutput(name: "y", value: ValueID(nodes == nil ? 0 : inputs.count))])
    let lone = Graph(
      inputs: [inputs[0]], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "same", value: ValueID(0))])
    let description = HeadDescription(task: .regression)
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: inputs.map { _ in [] }),
      heads: [
        Model.Head(
          name: "all", sources: inputs.indices.map { .feature(Name("f\($0)")) }, graph: graph,
          description: description),
        Model.Head(
          name: "first", sources: [.feature("f0")], graph: lone, description: description),
      ])
  }

  private static func input(
    _ name: Name, _ dimensions: [Dimension], _ element: ElementType = .float32
  ) -> GraphInput {
    GraphInput(name: name, element: element, dimensions: dimensions)
  }

  private static func numbers(_ name: Name, _ shape: Shape) -> NamedTensor {
    NamedTensor(name: name, shape: shape, values: (0..<shape.elementCount).map { Float($0) })
  }

  private static func outputs(
    _ model: Model, _ tensors: [NamedTensor], heads: [Name] = ["all"]
  ) throws -> [NamedTensor] {
    let inputs = try InputArrays(tensors, to: model, heads: heads)
    return try model.outputs(of: heads, for: inputs).map(\.tensor)
  }

  private static func problems(
    _ model: Model, _ tensors: [NamedTensor], heads: [Name] = ["all"]
  ) -> [InputMismatch.Problem] {
    do {
      _ = try InputArrays(tensors, to: model, heads: heads)
    } catch let error as InputMismatch {
      return error.problems
    } catch { Issue.record(error) }
    return []
  }

  @Test(arguments: [0, 1, 63, 64, 65, 128, 200])
  func rowsInPiecesAreTheRowsOfOneRun(_ rows: Int) throws {
    let model = try Self.model(
      [Self.input("x", [.batch, .fixed(3)]), Self.input("y", [.fixed(3)])], .binary(.init(.add)))
    let x = Self.numbers("x", [rows, 3])
    var done: [Int] = []
    let inputs = try InputArrays([x, Self.numbers("y", [3])], to: model, heads: ["all", "first"])
    #expect(inputs.rowCount == rows)
    let outputs = try model.outputs(of: ["all", "first"], for: inputs) { row, total in
      done.append(row)
      #expect(total == rows)
    }
    #expect(outputs.map(\.head) == ["all", "first"])
    let sums = (0..<3 * rows).map { Float($0 + $0 % 3) }
    #expect(outputs[0].tensor == NamedTensor(name: "y", shape: [rows, 3], values: sums))
    #expect(outputs[1].tensor == NamedTensor(name: "same", type: x.type, storage: x.storage))
    #expect(done == (0..<(rows + 63) / 64).map { min(64 * ($0 + 1), rows) })
  }

  @Test func outputsWithoutRowsRunAtOnce() throws {
    let model = try Self.model([Self.input("x", [.batch, .fixed(2)])], .transpose(.init([1, 0])))
    let output = try Self.outputs(model, [Self.numbers("x", [100, 2])])[0]
    let turned = (0..<200).map { Float($0 % 100 * 2 + $0 / 100) }
    #expect(output == NamedTensor(name: "y", shape: [2, 100], values: turned))
  }

  @Test func symbolsAreTheSizesOfTheArrays() throws {
    let model = try Self.model(
      [
        Self.input("x", [.batch, .symbol("time"), .fixed(2)]),
        Self.input("y", [.symbol("time"), .fixed(2)]),
      ], .binary(.init(.add)))
    let x = Self.numbers("x", [70, 3, 2])
    let sums = (0..<420).map { Float($0 + $0 % 6) }
    #expect(
      try Self.outputs(model, [x, Self.numbers("y", [3, 2])])[0]
        == NamedTensor(name: "y", shape: [70, 3, 2], values: sums))
    #expect(
      Self.problems(model, [x, Self.numbers("y", [4, 2])])
        == [.differentSizes("time", .init("x", 3), .init("y", 4))])
  }

  @Test(arguments: ElementType.allCases)
  func elementsOfEveryTypePass(_ element: ElementType) throws {
    let model = try Self.model([Self.input("x", [.batch, .fixed(2)], element)])
    let bytes = (0..<100 * 2 * element.byteCount).map { UInt8($0 % 2) }
    let type = TensorType(element, [100, 2])
    let tensor = NamedTensor(name: "x", type: type, bytes: bytes)
    #expect(
      try Self.outputs(model, [tensor])[0] == NamedTensor(name: "y", type: type, bytes: bytes))
  }

  @Test func modelsWithoutABatchRunOnce() throws {
    let model = try Self.model([Self.input("x", [.fixed(2), .fixed(3)])])
    let x = Self.numbers("x", [2, 3])
    #expect(try InputArrays([x], to: model, heads: ["all"]).rowCount == nil)
    #expect(try Self.outputs(model, [x])[0].values == x.values)
  }

  @Test func onlyInputsThatAreNeededAreWanted() throws {
    let model = try Self.model(
      [Self.input("x", [.batch]), Self.input("y", [.batch])], .binary(.init(.add)))
    #expect(try model.inputs(neededBy: ["first"]).map(\.name) == ["x"])
    #expect(try model.inputs(neededBy: ["all"]).map(\.name) == ["x", "y"])
    let (x, other) = (Self.numbers("x", [2]), Self.numbers("other", [7]))
    #expect(try Self.outputs(model, [other, x], heads: ["first"])[0].values == [0, 1])
    #expect(
      Self.problems(model, [other, x])
        == [.missing(Self.input("y", [.batch]), given: ["other", "x"])])
  }

  @Test func everythingThatDoesNotFitIsListedAtOnce() throws {
    let declared = [
      Self.input("x", [.batch, .fixed(2)]), Self.input("y", [.batch, .fixed(2)]),
      Self.input("z", [.batch, .fixed(2)], .float32),
    ]
    let model = try Self.model(declared, .concatenate(.init(axis: 1)))
    let integers = NamedTensor(name: "y", shape: [1, 2], values: [1, 2] as [Int64])
    #expect(
      Self.problems(model, [Self.numbers("x", [2]), integers, Self.numbers("z", [1, 3])]) == [
        .wrongType(declared[0], found: TensorType(.float32, [2])),
        .wrongType(declared[1], found: integers.type),
        .wrongType(declared[2], found: TensorType(.float32, [1, 3])),
      ])
  }

  @Test func messagesSayWhatIsWantedWhatIsGivenAndWhatToDo() {
    let input = Self.input("x", [.batch, .fixed(8), .fixed(8)])
    func message(_ element: ElementType, _ shape: Shape) -> String {
      "\(InputMismatch.Problem.wrongType(input, found: TensorType(element, shape)))"
    }
    let start = "input x has to be float32 batch x 8 x 8, and is "
    #expect(
      message(.uint8, [2, 8, 8])
        == start + "uint8 2 x 8 x 8; in NumPy, astype(\"float32\") converts it")
    #expect(
      message(.float32, [8, 8]) == start + "float32 8 x 8; in NumPy, array[None] adds the batch")
    #expect(
      message(.float32, [5, 64])
        == start + "float32 5 x 64; in NumPy, reshape(-1, 8, 8) makes it so")
    #expect(message(.float32, [5, 8, 9]) == start + "float32 5 x 8 x 9")
    #expect(message(.float32, []) == start + "float32")
    #expect(
      "\(InputMismatch.Problem.missing(input, given: ["a", "b"]))"
        == "input x (float32 batch x 8 x 8) is missing; given: a, b")
  }

  @Test func headsThatDoNotExistAreRefused() throws {
    let model = try Self.model([Self.input("x", [.batch])])
    #expect(throws: RuntimeError.unknownHead("odd")) {
      try InputArrays([], to: model, heads: ["odd"])
    }
  }
}
