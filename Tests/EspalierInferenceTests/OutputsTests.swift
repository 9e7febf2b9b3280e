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
        == start + "uint8 2 x 8 x 8; in NumPy, array.astype(\"float32\") makes it so")
    #expect(
      message(.float32, [8, 8]) == start + "float32 8 x 8; in NumPy, array[None] makes it so")
    #expect(
      message(.float32, [5, 64])
        == start + "float32 5 x 64; in NumPy, array.reshape(-1, 8, 8) makes it so")
    #expect(message(.float32, [5, 8, 9]) == start + "float32 5 x 8 x 9")
    #expect(message(.float32, []) == start + "float32")
    #expect(
      "\(InputMismatch.Problem.missing(input, given: ["a", "b"]))"
        == "input x (float32 batch x 8 x 8) is missing; given: a, b")
  }

  /// Numbers that are reshaped where axes have to be exchanged are wrong, and nothing tells.
  @Test(
    arguments: [
      ([1, 3, 5, 7], "channels-first", ".transpose(0, 2, 3, 1)"),
      ([3, 5, 7], "channels-first", "[None].transpose(0, 2, 3, 1)"),
    ] as [(Shape, String, String)])
  func channelsFirstIsRecognised(_ found: Shape, _ order: String, _ way: String) {
    let open = Dimension.symbol("h", probe: 2)
    for sides in [[.fixed(5), .fixed(7)], [open, open]] as [[Dimension]] {
      let input = Self.input("x", [.batch] + sides + [.fixed(3)])
      let message = "\(InputMismatch.Problem.wrongType(input, found: TensorType(.float32, found)))"
      #expect(
        message.hasSuffix("; it looks \(order): in NumPy, array\(way) makes it so"), "\(message)")
    }
  }

  @Test func otherOrdersOfAxesAreRecognised() {
    func advice(_ input: GraphInput, _ element: ElementType, _ shape: Shape) -> String {
      let message = "\(InputMismatch.Problem.wrongType(input, found: TensorType(element, shape)))"
      return message.split(separator: ";").dropFirst().joined()
    }
    let first = Self.input("x", [.batch, .fixed(3), .fixed(5), .fixed(7)])
    #expect(
      advice(first, .uint8, [2, 5, 7, 3])
        == " it looks channels-last: in NumPy, array.astype(\"float32\").transpose(0, 3, 1, 2) makes "
        + "it so")
    let signal = Self.input("x", [.batch, .fixed(100), .fixed(2)])
    #expect(
      advice(signal, .float32, [9, 2, 100])
        == " it looks channels-first: in NumPy, array.transpose(0, 2, 1) makes it so")
    // Sizes that both orders have are those that are wanted.
    let square = Self.input("x", [.batch, .fixed(3), .fixed(3), .fixed(3)])
    #expect(
      advice(square, .uint8, [2, 3, 3, 3]) == " in NumPy, array.astype(\"float32\") makes it so")
    #expect(advice(first, .float32, [2, 3, 5, 8]).isEmpty)
  }

  @Test func numbersThatAreNotFiniteAreRefusedUnlessTheyAreAskedFor() throws {
    let model = try Self.model([Self.input("x", [.batch, .fixed(2)])])
    for (value, word) in [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      let x = NamedTensor(name: "x", shape: [2, 2], values: [1, 2, value, 4])
      let problems = Self.problems(model, [x])
      #expect(problems.count == 1)
      #expect(
        problems.map(\.description) == [
          "input x is \(word) at row 1, column 0, counted from 0; replace it, or say --non-finite if "
            + "the model takes such numbers"
        ])
      let taken = try InputArrays([x], to: model, heads: ["all"], finiteOnly: false)
      #expect(
        try model.outputs(of: ["all"], for: taken)[0].tensor.withBytes { Array($0) }
          == x.withBytes { Array($0) })
    }
    let large = NamedTensor(name: "x", shape: [1, 2], values: [0, -1e39])
    #expect(
      Self.problems(model, [large]).map(\.description)
        == ["array x: -1e+39, at row 0, column 1, counted from 0, is too large for float32"])
  }

  @Test func whatFloat32CannotTellApartIsWarnedOf() throws {
    let model = try Self.model([Self.input("x", [.batch, .fixed(2)])])
    let times = (0..<50).flatMap { [Double($0), 1.7e9 + Double($0)] }
    let x = NamedTensor(name: "x", shape: [50, 2], values: times)
    #expect(
      try InputArrays([x], to: model, heads: ["all"]).warnings == [
        "input x, column 1: its 50 different numbers become 1 as 32-bit numbers, which lie 128 apart "
          + "near 1.7e+09"
      ])
  }

  @Test func headsThatDoNotExistAreRefused() throws {
    let model = try Self.model([Self.input("x", [.batch])])
    #expect(throws: RuntimeError.unknownHead("odd")) {
      try InputArrays([], to: model, heads: ["odd"])
    }
  }
}
