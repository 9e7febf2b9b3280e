import EspalierArrays
import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

@Suite struct WeightsTests {
  /// A trunk of one dense layer, a head `a` of its own layer, and a head `b` that reads only `a`.
  private static func model(stored: ElementType = .float32) throws -> Model {
    let metric = Metric(name: "loss", split: "test", value: 1)
    func head(_ name: Name, _ source: HeadSource, _ parameters: [Parameter]) -> Model.Head {
      let inputs = [ValueID(0)] + parameters.indices.map { ValueID($0 + 1) }
      let operation: Operator = parameters.isEmpty ? .unary(.init(.relu)) : .dense(.init())
      return Model.Head(
        name: name, sources: [source],
        graph: Graph(
          inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(2)])], parameters: parameters,
          nodes: [Node(name: "", operation, inputs: inputs)],
          outputs: [GraphOutput(name: "y", value: ValueID(1 + parameters.count))]),
        description: HeadDescription(task: .regression, metrics: [metric]))
    }
    let numbers = (0..<4).map { 0.1 + Float($0) / 3 }
    let layer = [Parameter(name: "weights", shape: [2, 2], values: numbers)]
    let trunk = head("trunk", .feature(""), layer).graph
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        head("a", .feature("y"), layer), head("b", .head("a", output: "y"), []),
        head("c", .feature("y"), [Parameter(name: "w", shape: [2, 2], values: [1, 2, 3, 4])]),
      ]
    ).storing(stored)
  }

  private static func mismatch(
    of tensors: [NamedTensor], stored: ElementType = .float32
  ) throws -> [WeightsMismatch.Problem] {
    let model = try model(stored: stored)
    do throws(WeightsMismatch) {
      _ = try model.replacingWeights(with: tensors)
    } catch {
      return error.problems
    }
    return []
  }

  @Test(arguments: [ElementType.float32, .float16, .bfloat16])
  func weightsThatAreTakenOutAndPutInMakeTheSameFile(_ stored: ElementType) throws {
    let file = try ModelWriter(Self.model(stored: stored)).encode()
    var reader = try ModelReader(MemorySource(file))
    let model = try reader.load()
    let weights = try model.weights()
    #expect(weights.map(\.name) == ["trunk/weights", "a/weights", "c/w"])
    #expect(weights.allSatisfy { $0.type == TensorType(stored, [2, 2]) })
    for tensors in [
      weights, weights.reversed(),
      weights.map { tensor in
        NamedTensor(name: tensor.name, shape: tensor.shape, values: tensor.values ?? [])
      },
    ] {
      let replaced = try model.replacingWeights(with: tensors)
      #expect(replaced.parameters == [] && replaced.heads == [] && replaced.rounded == [])
      #expect(try ModelWriter(replaced.model).encode() == file)
    }
  }

  @Test func otherNumbersAreFoundAndTheirMetricsLeftOut() throws {
    let model = try Self.model()
    let other = NamedTensor(name: "", shape: [2, 2], values: [5, 6, 7, 8] as [Float])
    func replacing(_ name: Name) throws -> ReplacedWeights {
      try model.replacingWeights(
        with: try model.weights().map { tensor in
          tensor.name == name
            ? NamedTensor(name: name, type: other.type, storage: other.storage) : tensor
        })
    }
    for (name, heads): (Name, [Name]) in [
      ("trunk/weights", ["a", "b", "c"]), ("a/weights", ["a", "b"]), ("c/w", ["c"]),
    ] {
      let replaced = try replacing(name)
      #expect(replaced.parameters == [name] && replaced.heads == heads && replaced.rounded == [])
      #expect(try replaced.model.weights().first { $0.name == name }?.values == [5, 6, 7, 8])
      for head in replaced.model.heads {
        #expect(head.description.metrics.isEmpty == heads.contains(head.name), "\(head.name)")
      }
    }
  }

  @Test func numbersAreRoundedToTheTypeThatIsStored() throws {
    let model = try Self.model(stored: .bfloat16)
    let tensors = try Self.model().weights()
    let replaced = try model.replacingWeights(with: tensors)
    #expect(replaced.rounded == ["trunk/weights", "a/weights"])
    #expect(replaced.parameters == [])
  }

  @Test func everythingThatDoesNotFitIsListedAtOnce() throws {
    let problems = try Self.mismatch(of: [
      NamedTensor(name: "trunk/weights", shape: [4], values: [1, 2, 3, 4] as [Float]),
      NamedTensor(name: "c/w", shape: [2, 2], values: [1, 2, 3, 4] as [Int32]),
      NamedTensor(name: "z", shape: [], values: [1] as [Float]),
      NamedTensor(name: "d/w", shape: [], values: [1] as [Float]),
    ])
    let wanted = TensorType(.float32, [2, 2])
    #expect(
      problems == [
        .wrongType("trunk/weights", wanted: wanted, found: TensorType(.float32, [4])),
        .missing("a/weights", wanted: wanted),
        .wrongType("c/w", wanted: wanted, found: TensorType(.int32, [2, 2])),
        .unknown("d/w"), .unknown("z"),
      ])
    #expect(try Self.mismatch(of: []).count == 3)
  }

  @Test func tensorsOfOneNameAreRefused() throws {
    let weights = try Self.model().weights()
    #expect(try Self.mismatch(of: weights + [weights[1]]) == [.ambiguous("a/weights")])
  }

  @Test func numbersThatTheStoredTypeCannotHoldAreRefused() throws {
    let weights = try Self.model().weights().map { tensor in
      NamedTensor(name: tensor.name, shape: [2, 2], values: [1, 2, 3, 65_520] as [Float])
    }
    #expect(
      try Self.mismatch(of: weights, stored: .float16)
        == weights.map { .overflow($0.name, stored: .float16) })
    #expect(try Self.mismatch(of: weights, stored: .bfloat16) == [])
  }

  @Test func parametersOfOneNameAreNotTakenOut() throws {
    let model = try Self.model()
    let graph = model.heads[0].graph
    func head(_ name: Name, _ parameter: Name) -> Model.Head {
      Model.Head(
        name: name, sources: [.feature("y")],
        graph: Graph(
          inputs: graph.inputs,
          parameters: [Parameter(name: parameter, shape: [2, 2], values: [1, 2, 3, 4])],
          nodes: graph.nodes, outputs: graph.outputs), description: model.heads[0].description)
    }
    let ambiguous = try Model(trunk: model.trunk, heads: [head("p/q", "r"), head("p", "q/r")])
    #expect(throws: WeightsMismatch([.ambiguous("p/q/r")])) { try ambiguous.weights() }
  }
}
