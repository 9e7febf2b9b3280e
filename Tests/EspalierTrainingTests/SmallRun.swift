import EspalierData
import EspalierGraph
import EspalierTraining
import EspalierWriter

/// A run of three heads on 60 rows of four numbers that takes milliseconds.
struct SmallRun {
  let seed: UInt64
  let epochs = 5
  var spoilsTestRows = false

  init(seed: UInt64) {
    self.seed = seed
  }

  let network = Network {
    Input("x", shape: [2, 2, 1], columns: ["a", "b", "c", "d"], scale: 0.5, offset: 0.25)
    Trunk {
      Conv2D(5, kernel: 2, activation: .tanh, feature: "early")
      MaxPool2D(2)
      Flatten()
      Dense(8, activation: .relu)
    }
    Head("kind", .classification(labels: ["low", "middle", "high"])) { Dense(3) }
    Head("positive", .binary(), feature: "early", weight: 0.5) {
      Flatten()
      Dense(1)
    }
    Head("sum", .regression(unit: "m")) {
      Dense(4, activation: .sigmoid)
      Dense(1)
    }
  }

  let rows = Split.Parts(
    training: Array(0..<40), validation: Array(40..<50), test: Array(50..<60))

  func dataset() throws -> Dataset {
    var text = "a,b,c,d,kind,positive,sum\n"
    for row in 0..<60 {
      let numbers = (0..<4).map { Double((row * 7 + $0 * 13) % 17) / 8 - 1 }
      let sum = spoilsTestRows && row >= 50 ? 1000 : numbers.reduce(0, +)
      let kind = sum < -0.5 ? "low" : sum < 0.5 ? "middle" : "high"
      text += numbers.map { "\($0)" }.joined(separator: ",")
      text += ",\(kind),\(numbers[0] > 0 ? "yes" : "no"),\(sum * 3 + 10)\n"
    }
    return try Dataset(table: Table(Array(text.utf8), file: "small.csv"), network: network)
  }

  func trainer() throws -> Trainer {
    let options = TrainingOptions(epochs: epochs, batchSize: 16, learningRate: 0.02, seed: seed)
    return try Trainer(
      Experiment(name: "small", network: network, options: options), dataset: dataset(),
      rows: rows)
  }

  func finishedTrainer() throws -> Trainer {
    let trainer = try trainer()
    while trainer.epoch < epochs { _ = try trainer.runEpoch() }
    trainer.restoreBest()
    return trainer
  }

  /// The file of a trainer's best epoch.
  static func file(of trainer: Trainer) throws -> [UInt8] {
    guard let parameters = trainer.bestParameters else { return [] }
    let network = trainer.experiment.network
    let model = try network.exportedModel(
      parameters: parameters, standardizations: trainer.standardizations,
      metrics: network.heads.map { _ in [] })
    return try ModelWriter(model).encode()
  }
}
