import EspalierFormat
import EspalierGraph
import EspalierWriter
import OperatorExamples
import Testing

/// What is written is read again, and written again becomes the same bytes.
@Suite struct RoundTripTests {
  @Test(arguments: WeightsCodec.allCases)
  func smallModelIsTheSameAfterwards(_ codec: WeightsCodec) throws {
    let model = try Models.small()
    let bytes = try ModelWriter(model, weights: codec).encode()
    let read = try load(bytes)
    expectSame(model, read)
    #expect(try ModelWriter(read, weights: codec).encode() == bytes)
  }

  private static func models() throws -> [Model] {
    try (0..<60).map { try Models.random(seed: $0) }
      + operatorExamples.map { try $0.model(operands: $0.operands(seed: 4)) }
  }

  @Test func manyModelsAreTheSameAfterwards() throws {
    for (seed, model) in try Self.models().enumerated() {
      let codec: WeightsCodec = seed % 2 == 0 ? .planes : .none
      let bytes = try ModelWriter(model, weights: codec).encode()
      #expect(bytes.count % 64 == 0, "model \(seed)")
      let read = try load(bytes)
      expectSame(model, read, "model \(seed)")
      #expect(try ModelWriter(read, weights: codec).encode() == bytes, "model \(seed)")
    }
  }

  @Test func theseModelsHaveEveryOperatorAttributeAndElementType() throws {
    var operators: Set<OperatorKind> = []
    var attributes: Set<AttributeKey> = []
    var elements: Set<ElementType> = []
    var tasks: Set<TaskKind> = []
    for model in try Self.models() {
      for graph in [model.trunk.graph] + model.heads.map({ $0.graph }) {
        operators.formUnion(graph.nodes.map { $0.operator.kind })
        attributes.formUnion(graph.nodes.flatMap { $0.operator.attributes.map { $0.key } })
        elements.formUnion(graph.parameters.map { $0.type.element })
      }
      tasks.formUnion(model.heads.map { $0.description.task })
    }
    #expect(operators.count == OperatorKind.allCases.count)
    #expect(attributes.count == AttributeKey.allCases.count)
    #expect(elements.count == ElementType.allCases.count)
    #expect(tasks.count == TaskKind.allCases.count)
  }
}
