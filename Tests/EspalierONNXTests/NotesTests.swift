import EspalierGraph
import EspalierONNX
import EspalierWriter
import Testing

/// What a model says of itself that ONNX has no place for goes out and comes back in `metadata_props`.
@Suite struct NotesTests {
  @Test func headsAndColumnsComeBack() throws {
    let model = try ExportModels.everyTask()
    let again = try cycled(model)
    #expect(again.trunk.columns == [ExportModels.columns])
    #expect(again.heads.map(\.name) == ["class", "is good", "speed", "sum", "sum.twice"])
    #expect(
      again.heads.prefix(3).map(\.description) == [
        ExportModels.classes, ExportModels.answer, ExportModels.speed,
      ])
  }

  @Test func namesComeBack() throws {
    let again = try cycled(try ExportModels.everyTask())
    #expect(again.trunk.graph.inputs.map(\.name) == ["x"])
    #expect(again.trunk.graph.outputs.map(\.name).contains("feature"))
    #expect(again.trunk.graph.nodes.map(\.name).prefix(2) == ["node 0", "node 1"])
    let parameters = again.trunk.graph.parameters + again.heads.flatMap(\.graph.parameters)
    #expect(
      Set(parameters.map(\.name)) == [
        "weights", "bias", "weights_2", "bias_2", "weights_3", "bias_3", "weights_4", "bias_4",
      ])
  }

  @Test func answersAreTheSame() throws {
    let model = try ExportModels.everyTask()
    let comparison = try ModelComparison(try ONNXModel(exporting: model), of: model)
    #expect(
      comparison.differences.map(\.head) == ["class", "is good", "speed", "sum", "sum.twice"])
    for difference in comparison.differences {
      #expect(difference.count > 0 && difference.relative < 1e-6, "\(difference)")
    }
  }

  @Test func whatCameBackGoesOutAsTheSameBytes() throws {
    let once = try cycled(try ExportModels.everyTask())
    #expect(try ModelWriter(cycled(once)).encode() == ModelWriter(once).encode())
  }

  @Test func someHeadsGoOutWithWhatTheyRead() throws {
    let model = try ExportModels.everyTask()
    let document = try ONNXModel(exporting: model, heads: ["sum"])
    #expect(document.graph.outputs.map(\.name) == ["sum", "sum.twice"])
    #expect(document.metadata.map(\.key).contains("espalier.head.sum"))
    #expect(!document.metadata.map(\.key).contains("espalier.head.class"))
    let again = try ImportedModel(document).model
    #expect(again.heads.map(\.name) == ["sum", "sum.twice"])
    let comparison = try ModelComparison(again, try ExportModels.everyTask())
    #expect(comparison.differences.count == 1)
    #expect(comparison.differences.allSatisfy { $0.count > 0 && $0.relative < 1e-6 })
  }

  @Test func notesAreReadableJSON() throws {
    let document = try ONNXModel(exporting: try ExportModels.everyTask())
    let notes = Dictionary(
      uniqueKeysWithValues: document.metadata.map { ("\($0.key)", "\($0.value)") })
    #expect(
      notes["espalier.head.is good"]
        == #"{"labels":["no","yes"],"loss":"binary-cross-entropy","task":"binary","threshold":0.3333333333333333}"#
    )
    #expect(notes["espalier.head.sum"] == #"{"task":"regression"}"#)
    #expect(
      notes["espalier.input.x"]
        == #"[{"deviation":12,"least":17,"mean":40.5,"most":99.5,"name":"age"},"#
        + #"{"categories":["Bern","Lugano"],"name":"city"},{"categories":["f","m"],"deviation":0.5,"mean":0.5,"name":"sex"},{"name":"plain"}]"#
    )
    #expect(document.metadata.map(\.key) == document.metadata.map(\.key).sorted())
  }

  @Test func nodesHaveNamesOfTheirOwn() throws {
    let names = try ONNXModel(exporting: try ExportModels.everyTask()).graph.nodes.map(\.name)
    #expect(Set(names).count == names.count, "\(names)")
  }

  // MARK: wrong notes

  @Test(arguments: [
    ("espalier.head.class", "{"), ("espalier.head.class", "[]"), ("espalier.head.class", "{}"),
    ("espalier.head.class", #"{"task":7}"#),
    ("espalier.head.class", #"{"task":"binary","threshold":"high"}"#),
    ("espalier.input.x", #"{"name":"x"}"#), ("espalier.input.x", #"[{"mean":1}]"#),
    ("espalier.trunk", #""feature""#), ("espalier.trunk", "[1]"),
  ])
  func whatIsNotTheJSONThatItShouldBeIsRefused(_ key: String, _ value: String) throws {
    try expectRefused(key, value, .badNote(key, "is not the JSON that it should be"))
  }

  @Test func unknownTask() throws {
    try expectRefused(
      "espalier.head.class", #"{"task":"poetry"}"#,
      .badNote("espalier.head.class", "has a task that is not known"))
  }

  @Test func unknownValue() throws {
    try expectRefused(
      "espalier.trunk", #"["nowhere"]"#,
      .badNote("espalier.trunk", "names a value nowhere that is not there"))
  }

  @Test(arguments: [
    ("espalier.head.class", #"{"task":"classification","labels":["one"]}"#),
    ("espalier.head.class", #"{"task":"classification","temperature":-1}"#),
    ("espalier.head.speed", #"{"task":"regression","quantiles":[0.5]}"#),
    ("espalier.input.x", #"[{"name":"only"}]"#),
    ("espalier.input.x", #"[{"name":"a","deviation":0},{"name":"b"},{"name":"c"},{"name":"d"}]"#),
  ])
  func whatDoesNotFitTheModelIsRefused(_ key: String, _ value: String) throws {
    let document = try noted(key, value)
    let error = #expect(throws: ImportError.self) { try ImportedModel(document) }
    guard case .badNote("espalier.*", let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("do not fit the model: "))
  }

  private func expectRefused(
    _ key: String, _ value: String, _ expected: ImportError,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let document = try noted(key, value)
    #expect(throws: expected, sourceLocation: location) { try ImportedModel(document) }
    #expect(
      expected.description.hasPrefix("metadata_props: \(key) "), sourceLocation: location)
  }

  /// The document of the model of every task with another note.
  private func noted(_ key: String, _ value: String) throws -> ONNXModel {
    var document = try ONNXModel(exporting: try ExportModels.everyTask())
    document.metadata.removeAll { $0.key == key }
    document.metadata.append(ONNXNote(key, value))
    return document
  }

  private func cycled(_ model: Model) throws -> Model {
    let document = try ONNXModel(exporting: model)
    return try ImportedModel(try ONNXModel(try document.encoded())).model
  }
}
