import EspalierFormat
import EspalierGraph
import EspalierONNX
import EspalierRuntime
import EspalierWriter
import OperatorExamples
import ReferenceOperators
import Testing

/// Models go out as ONNX documents, and come in again as what they were.
///
/// An operator is covered by its examples in Tests/OperatorExamples.
@Suite struct ExportTests {
  /// The examples that a document can express; of cells it has those after the last step only.
  static let expressible = operatorExamples.filter { example in
    if case .recurrent(let rule) = example.operator { !rule.keepsCell } else { true }
  }

  @Test(arguments: expressible, [ONNXModel.writtenOpsets.lowerBound, 20, 28])
  func operatorsGiveTheSameNumbers(_ example: OperatorExample, opset: Int) throws {
    let operands = example.operands(seed: 3)
    let model = try model(example, operands)
    let document: ONNXModel
    do {
      document = try ONNXModel(exporting: model, opset: opset)
    } catch let failure as UnexportableNodes {
      // What an old opset cannot say goes out as a newer one.
      #expect(try #require(failure.neededOpset) > opset)
      document = try ONNXModel(exporting: model)
    }
    let read = try ONNXModel(try document.encoded())
    let imported = try ImportedModel(read)
    let expected = reference(
      example.operator, operands, elements: example.inputs.map(\.element))
    let scale = max(expected.values.map(\.magnitude).max() ?? 1, 1)
    for (model, title) in [(imported.model, "optimized"), (imported.plain, "plain")] {
      var session = try Session(model, batch: operands[0].shape[0])
      // Examples have indices that name nothing; the reference takes the nearest.
      session.clampsIndices = true
      if !session.plan.inputs.isEmpty {
        try session.setInput("x", converting: operands[0].values.map { Float($0) })
      }
      try session.run()
      let result = try session.numbers(of: "head", "head")
      #expect(result.count == expected.values.count, "\(title)")
      let wrong = zip(result, expected.values).enumerated().first { _, pair in
        !((Double(pair.0) - pair.1).magnitude <= 2e-6 * scale)
      }
      #expect(wrong == nil, "\(title), element \(wrong?.offset ?? 0): \(wrong?.element as Any)")
    }
  }

  /// The example's model, with the batch that its parameters are made for if they have rows, too.
  private func model(_ example: OperatorExample, _ operands: [Tensor]) throws -> Model {
    let model = try example.model(operands: operands)
    guard example.hasBatchedParameters else { return model }
    let graph = model.trunk.graph
    let input = GraphInput(
      name: "x", element: graph.inputs[0].element,
      dimensions: example.inputs[0].shape.sizes.map { .fixed($0) })
    return try Model(
      trunk: Model.Trunk(
        graph: Graph(
          inputs: [input], parameters: graph.parameters, nodes: graph.nodes, outputs: graph.outputs),
        columns: [[]]),
      heads: model.heads)
  }
}
