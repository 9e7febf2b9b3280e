import EspalierData
import EspalierGraph
import EspalierRecipe
import EspalierTraining
import EspalierWriter
import Foundation
import Testing

/// What the README says in Swift is compiled here, and does what the README says it does.
@Suite struct ReadmeTests {
  private static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: ["network", "run"])
  func readmeShowsTheCodeThatIsCompiled(_ name: String) throws {
    let folder = Self.project.appendingPathComponent("Tests/ReadmeTests")
    let source = try String(
      contentsOf: folder.appendingPathComponent("ReadmeExamples.swift"), encoding: .utf8)
    let readme = try String(
      contentsOf: Self.project.appendingPathComponent("README.md"), encoding: .utf8)
    let start = try #require(source.range(of: "// README: \(name)\n"))
    let end = try #require(
      source.range(of: "// README: end", range: start.upperBound..<source.endIndex))
    #expect(readme.contains("```swift\n" + source[start.upperBound..<end.lowerBound] + "```"))
  }

  @Test func networkIsTheRecipes() throws {
    let path = Self.project.appendingPathComponent("tools/recipes/digits.yaml").path
    let recipe = try Recipe(contentsOf: path)
    let declared = try recipe.experiment(table: recipe.table()).network
    #expect(String(reflecting: declared) == String(reflecting: network))
  }

  @Test func runReadsOneHeadOfAFile() throws {
    let table = try Table(
      contentsOf: Self.project.appendingPathComponent("tools/data/digits.csv").path)
    let dataset = try Dataset(table: table, network: network)
    let rows = Split.Parts(training: Array(0..<64), validation: [], test: [])
    let trainer = try Trainer(
      Experiment(name: "digits", network: network, options: TrainingOptions(epochs: 1)),
      dataset: dataset, rows: rows)
    _ = try trainer.runEpoch()
    let model = try network.exportedModel(
      parameters: try #require(trainer.bestParameters),
      standardizations: trainer.standardizations, metrics: [[], [], []])
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("readme-\(UUID().uuidString).espalier").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try ModelWriter(model).write(to: file)
    let answer = try probabilityOfEven(Array(dataset.inputs[0..<64]), file: file)
    let expected = try trainer.predict([0])[1][0]
    #expect(answer == expected)
  }
}
