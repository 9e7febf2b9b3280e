import EspalierData
import EspalierRecipe
import EspalierTraining
import Foundation
import Testing

/// The recipe that is written with every default reads back as the same experiment.
@Suite struct ResolvedTests {
  private func expectRoundTrip(
    _ text: String, table: Table, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let recipe = try Recipe(parsing: text, path: "/data/r.yaml")
    let resolved = try recipe.resolved(table: table)
    let again = try Recipe(parsing: resolved, path: "/elsewhere/resolved.yaml")
    #expect(
      try String(reflecting: again.experiment(table: table))
        == String(reflecting: recipe.experiment(table: table)), sourceLocation: sourceLocation)
    #expect(try again.resolved(table: table) == resolved, sourceLocation: sourceLocation)
  }

  @Test func smallRecipeWithItsDefaults() throws {
    let recipe = try Recipe(parsing: smallRecipe, path: "/data/r.yaml")
    #expect(
      try recipe.resolved(table: smallTable()) == """
        name: small
        seed: 0
        data:
          file: "/data/small.csv"
          split:
            test: 0.2
            validation: 0.2
        input:
          name: input
          columns: [x1, x2]
          shape: [2]
          scale: 1.0
          offset: 0.0
        trunk:
          - dense: {units: 4, activation: tanh, feature: middle}
          - dense: {units: 3, activation: linear}
        heads:
          kind:
            task: classification
            labels: [a, b]
            target: kind
            loss: cross_entropy
            weight: 1.0
            layers:
              - dense: {units: 2, activation: linear}
          size:
            task: regression
            unit: ""
            standardize: true
            target: size
            reads: middle
            loss: mean_squared_error
            weight: 1.0
            layers:
              - dense: {units: 1, activation: linear}
        training:
          optimizer:
            adam:
              beta1: 0.9
              beta2: 0.999
              epsilon: 1e-08
          learning_rate: 0.001
          schedule: constant
          epochs: 2
          batch_size: 32

        """)
    try expectRoundTrip(smallRecipe, table: smallTable())
  }

  @Test func digits() throws {
    let recipe = try Recipe(contentsOf: digitsPath)
    let table = try recipe.table()
    try expectRoundTrip(String(contentsOfFile: digitsPath, encoding: .utf8), table: table)
  }

  @Test(
    arguments: [
      "- flatten", "- flatten: {feature: f}", "- activation: sigmoid", "- max_pool2d: 3",
      "- average_pool2d: {size: 3, stride: 2, feature: g}",
      "- conv2d: {filters: 4, kernel: 5, stride: 2, same: false, groups: 2, activation: relu}",
      "- dense: {units: 7, feature: \"a b: [c]\"}",
    ])
  func layer(_ line: String) throws {
    try expectRoundTrip(smallRecipe.replacing("- dense: 3", with: line), table: smallTable())
  }

  @Test(
    arguments: [
      "optimizer: sgd", "optimizer: {sgd: {momentum: 0}}", "optimizer: {adam: {beta1: 0.1}}",
      "learning_rate: 1e-7", "learning_rate: 0.30000000000000004", "batch_size: 1",
      "schedule: cosine",
    ])
  func training(_ line: String) throws {
    try expectRoundTrip(
      smallRecipe.replacing("epochs: 2", with: "epochs: 2\n  \(line)"), table: smallTable())
  }

  @Test func extremeNumbers() throws {
    let text = smallRecipe.replacing(
      "shape: [2]", with: "shape: [2]\n  scale: -5e-324\n  offset: -0.0"
    )
    .replacing("name: small", with: "name: small\nseed: 18446744073709551615")
    try expectRoundTrip(text, table: smallTable())
  }

  @Test(
    arguments: [
      "no", "true", "null", "3", "-", "a: b", "a # b", "[x]", "{x}", "'", "\\\"", "\\\\", "&a",
      "*a",
      "!a", "%", "@", "`", " a ", "größe", "🌳", "\\u2028", "a\\uFEFF", "-1", "a,b", "?", "|", ">",
      "\\u00A0", "\\U0001F333", "é\u{301}",
    ])
  func textThatLooksLikeSomethingElse(_ text: String) throws {
    // In the text of the test, an & has to be escaped as in any recipe.
    let quoted = "\"\(text.replacing("&", with: "\\x26"))\""
    let recipe = smallRecipe.replacing("[a, b]", with: "[\(quoted), b]")
      .replacing("name: small", with: "name: \(quoted)")
      .replacing("  kind:", with: "  \(quoted):\n    target: kind")
    try expectRoundTrip(recipe, table: smallTable())
  }
}
