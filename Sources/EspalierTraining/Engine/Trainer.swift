public import EspalierData
import EspalierGraph
import EspalierRuntime

/// Trains a network on a dataset, epoch by epoch.
///
/// The epoch whose weighted sum of validation losses is lowest is kept; test rows take part in no decision. The same
/// experiment, dataset and seed give the same numbers.
public final class Trainer {
  /// What is trained and how.
  public let experiment: Experiment
  /// The rows of each part.
  public let rows: Split.Parts
  /// How the targets of each head are standardised; nil where they are not.
  public let standardizations: [Standardization?]
  /// The epochs that are done.
  public internal(set) var epoch = 0
  /// The best epoch so far and its parameters.
  public internal(set) var best: BestEpoch?

  /// What gets lost of the data's numbers, a sentence for each column that loses much.
  public var dataWarnings: [String] { dataset.warnings }
  /// The number of trained parameters.
  public var parameterCount: Int { store.trainedCount }

  let network: CompiledNetwork
  let store: ParameterStore
  var optimizer: OptimizerState
  /// What it trains on.
  package let dataset: Dataset
  private let targets: [[Float]]
  private var steps: [Int: TrainingStep] = [:]

  /// Compiles the network and draws its initial parameters.
  ///
  /// - Parameters:
  ///   - experiment: what is trained and how.
  ///   - dataset: the rows.
  ///   - rows: which of them are trained on, validated on and tested on.
  ///   - given: how the targets of each head are standardised; nil to measure the training rows.
  /// - Throws: `NetworkError` when a layer does not fit, `TrainingError` when an option is not possible or the tensors of
  ///   a batch do not fit the memory.
  public init(
    _ experiment: Experiment, dataset: Dataset, rows: Split.Parts,
    standardizations given: [Standardization?]? = nil
  ) throws {
    try experiment.options.validate()
    self.experiment = experiment
    self.dataset = dataset
    self.rows = rows
    network = try CompiledNetwork(experiment.network, seed: experiment.options.seed)
    store = ParameterStore(network)
    optimizer = OptimizerState(experiment.options.optimizer, count: store.trainedCount)
    let standardizations =
      given
      ?? experiment.network.heads.enumerated().map { index, head in
        if case .regression(_, standardize: true) = head.task {
          Standardization(rows.training.map { dataset.targets[index][$0] })
        } else {
          Standardization?.none
        }
      }
    self.standardizations = standardizations
    targets = zip(dataset.targets, standardizations).map { values, standardization in
      guard let standardization else { return values.map { Float($0) } }
      let (mean, deviation) = (standardization.mean, standardization.deviation)
      return values.map { Float(($0 - mean) / deviation) }
    }
    try expectRoom(batch: min(experiment.options.batchSize, max(rows.training.count, 1)))
  }

  /// Refuses batches whose tensors do not fit the memory, before a pass allocates them.
  private func expectRoom(batch: Int) throws {
    do {
      _ = try TrainingStep.plan(network, batch: batch)
    } catch RuntimeError.outOfMemory(let needed, _) {
      let both = needed.multipliedReportingOverflow(by: 2)
      throw TrainingError.outOfMemory(
        batch: batch, needed: both.overflow ? .max : both.partialValue,
        available: Memory.byteCount)
    }
  }

