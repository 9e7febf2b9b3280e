import EspalierArrays
import EspalierData
import EspalierFormat
import EspalierGraph
import EspalierRuntime
import EspalierTraining
import EspalierWriter
import Testing

@Suite struct TrainerTests {
  @Test func sameSeedGivesTheSameBytesAndAnotherSeedOthers() throws {
    let files = try [1, 1, 2].map { seed in
      let trainer = try SmallRun(seed: UInt64(seed)).finishedTrainer()
      return try SmallRun.file(of: trainer)
    }
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test func interruptedRunEndsInTheSameStateAsAnUninterruptedOne() throws {
    let run = SmallRun(seed: 3)
    let whole = try run.finishedTrainer()
    let first = try run.trainer()
    for _ in 0..<2 { _ = try first.runEpoch() }
    let second = try run.trainer()
    try second.restore(state: SafeTensors(decoding: first.state.encoded()))
    try second.restore(best: SafeTensors(decoding: #require(first.bestParameters).encoded()))
    while second.epoch < run.epochs { _ = try second.runEpoch() }
    #expect(second.state == whole.state)
    #expect(second.bestParameters == whole.bestParameters)
  }

  @Test func bestEpochIsTheOneWithTheLowestValidationObjective() throws {
    let trainer = try SmallRun(seed: 4).trainer()
    var objectives: [Double] = []
    for _ in 0..<trainer.experiment.options.epochs {
      let report = try trainer.runEpoch()
      let objective = try #require(report.validation).objective
      #expect(report.isBest == (objective < objectives.min() ?? .infinity))
      objectives.append(objective)
    }
    let best = try #require(objectives.indices.min { objectives[$0] < objectives[$1] })
    #expect(trainer.best?.epoch == best + 1)
    trainer.restoreBest()
    #expect(try trainer.evaluate(trainer.rows.validation).objective == objectives[best])
  }

  @Test func testTargetsChangeNothing() throws {
    let run = SmallRun(seed: 5)
    var spoiled = run
    spoiled.spoilsTestRows = true
    let states = try [run, spoiled].map { try $0.finishedTrainer().state }
    #expect(states[0] == states[1])
  }

  @Test func trainingLowersTheLosses() throws {
    let trainer = try SmallRun(seed: 6).trainer()
    let before = try trainer.evaluate(trainer.rows.training)
    for _ in 0..<100 { _ = try trainer.runEpoch() }
    let after = try trainer.evaluate(trainer.rows.training)
    for (old, new) in zip(before.losses, after.losses) { #expect(new < 0.5 * old) }
  }

  @Test func exportedFileGivesTheTrainersAnswers() throws {
    let run = SmallRun(seed: 7)
    let trainer = try run.finishedTrainer()
    var reader = try ModelReader(MemorySource(try SmallRun.file(of: trainer)))
    let rows = Array(0..<20)
    let expected = try trainer.predict(rows)
    var session = try Session(try reader.load(), batch: rows.count)
    let inputs = Array(try run.dataset().inputs[0..<rows.count * 4])
    try session.setInput("x", to: inputs.span)
    try session.run()
    for (index, head) in trainer.experiment.network.heads.enumerated() {
      let output = try session.output(of: Name(head.name))
      try #require(output.count == expected[index].count)
      for position in output.indices {
        let difference = abs(output[position] - expected[index][position])
        #expect(difference <= 1e-5 * max(abs(expected[index][position]), 1e-6))
      }
    }
  }

  @Test func frozenNormalisationIsNotTrained() throws {
    let trainer = try SmallRun(seed: 8).finishedTrainer()
    #expect(trainer.state["trunk.normalization_1.scale"]?.values == [0.5])
    #expect(trainer.state["trunk.normalization_1.offset"]?.values == [0.25])
  }

  @Test func oneStepOfGradientDescentEqualsTheFormula() throws {
    // y = w x + b on one row with the squared error: w - rate 2 (y - t) x, b - rate 2 (y - t).
    let trainer = try lineTrainer(.sgd(momentum: 0.5), rate: 0.1)
    let (w, b) = try line(trainer)
    _ = try trainer.runEpoch()
    let slope = 2 * (w * 3 + b - 2)
    let (w1, b1) = try line(trainer)
    #expect(abs(w1 - (w - 0.1 * slope * 3)) < 1e-5)
    #expect(abs(b1 - (b - 0.1 * slope)) < 1e-5)
    // The second step moves along half of the first slope and the new one.
    _ = try trainer.runEpoch()
    let next = 2 * (w1 * 3 + b1 - 2)
    let (w2, b2) = try line(trainer)
    #expect(abs(w2 - (w1 - 0.1 * (0.5 * slope * 3 + next * 3))) < 1e-4)
    #expect(abs(b2 - (b1 - 0.1 * (0.5 * slope + next))) < 1e-4)
  }

  @Test func adamsFirstStepIsTheLearningRateInTheDirectionOfTheSlope() throws {
    let trainer = try lineTrainer(.adam(), rate: 0.01)
    let (w, b) = try line(trainer)
    _ = try trainer.runEpoch()
    let direction: Float = w * 3 + b > 2 ? 1 : -1
    let (w1, b1) = try line(trainer)
    #expect(abs(w1 - (w - 0.01 * direction)) < 1e-5)
    #expect(abs(b1 - (b - 0.01 * direction)) < 1e-5)
  }

  @Test func lossesThatAreNotFiniteStopTheTraining() throws {
    let trainer = try lineTrainer(.sgd(), rate: 1e30)
    #expect(throws: TrainingError.self) {
      for _ in 0..<4 { _ = try trainer.runEpoch() }
    }
  }

  @Test func statesOfOtherNetworksAreRefused() throws {
    let saved = try lineTrainer(.adam(), rate: 0.01).state
    #expect(throws: TrainingError.self) { try SmallRun(seed: 1).trainer().restore(state: saved) }
    let other = try lineTrainer(.sgd(), rate: 0.01)
    #expect(throws: TrainingError.self) { try other.restore(state: saved) }
  }

  private func lineTrainer(_ optimizer: Optimizer, rate: Double) throws -> Trainer {
    let network = Network {
      Input("x", shape: [1], columns: ["x"])
      Trunk {}
      Head("y", .regression(standardize: false)) { Dense(1) }
    }
    let options = TrainingOptions(
      epochs: 10, batchSize: 1, optimizer: optimizer, learningRate: rate)
    let table = try Table(Array("x,y\n3,2\n".utf8), file: "line.csv")
    return try Trainer(
      Experiment(name: "line", network: network, options: options),
      dataset: try Dataset(table: table, network: network), rows: Split.Parts(training: [0]))
  }

  private func line(_ trainer: Trainer) throws -> (Float, Float) {
    let state = trainer.state
    return (
      try #require(state["heads.y.dense_1.weights"]?.values)[0],
      try #require(state["heads.y.dense_1.bias"]?.values)[0]
    )
  }
}
