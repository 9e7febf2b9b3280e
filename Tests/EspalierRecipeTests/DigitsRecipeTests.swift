import EspalierData
import EspalierRecipe
import EspalierTraining
import Testing

@Suite struct DigitsRecipeTests {
  private static let inSwift = Experiment(
    name: "digits",
    network: Network {
      Input(
        "image", shape: [8, 8, 1],
        columns: (0..<8).flatMap { row in (0..<8).map { "pixel_\(row)_\($0)" } }, scale: 0.0625)
      Trunk {
        Conv2D(32, kernel: 3, activation: .relu)
        Conv2D(32, kernel: 3, activation: .relu)
        MaxPool2D(2)
        Conv2D(64, kernel: 3, activation: .relu)
        MaxPool2D(2)
        Flatten()
        Dense(64, activation: .relu)
      }
      Head("digit", .classification(labels: (0...9).map(String.init))) { Dense(10) }
      Head("even", .binary(labels: ["odd", "even"]), weight: 0.5) {
        Dense(16, activation: .relu)
        Dense(1)
      }
      Head("ink", .regression(unit: "fraction")) { Dense(1) }
    },
    split: Split(test: 0.25, validation: 0.1, stratify: "digit"),
    options: TrainingOptions(epochs: 20, learningRate: 0.002, schedule: .cosine, seed: 1))

  @Test func recipeDeclaresTheSameExperimentAsSwift() throws {
    let recipe = try Recipe(contentsOf: digitsPath)
    let experiment = try recipe.experiment(table: recipe.table())
    #expect(String(reflecting: experiment) == String(reflecting: Self.inSwift))
  }

  @Test func dataHasAnInputAndATargetForEveryRow() throws {
    let recipe = try Recipe(contentsOf: digitsPath)
    let table = try recipe.table()
    let experiment = try recipe.experiment(table: table)
    let data = try Dataset(table: table, network: experiment.network)
    #expect(data.rowCount == 1797)
    #expect(data.inputs.count == 1797 * 64)
    #expect(data.inputs[..<8] == [0, 0, 5, 13, 9, 1, 0, 0])
    #expect(data.targets.map { $0[1] } == [1, 0, 0.3056640625])
    // The classes of the test half as the data set's own description counts them.
    let counts = (0...9).map { digit in data.targets[0].count { $0 == Double(digit) } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test func splitSpreadsTheDigits() throws {
    let recipe = try Recipe(contentsOf: digitsPath)
    let table = try recipe.table()
    let experiment = try recipe.experiment(table: table)
    let parts = try experiment.split.apply(to: table, seed: experiment.options.seed)
    #expect(parts.test.count == 449)
    #expect(parts.validation.count == 180)
    let digits = try table.texts(column: "digit")
    for digit in (0...9).map(String.init) {
      let count = digits.count { $0 == digit }
      let tested = parts.test.count { digits[$0] == digit }
      #expect(abs(Double(tested) - 449.0 * Double(count) / 1797) < 1, "digit \(digit)")
    }
  }
}
