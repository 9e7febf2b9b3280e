import EspalierArrays
import EspalierData
import EspalierFormat
import EspalierGraph
import EspalierRuntime
import EspalierTraining
import EspalierWriter
import Testing

/// Numbers that 32 bits round: seconds since 1970, of which those near 1.7 · 10⁹ lie 128 apart.
@Suite struct LargeNumberTests {
  private let rows = Split.Parts(
    training: Array(0..<60), validation: Array(60..<80), test: Array(80..<100))

  /// Times within 100 s, a number that depends on them, and a time that depends on that.
  private func table() throws -> Table {
    var text = "time,size,late\n"
    for row in 0..<100 {
      let second = (row * 37) % 100
      text += "\(1_700_000_000 + second),\(Double(second) / 20),\(1_700_000_000 + second).25\n"
    }
    return try Table(Array(text.utf8), file: "times.csv")
  }

  private func trainer(_ network: Network) throws -> Trainer {
    let options = TrainingOptions(epochs: 60, batchSize: 16, learningRate: 0.01, seed: 1)
    let trainer = try Trainer(
      Experiment(name: "times", network: network, options: options),
      dataset: Dataset(table: table(), network: network), rows: rows)
    while trainer.epoch < options.epochs { _ = try trainer.runEpoch() }
    trainer.restoreBest()
    return trainer
  }

  private func rmse(_ trainer: Trainer, _ rows: [Int]) throws -> Double {
    try #require(trainer.evaluate(rows).metrics[0].first { $0.name == "rmse" }).value
  }

  @Test func offsetsAreTakenOffBeforeNumbersAreRounded() throws {
    let trainer = try trainer(
      Network {
        Input("x", shape: [1], columns: ["time"], scale: 0.02, offset: -34_000_001)
        Trunk { Dense(16, activation: .relu) }
        Head("size", .regression()) { Dense(1) }
      })
    #expect(trainer.dataWarnings.isEmpty)
    // The deviation of the target is 1.44: what is reached is what its seconds allow.
    #expect(try rmse(trainer, rows.test) < 0.1)

    // The file says what is taken off, and its graph reads what is left.
    var reader = try ModelReader(MemorySource(try SmallRun.file(of: trainer)))
    let model = try reader.load()
    let column = model.trunk.columns[0][0]
    #expect(abs(column.mean - 1_700_000_050) < 1e-3 && column.deviation == 1)
    let seconds = try table().numbers(column: "time").map { Float($0 - column.mean) }
    #expect(Set(seconds).count == 100)
    var session = try Session(model, batch: 100)
    try session.setInput("x", to: seconds.span)
    try session.run()
    let expected = try trainer.predict(Array(0..<100))[0]
    let output = try session.output(of: "size")
    for row in 0..<100 { #expect(abs(output[row] - expected[row]) < 1e-5) }
  }

  @Test func figuresCompareAnswersWithTheNumbersOfTheTable() throws {
    let trainer = try trainer(
      Network {
        Input("x", shape: [1], columns: ["size"])
        Trunk { Dense(16, activation: .relu) }
        Head("late", .regression()) { Dense(1) }
      })
    let answers = try trainer.predict(rows.test)[0].map { Double($0) }
    let targets = try table().numbers(column: "late")
    let squares = zip(answers, rows.test).map { ($0 - targets[$1]) * ($0 - targets[$1]) }
    let expected = (squares.reduce(0, +) / 20).squareRoot()
    #expect(try rmse(trainer, rows.test) == expected)
    // Answers are multiples of 128, so that no model is closer than some tens of seconds.
    #expect(expected > 20)
    #expect(
      trainer.dataWarnings == [
        "times.csv: target column \"late\": its 100 different numbers become 2 as 32-bit numbers, "
          + "which lie 128 apart near 1.7e+09; the answers of head \"late\" will be as coarse, unless "
          + "you take a constant off the column"
      ])
  }

  @Test func rawTimesAreWarnedOf() throws {
    func warnings(_ columns: [String], offset: Double) throws -> [String] {
      let network = Network {
        Input("x", shape: [columns.count], columns: columns, scale: 0.02, offset: offset)
        Trunk {}
        Head("size", .regression()) { Dense(1) }
      }
      return try Dataset(table: table(), network: network).warnings
    }
    let start =
      "times.csv: input column \"time\": its 100 different numbers become 2 as 32-bit numbers, which "
      + "lie 128 apart near 1.7e+09; "
    #expect(
      try warnings(["time"], offset: -1) == [
        start + "give the input an offset of about -1.7e+09 times its scale, which is taken off "
          + "before numbers are rounded"
      ])
    let advice =
      "take a constant off the column in the table; the input's offset is one for all of its columns"
    #expect(try warnings(["size", "time"], offset: -1) == [start + advice])
    // What centres one column takes another one far away.
    let others = try warnings(["size", "time"], offset: -34_000_001)
    #expect(others.count == 1)
    #expect(others[0].hasPrefix("times.csv: input column \"size\": "))
    #expect(others[0].hasSuffix(advice))
  }
}
