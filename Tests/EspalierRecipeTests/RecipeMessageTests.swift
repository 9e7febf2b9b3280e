import EspalierRecipe
import Testing

/// The message of every mistake in a recipe: a text of the small recipe, what a user wrote instead, what they read.
///
/// A new key needs a case here for each way in which it can be wrong.
@Suite struct RecipeMessageTests {
  @Test(
    arguments: [
      ("name: small", "", "1:1: name: missing; expected a name"),
      ("name: small", "name:", "1:6: name: expected a name, found nothing"),
      ("name: small", "name: [a]", "1:7: name: expected a name, found a list"),
      ("name: small", "name: \"\\e[0m\"", "1:7: name: expected a name, found \"\\u{1B}[0m\""),
      (
        "name: small", "nmae: small",
        "1:1: nmae: unknown key; did you mean \"name\"? "
          + "(possible: name, about, seed, data, input, trunk, heads, training)"
      ),
      (
        "name: small", "seed: -1\nname: small",
        "1:7: seed: expected a whole number from 0 to 18446744073709551615, found -1"
      ),
      (
        "name: small", "name: small\nabout: me",
        "2:8: about: expected a map with author, licence, notes, found \"me\""
      ),
      (
        "name: small", "name: small\nabout: {license: MIT}",
        "2:9: about.license: unknown key; did you mean \"licence\"? "
          + "(possible: author, licence, notes)"
      ),
      (
        "name: small", "name: small\nabout: {notes: {a: [1]}}",
        "2:20: about.notes.a: expected text on one line of at most 1024 bytes, found a list"
      ),
    ])
  func topLevel(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  @Test(
    arguments: [
      ("data:\n  file: small.csv", "data:", "3:3: data.file: missing; expected a name"),
      (
        "{test: 0.2, validation: 0.2}", "0.2",
        "4:10: data.split: expected a map with test, validation, stratify, found 0.2"
      ),
      (
        "test: 0.2", "test: 1",
        "4:17: data.split.test: expected a number of at least 0 and below 1, found 1"
      ),
      (
        "test: 0.2", "test: 0.8",
        "4:10: data.split: test 0.8 and validation 0.2 leave nothing to train on; they have to add up "
          + "to less than 1"
      ),
      (
        "test: 0.2", "tset: 0.2",
        "4:11: data.split.tset: unknown key; did you mean \"test\"? "
          + "(possible: test, validation, stratify)"
      ),
    ])
  func data(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  @Test(
    arguments: [
      (
        "x*", "[]",
        "6:12: input.columns: expected a column name or pattern, or a list of them, found an empty list"
      ),
      ("x*", "[x1, {}]", "6:17: input.columns[1]: expected text, found a map"),
      ("x*", "*x", "6:12: a * at the beginning of a text needs quotes, as in \"*_name\""),
      ("[2]", "2", "7:10: input.shape: expected a list of sizes, found 2"),
      ("[2]", "[]", "7:10: input.shape: 0 sizes; 1 to 7 are possible, without the batch"),
      (
        "[2]", "[2, 0]",
        "7:14: input.shape[1]: expected a whole number from 1 to 65536, found 0"
      ),
      (
        "[2]", "[65536, 65536, 65536, 65536]",
        "7:10: input.shape: more than 65536 elements, the most that an input has"
      ),
      (
        "[2]", "[2]\n  scale: .inf",
        "8:10: input.scale: expected a number that 32 bits can hold, found \".inf\""
      ),
      (
        "[2]", "[2]\n  offset: -1e39",
        "8:11: input.offset: expected a number that 32 bits can hold, found -1e39"
      ),
    ])
  func input(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  private static let kinds =
    "(possible: activation, average_pool2d, conv2d, dense, flatten, max_pool2d)"

  @Test(
    arguments: [
      (
        "- dense: 3", "- dens: 3",
        "10:5: trunk[1]: unknown layer \"dens\"; did you mean \"dense\"? \(kinds)"
      ),
      (
        "- dense: 3", "- flaten",
        "10:5: trunk[1]: unknown layer \"flaten\"; did you mean \"flatten\"? \(kinds)"
      ),
      ("- dense: 3", "-", "10:4: trunk[1]: expected a layer, found nothing \(kinds)"),
      ("- dense: 3", "- []", "10:5: trunk[1]: expected a layer, found a list \(kinds)"),
      (
        "- dense: 3", "- dense:\n    units: 3",
        "10:5: trunk[1]: expected one layer, found \"dense\", \"units\"; indent the settings of \"dense\" "
          + "below it"
      ),
      (
        "- dense: 3", "- dense:",
        "10:5: trunk[1].dense.units: missing; expected a whole number from 1 to 16777216"
      ),
      (
        "- dense: 3", "- dense: \"3\"",
        "10:12: trunk[1].dense.units: expected a whole number from 1 to 16777216, found the text \"3\", "
          + "which is in quotes"
      ),
      (
        "- dense: 3", "- dense: 3.5",
        "10:12: trunk[1].dense.units: expected a whole number from 1 to 16777216, found 3.5"
      ),
      (
        "- dense: 3", "- max_pool2d: {siz: 2}",
        "10:18: trunk[1].max_pool2d.siz: unknown key; did you mean \"size\"? (possible: size, stride, "
          + "feature)"
      ),
      (
        "- dense: 3", "- average_pool2d: {size: 40000}",
        "10:28: trunk[1].average_pool2d.size: expected a whole number from 1 to 32768, found 40000"
      ),
      (
        "- dense: 3", "- flatten: 3",
        "10:14: trunk[1].flatten: expected a map with feature, found 3"
      ),
      (
        "- dense: 3", "- conv2d: {filters: 1, kernel: 1, same: maybe}",
        "10:43: trunk[1].conv2d.same: expected true or false, found \"maybe\""
      ),
      (
        "- dense: 3", "- activation: rely",
        "10:17: trunk[1].activation.function: unknown value \"rely\"; did you mean \"relu\"? (possible: "
          + "linear, relu, sigmoid, tanh)"
      ),
      (
        "- dense: 3", "- dense: {units: 3, feature: middle}",
        "10:5: trunk[1]: the trunk has a feature \"middle\" already; give this one another name"
      ),
    ])
  func layers(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  @Test(
    arguments: [
      (
        "task: classification", "task: classify",
        "13:11: heads.kind.task: unknown value \"classify\" (possible: classification, binary, regression)"
      ),
      (
        "    task: classification\n", "",
        "12:3: heads.kind.task: missing; expected one of classification, binary, regression"
      ),
      ("    labels: [a, b]\n", "", "12:3: heads.kind.labels: missing; expected a list of labels"),
      ("labels: [a, b]", "labels: [a]", "14:13: heads.kind.labels: 1 label; expected 2 or more"),
      (
        "task: classification\n    labels: [a, b]", "task: binary\n    labels: [a, b, c]",
        "14:13: heads.kind.labels: 3 labels; expected 2, no and yes"
      ),
      (
        "labels: [a, b]", "labels: [1, \"1.0\"]",
        "14:13: heads.kind.labels: \"1.0\" stands twice, or is another way to write the same number"
      ),
      (
        "labels: [a, b]", "labels: [a, b]\n    unit: m",
        "15:5: heads.kind.unit: unknown key (possible: task, target, reads, loss, weight, layers, labels)"
      ),
      (
        "reads: middle", "reads: midle",
        "19:12: heads.size.reads: the trunk has no feature \"midle\"; did you mean \"middle\"? (possible: "
          + "\"middle\")"
      ),
      (
        "reads: middle", "loss: cross_entropy",
        "19:11: heads.size.loss: cross_entropy does not fit the task (possible: mean_squared_error)"
      ),
      (
        "reads: middle", "loss: mse",
        "19:11: heads.size.loss: unknown value \"mse\" (possible: binary_cross_entropy, cross_entropy, "
          + "mean_squared_error)"
      ),
      (
        "reads: middle", "weight: -1",
        "19:13: heads.size.weight: expected a number of at least 0 that 32 bits can hold, found -1"
      ),
      (
        "reads: middle", "weight: nan",
        "19:13: heads.size.weight: expected a number of at least 0 that 32 bits can hold, found \"nan\""
      ),
      (
        "reads: middle", "standardize: yes",
        "19:18: heads.size.standardize: expected true or false, found \"yes\""
      ),
      (
        "- dense: 2", "- dense: {units: 2, feature: x}",
        "16:9: heads.kind.layers[0]: only layers of the trunk have features; remove feature"
      ),
      (
        "  kind:", "  \"\\n\":",
        "12:3: heads.\"\\n\": a head needs a name without control characters"
      ),
    ])
  func heads(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  @Test(
    arguments: [
      (
        "epochs: 2", "epochs: many",
        "23:11: training.epochs: expected a whole number from 1 to 1000000, found \"many\""
      ),
      (
        "epochs: 2", "epochs: 2\n  batch_size: 0",
        "24:15: training.batch_size: expected a whole number from 1 to 1048576, found 0"
      ),
      (
        "epochs: 2", "epochs: 2\n  learning_rate: 0",
        "24:18: training.learning_rate: expected a number above 0, found 0"
      ),
      (
        "epochs: 2", "epochs: 2\n  schedule: cos",
        "24:13: training.schedule: unknown value \"cos\" (possible: constant, cosine)"
      ),
      (
        "epochs: 2", "epochs: 2\n  optimizer: adan",
        "24:14: training.optimizer: unknown optimizer \"adan\"; did you mean \"adam\"? (possible: adam, sgd)"
      ),
      (
        "epochs: 2", "epochs: 2\n  optimizer: {sgd: {momentum: 1}}",
        "24:31: training.optimizer.sgd.momentum: expected a number of at least 0 and below 1, found 1"
      ),
      (
        "epochs: 2", "epochs: 2\n  optimizer: {sgd: 0.9}",
        "24:20: training.optimizer.sgd: expected a map with momentum, found 0.9"
      ),
      (
        "  epochs: 2", "",
        "22:10: training: expected a map with optimizer, learning_rate, schedule, epochs, batch_size, "
          + "found nothing"
      ),
    ])
  func training(_ text: String, _ replacement: String, _ expected: String) {
    #expect(spoiled(text, replacement) == "r.yaml:" + expected)
  }

  @Test func allProblemsAreReportedInTheOrderOfTheFile() {
    let text = smallRecipe.replacing("units: 4", with: "units: 0").replacing(
      "shape:", with: "shap:"
    )
    .replacing("[a, b]", with: "[a]").replacing("name: small", with: "")
    #expect(
      thrownMessage { _ = try Recipe(parsing: text, path: "r.yaml") } == """
        r.yaml:1:1: name: missing; expected a name
        r.yaml:7:3: input.shap: unknown key; did you mean "shape"? (possible: name, columns, shape, scale, offset)
        r.yaml:9:20: trunk[0].dense.units: expected a whole number from 1 to 16777216, found 0
        r.yaml:14:13: heads.kind.labels: 1 label; expected 2 or more
        """)
  }

  @Test func manyProblemsAreCounted() throws {
    let text = "trunk:\n" + String(repeating: "- x\n", count: 500)
    let error = try #require(throws: RecipeError.self) {
      try Recipe(parsing: text, path: "r.yaml")
    }
    #expect(error.problems.count == 20)
    // The 500 layers and the five sections that are missing.
    #expect(error.omittedCount == 485)
    #expect(error.description.hasSuffix("\n… and 485 more"))
  }
}