  /// Goes once over the training rows in random order.
  ///
  /// - Parameter progress: is told how many of how many batches are done, after each.
  /// - Returns: the mean losses while training, and the losses and metrics on the validation rows after it.
  /// - Throws: `TrainingError.notFinite` when a loss is not finite.
  public func runEpoch(
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> EpochReport {
    let options = experiment.options
    let rate = options.learningRate(epoch: epoch)
    var random = RandomSource(seed: options.seed).derived("order").stream(epoch)
    let order = random.permutation(rows.training.count).map { rows.training[$0] }
    let starts = Array(stride(from: 0, to: order.count, by: options.batchSize))
    var losses = LossSums(heads: experiment.network.heads.count)
    for (index, start) in starts.enumerated() {
      let batch = order[start..<min(start + options.batchSize, order.count)]
      losses.add(try train(on: batch, learningRate: rate), rows: batch.count)
      try progress(index + 1, starts.count)
    }
    epoch += 1
    let validation = try rows.validation.isEmpty ? nil : evaluate(rows.validation)
    keepIfBest(validation)
    return EpochReport(
      epoch: epoch, learningRate: rate, trainingLosses: losses.means, validation: validation,
      isBest: best?.epoch == epoch)
  }

  /// Losses and metrics of every head on some rows of the dataset.
  public func evaluate(_ rows: [Int]) throws -> Evaluation {
    var losses = LossSums(heads: experiment.network.heads.count)
    var overflows = experiment.network.heads.map { _ in Int?.none }
    let answers = try forward(rows) { step, batch in
      let means = try self.losses(of: step, batch)
      losses.add(means, rows: batch.count)
      for head in means.indices where !means[head].isFinite && overflows[head] == nil {
        overflows[head] =
          zip(0..., batch).first { place, row in
            !self.loss(of: head, step, at: place, row).isFinite
          }?.1
      }
    }
    let metrics = experiment.network.heads.enumerated().map { index, head in
      EspalierData.metrics(
        of: head.task, answers: answers[index], targets: rows.map { dataset.targets[index][$0] })
    }
    for head in overflows.indices where overflows[head] == nil {
      let count = experiment.network.heads[head].task.outputCount
      overflows[head] = answers[head].firstIndex { !$0.isFinite }.map { rows[$0 / count] }
    }
    return Evaluation(
      objective: zip(experiment.network.heads, losses.means).reduce(0) { $0 + $1.0.weight * $1.1 },
      losses: losses.means, metrics: metrics, overflows: overflows)
  }

  /// The answers of every head for some rows of the dataset: probabilities, or values in the target's unit.
  public func predict(_ rows: [Int]) throws -> [[Float]] {
    try forward(rows) { _, _ in }
  }

  /// The input elements of some rows of the dataset, row-major.
  public func inputs(_ rows: [Int]) -> [Float] {
    dataset.subset(rows: rows).inputs
  }

  /// Puts the parameters of the best epoch in place of the present ones.
  public func restoreBest() {
    guard let best else { return }
    _ = store.values.update(fromContentsOf: best.values)
  }

  private func keepIfBest(_ validation: Evaluation?) {
    let objective = validation?.objective ?? 0
    if let best, validation != nil, best.objective <= objective { return }
    best = BestEpoch(epoch: epoch, objective: objective, values: Array(store.values))
  }

  /// One update of the parameters; returns the heads' losses before it.
  private func train(on batch: ArraySlice<Int>, learningRate: Double) throws -> [Double] {
    let step = try step(for: batch.count)
    fill(step.input, with: batch)
    step.runForward()
    step.clearGradients()
    let losses = try losses(of: step, batch)
    if let head = losses.firstIndex(where: { !$0.isFinite }) {
      throw TrainingError.notFinite(head: experiment.network.heads[head].name, epoch: epoch + 1)
    }
    step.runBackward()
    optimizer.update(store, learningRate: learningRate)
    return losses
  }

  /// The heads' losses after a forward pass; fills the output gradients.
  private func losses(of step: TrainingStep, _ batch: ArraySlice<Int>) throws -> [Double] {
    experiment.network.heads.enumerated().map { index, head in
      guard let buffer = step.outputGradient(head: index) else {
        preconditionFailure("head \(head.name) has no gradient")
      }
      var gradient = buffer.mutableSpan
      let targets = batch.map { self.targets[index][$0] }
      return head.loss.evaluate(
        outputs: step.output(head: index).span, targets: targets.span,
        columns: head.task.outputCount, gradient: &gradient, scale: Float(head.weight))
    }
  }

  /// A head's loss on one row of a batch after a forward pass.
  private func loss(of index: Int, _ step: TrainingStep, at place: Int, _ row: Int) -> Double {
    let head = experiment.network.heads[index]
    let columns = head.task.outputCount
    let outputs = step.output(head: index).span.extracting(place * columns..<(place + 1) * columns)
    var gradients = [Float](repeating: 0, count: columns)
    var gradient = gradients.mutableSpan
    let targets = [self.targets[index][row]]
    return head.loss.evaluate(
      outputs: outputs, targets: targets.span, columns: columns, gradient: &gradient, scale: 1)
  }

  private func forward(
    _ rows: [Int], _ visit: (TrainingStep, ArraySlice<Int>) throws -> Void
  ) throws -> [[Float]] {
    var answers = experiment.network.heads.map { head in
      [Float](repeating: 0, count: rows.count * head.task.outputCount)
    }
    let size = experiment.options.batchSize
    for start in stride(from: 0, to: rows.count, by: size) {
      let batch = rows[start..<min(start + size, rows.count)]
      let step = try step(for: batch.count)
      fill(step.input, with: batch)
      step.runForward()
      try visit(step, batch)
      for (index, head) in experiment.network.heads.enumerated() {
        let columns = head.task.outputCount
        answers[index].withUnsafeMutableBufferPointer { all in
          var part = UnsafeMutableBufferPointer(
            rebasing: all[start * columns..<(start + batch.count) * columns]
          ).mutableSpan
          head.task.answers(
            for: step.output(head: index).span, standardizations[index], into: &part)
        }
      }
    }
    return answers
  }

  private func step(for batch: Int) throws -> TrainingStep {
    if let step = steps[batch] { return step }
    let step = try TrainingStep(network, store: store, batch: batch)
    steps[batch] = step
    return step
  }

  private func fill(_ input: UnsafeMutableBufferPointer<Float>, with batch: ArraySlice<Int>) {
    let count = dataset.elementCount
    for (position, row) in batch.enumerated() {
      let source = dataset.inputs[row * count..<(row + 1) * count]
      _ = UnsafeMutableBufferPointer(
        rebasing: input[position * count..<(position + 1) * count]
      ).update(fromContentsOf: source)
    }
  }
}
