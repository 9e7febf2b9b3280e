import EspalierGraph
import EspalierONNX
import Testing

/// Outputs of documents have the names of the heads that they are of, and the proof finds each by its name.
@Suite struct ExportNameTests {
  @Test func headOfTheNameOfAnInputIsRefused() throws {
    let model = try model(inputs: ["x"], [head("x", of: "x", [("y", .relu)])])
    let error = ExportError.takenName("x", head: "x", by: .input)
    #expect(throws: error) { try ONNXModel(exporting: model) }
    #expect(
      error.description
        == "head x: its output would be called x, as an input is, and ONNX has each name once; "
        + "leave the head out with --heads, or make the model with another name for one of the two")
  }

  @Test func headThatIsTheInputOfItsNameGoesOut() throws {
    let model = try model(inputs: ["x"], [head("x", of: "x", [("y", nil)])])
    let document = try ONNXModel(exporting: model)
    #expect(document.graph.outputs.map(\.name) == ["x"])
    let differences = try ModelComparison(document, of: model).differences
    #expect(differences.map(\.head) == ["x"])
    #expect(differences.allSatisfy { $0.count > 0 && $0.absolute == 0 })
  }

  @Test func headThatIsAnotherInputIsRefused() throws {
    let model = try model(inputs: ["x", "z"], [head("x", of: "z", [("y", nil)])])
    #expect(throws: ExportError.takenName("x", head: "x", by: .input)) {
      try ONNXModel(exporting: model)
    }
  }

  @Test func headOfTheNameOfAnInputThatStaysBehindGoesOut() throws {
    let model = try model(
      inputs: ["x", "z"],
      [head("z", of: "x", [("y", .relu)]), head("other", of: "z", [("y", .tanh)])])
    #expect(throws: ExportError.takenName("z", head: "z", by: .input)) {
      try ONNXModel(exporting: model)
    }
    let document = try ONNXModel(exporting: model, heads: ["z"])
    #expect(document.graph.inputs.map(\.name) == ["x"])
    #expect(document.graph.outputs.map(\.name) == ["z"])
    let differences = try ModelComparison(document, of: model, heads: ["z"]).differences
    #expect(differences.map(\.head) == ["z"])
    #expect(differences.allSatisfy { $0.count > 0 && $0.absolute == 0 })
  }

  @Test func furtherOutputOfTheNameOfAHeadIsRefused() throws {
    let model = try model(
      inputs: ["x"],
      [
        head("a.b", of: "x", [("y", .relu)]),
        head("a", of: "x", [("y", .relu), ("b", .tanh)]),
      ])
    let error = ExportError.takenName("a.b", head: "a", by: .output)
    #expect(throws: error) { try ONNXModel(exporting: model) }
    #expect(
      error.description
        == "head a: its output would be called a.b, as another output is, and ONNX has each name "
        + "once; leave the head out with --heads, or make the model with another name for one of "
        + "the two")
    let document = try ONNXModel(exporting: model, heads: ["a"])
    #expect(document.graph.outputs.map(\.name) == ["a", "a.b"])
  }

  @Test func outputsOfOneInputCannotShareItsName() throws {
    let model = try model(
      inputs: ["a.b"],
      [
        head("a.b", of: "a.b", [("y", nil)]),
        head("a", of: "a.b", [("y", .relu), ("b", nil)]),
      ])
    #expect(throws: ExportError.takenName("a.b", head: "a", by: .output)) {
      try ONNXModel(exporting: model)
    }
  }

  @Test func longNamesOfFurtherOutputsAreProven() throws {
    let long = Name(String(repeating: "n", count: GraphLimits.nameBytes))
    let model = try model(inputs: ["x"], [head(long, of: "x", [("y", .relu), ("z", .tanh)])])
    #expect(throws: ExportError.takenName(long, head: long, by: .output)) {
      try ONNXModel(exporting: model)
    }
    let shorter = Name(String(repeating: "n", count: GraphLimits.nameBytes - 2))
    let fitting = try self.model(
      inputs: ["x"], [head(shorter, of: "x", [("y", .relu), ("long", .tanh)])])
    let document = try ONNXModel(exporting: fitting)
    let names = [shorter, Name("\(shorter).l")]
    #expect(document.graph.outputs.map(\.name) == names)
    #expect(try ModelComparison(document, of: fitting).differences.map(\.head) == names)
  }

  // MARK: the proof

  @Test func headWithoutAnOutputIsNotProven() throws {
    let model = try ExportModels.everyTask()
    let document = try ONNXModel(exporting: model, heads: ["sum", "class"])
    let error = ExportError.otherOutputs(missing: ["is good", "speed"], unknown: [])
    #expect(throws: error) { try ModelComparison(document, of: model) }
    #expect(
      error.description
        == "the document is not of this model: there is no output for \"is good\", speed")
    let comparison = try ModelComparison(document, of: model, heads: ["sum", "class"])
    #expect(comparison.differences.map(\.head) == ["class", "sum", "sum.twice"])
  }

  @Test func outputWithoutAHeadIsNotProven() throws {
    let model = try ExportModels.everyTask()
    let document = try ONNXModel(exporting: model, heads: ["sum", "class"])
    let error = ExportError.otherOutputs(missing: ["speed"], unknown: ["sum", "sum.twice"])
    #expect(throws: error) {
      try ModelComparison(document, of: model, heads: ["speed", "class"])
    }
    #expect(
      error.description
        == "the document is not of this model: there is no output for speed; "
        + "there is no head for sum, sum.twice")
  }

  // MARK: models

  /// A model whose features are its inputs.
  private func model(inputs: [Name], _ heads: [Model.Head]) throws -> Model {
    let trunk = Layers(
      inputs: inputs.map { GraphInput(name: $0, dimensions: [.batch, .fixed(4)]) })
    let outputs = inputs.enumerated().map { (name: $1, value: Layers.Operand.input($0)) }
    return try Model(
      trunk: Model.Trunk(graph: trunk.graph(outputs: outputs), columns: inputs.map { _ in [] }),
      heads: heads)
  }

  /// A head whose outputs are functions of a feature, or the feature as it is.
  private func head(
    _ name: Name, of feature: Name, _ outputs: [(name: Name, function: Operator.Unary.Function?)]
  ) -> Model.Head {
    var layers = Layers(inputs: [GraphInput(name: "in", dimensions: [.batch, .fixed(4)])])
    var values: [(name: Name, value: Layers.Operand)] = []
    for (name, function) in outputs {
      let value = function.map { layers.add(.unary(.init($0)), [.input(0)]) }
      values.append((name, value ?? .input(0)))
    }
    return Model.Head(
      name: name, sources: [.feature(feature)], graph: layers.graph(outputs: values),
      description: HeadDescription(task: .regression))
  }
}
