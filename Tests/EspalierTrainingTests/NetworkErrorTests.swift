import EspalierData
import EspalierTraining
import Testing

/// One test for each way in which a declared network cannot be built.
@Suite struct NetworkErrorTests {
  @Test func denseOnAnImage() {
    expect(.trunk(layer: 0), nil, containing: "put flatten before it", trunk: [Dense(4)])
  }

  @Test func convolutionOnRows() {
    expect(
      .trunk(layer: 1), nil, containing: "conv2d reads images",
      trunk: [Flatten(), Conv2D(4, kernel: 3)])
  }

  @Test func windowLargerThanTheImage() {
    expect(.trunk(layer: 0), "size", containing: "4x4x2", trunk: [MaxPool2D(5)])
    expect(
      .trunk(layer: 0), "kernel", containing: "4x4x2", trunk: [Conv2D(1, kernel: 5, same: false)])
  }

  @Test func groupsThatDoNotDivide() {
    expect(
      .trunk(layer: 0), "groups", containing: "2 channels",
      trunk: [Conv2D(4, kernel: 3, groups: 3)])
  }

  @Test func sizesThatAreNotPositive() {
    expect(.trunk(layer: 0), "filters", containing: "0", trunk: [Conv2D(0, kernel: 3)])
    expect(.trunk(layer: 1), "units", containing: "-1", trunk: [Flatten(), Dense(-1)])
  }

  @Test func headOfTheWrongWidth() {
    expect(
      .head("kind", layer: 1), "units", containing: "its task needs 2",
      head: Head("kind", .classification(labels: ["u", "v"])) {
        Flatten()
        Dense(3)
      })
  }

  @Test func headWithoutALayerThatFits() {
    expect(
      .head("value", layer: 0), nil, containing: "end it with dense: 1",
      head: Head("value", .regression()) { Flatten() })
  }

  @Test func lossOfAnotherTask() {
    expect(
      .head("value", layer: nil), "loss", containing: "mean_squared_error does",
      head: Head("value", .regression(), loss: CrossEntropy()) {
        Flatten()
        Dense(1)
      })
  }

  @Test func weightsThatAreNotPossible() {
    for weight in [-1, Double.nan, .infinity] {
      expect(
        .head("value", layer: nil), "weight", containing: "0 or more",
        head: Head("value", .regression(), weight: weight) {
          Flatten()
          Dense(1)
        })
    }
  }

  @Test func featureThatDoesNotExist() {
    expect(
      .head("value", layer: nil), "reads", containing: "it has early, trunk",
      trunk: [Conv2D(1, kernel: 1, feature: "early")],
      head: Head("value", .regression(), feature: "late") { Dense(1) })
  }

  @Test func featureNameThatIsTaken() {
    let twice = [Conv2D(1, kernel: 1, feature: "f"), Conv2D(1, kernel: 1, feature: "f")]
    expect(.trunk(layer: 1), "feature", containing: "f", trunk: twice)
  }

  @Test func inputThatTheColumnsDoNotFill() {
    expect(.input, "shape", containing: "32 numbers", columns: 31)
  }

  @Test func optionsThatAreNotPossible() {
    let impossible = [
      TrainingOptions(epochs: 0), TrainingOptions(epochs: 1, batchSize: 0),
      TrainingOptions(epochs: 1, learningRate: 0), TrainingOptions(epochs: 1, learningRate: .nan),
      TrainingOptions(epochs: 1, optimizer: .sgd(momentum: 1)),
      TrainingOptions(epochs: 1, optimizer: .adam(beta1: -0.1)),
      TrainingOptions(epochs: 1, optimizer: .adam(epsilon: 0)),
    ]
    for options in impossible {
      #expect(throws: TrainingError.self) { try trainer(options: options) }
    }
  }

  @Test func headThatNoParameterFlowsInto() {
    expect(
      .head("value", layer: nil), nil, containing: "there is nothing to train",
      trunk: [AveragePool2D(4)], columns: 16, shape: [4, 4, 1],
      head: Head("value", .regression()) { Flatten() })
  }

  private func expect(
    _ place: NetworkPlace, _ key: String?, containing text: String, trunk: [any Layer] = [],
    columns: Int = 32, shape: [Int] = [4, 4, 2],
    head: Head = Head("value", .regression()) {
      Flatten()
      Dense(1)
    }
  ) {
    let error = #expect(throws: NetworkError.self) {
      try trainer(trunk: trunk, columns: columns, shape: shape, head: head)
    }
    #expect(error?.place == place)
    #expect(error?.key == key)
    #expect(error?.message.contains(text) == true, "\(error.map(\.message) ?? "")")
  }

  @discardableResult private func trainer(
    trunk: [any Layer] = [], columns: Int = 32, shape: [Int] = [4, 4, 2],
    head: Head = Head("value", .regression()) {
      Flatten()
      Dense(1)
    },
    options: TrainingOptions = TrainingOptions(epochs: 1)
  ) throws -> Trainer {
    let names = (0..<columns).map { "p\($0)" }
    let network = Network(
      input: Input("x", shape: shape, columns: names), trunk: Trunk(layers: trunk), heads: [head])
    let header = (names + ["value", "kind"]).joined(separator: ",")
    let row = (names.map { _ in "0" } + ["1", "u"]).joined(separator: ",")
    let table = try Table(Array("\(header)\n\(row)\n".utf8), file: "one.csv")
    return try Trainer(
      Experiment(name: "one", network: network, options: options),
      dataset: Dataset(table: table, network: network), rows: Split.Parts(training: [0]))
  }
}
