import EspalierData
import EspalierTraining
import Testing

/// What heads reached is measured against answers that do not look at the input.
@Suite struct ConstantAnswerTests {
  /// A trainer of one dense layer on ten rows, all of which are also its test rows.
  private func trainer(_ task: Task, targets: [String], learningRate: Double = 1e-6) throws
    -> Trainer
  {
    let network = Network {
      Input("x", shape: [1], columns: ["x"])
      Trunk { Dense(1) }
      Head("y", task) { Dense(task.outputCount) }
    }
    let rows = targets.enumerated().map { "\($0.offset),\($0.element)" }
    let table = try Table(Array("x,y\n\(rows.joined(separator: "\n"))\n".utf8), file: "t.csv")
    let all = Array(targets.indices)
    return try Trainer(
      Experiment(
        name: "t", network: network, split: Split(test: 0.5, validation: 0),
        options: TrainingOptions(epochs: 1, batchSize: 4, learningRate: learningRate)),
      dataset: try Dataset(table: table, network: network),
      rows: Split.Parts(training: all, validation: [], test: all))
  }

  @Test func ofARegressionTheMean() throws {
    let trainer = try trainer(
      .regression(unit: "m", standardize: false), targets: ["1", "2", "3", "6"])
    let reached = try trainer.evaluate([0, 3])
    let constant = trainer.constants(beside: reached, on: [0, 3])[0]
    #expect(constant.answer == "3.0 m, the mean")
    // Off by 2 and by 3.
    #expect(constant.figures.first { $0.name == "rmse" }?.value == 6.5.squareRoot())
    #expect(constant.figures.first { $0.name == "mae" }?.value == 2.5)
  }

  @Test func ofAClassificationTheMostFrequentLabel() throws {
    let trainer = try trainer(
      .classification(labels: ["a", "b", "c"]), targets: ["b", "c", "b", "a", "b"])
    let reached = try trainer.evaluate([1, 2])
    let constant = trainer.constants(beside: reached, on: [1, 2])[0]
    #expect(constant.answer == "b")
    #expect(constant.figures.map(\.value) == [0.5])
  }

  @Test func ofABinaryHeadWhatIsMoreFrequent() throws {
    let trainer = try trainer(.binary(labels: ["no", "yes"]), targets: ["1", "1", "0", "1"])
    let reached = try trainer.evaluate([0, 2])
    let constant = trainer.constants(beside: reached, on: [0, 2])[0]
    #expect(constant.answer == "yes")
    #expect(constant.figures.map(\.value) == [0.5])
  }

  @Test func headsThatAreWorseAreTold() throws {
    // Far from the targets before it has learnt anything.
    let targets = (0..<10).map { "\(1000 + $0 % 2)" }
    let trainer = try trainer(.regression(standardize: false), targets: targets)
    let all = Array(targets.indices)
    let reached = try trainer.evaluate(all)
    #expect(trainer.constants(beside: reached, on: all)[0].isBetter)
  }

  @Test func layersThatNoMemoryHoldsAreRefusedBeforeTheyAreMade() throws {
    let network = Network {
      Input("x", shape: [1], columns: ["x"])
      Trunk {
        Dense(1 << 24)
        Dense(1 << 24)
      }
      Head("y", .regression()) { Dense(1) }
    }
    let table = try Table(Array("x,y\n1,2\n2,3\n".utf8), file: "t.csv")
    let error = #expect(throws: NetworkError.self) {
      try Trainer(
        Experiment(
          name: "t", network: network, split: Split(test: 0, validation: 0),
          options: TrainingOptions(epochs: 1, batchSize: 1)),
        dataset: try Dataset(table: table, network: network), rows: Split.Parts(training: [0, 1]))
    }
    #expect(error?.place == .trunk(layer: 1))
    #expect(error?.message.contains("weights of 16777216x16777216") == true)
  }
}
