public import EspalierArrays
import EspalierGraph

extension Trainer {
  /// The parameters of the best epoch, named `trunk.NAME` and `heads.HEAD.NAME`; nil before the first epoch.
  public var bestParameters: SafeTensors? {
    guard let best else { return nil }
    return SafeTensors(
      tensors: store.named(best.values),
      metadata: ["epoch": "\(best.epoch)", "objective": "\(best.objective)"])
  }

  /// Everything that the next epoch depends on: parameters, the optimizer's moments, and how far training is.
  public var state: SafeTensors {
    var tensors = store.named(Array(store.values))
    tensors.append(Self.flat("optimizer.first", optimizer.first))
    if !optimizer.second.isEmpty {
      tensors.append(Self.flat("optimizer.second", optimizer.second))
    }
    return SafeTensors(
      tensors: tensors, metadata: ["epoch": "\(epoch)", "optimizer_steps": "\(optimizer.steps)"])
  }

  /// Takes the parameters of a best epoch that were saved before.
  ///
  /// - Throws: `TrainingError.stateMismatch` when they belong to another network.
  public func restore(best saved: SafeTensors) throws {
    let epoch = try Self.number("epoch", of: saved, as: Int.self)
    let objective = try Self.number("objective", of: saved, as: Double.self)
    best = BestEpoch(epoch: epoch, objective: objective, values: try store.values(of: saved))
  }

  /// Continues from a state that was saved before, as if there had been no interruption.
  ///
  /// - Throws: `TrainingError.stateMismatch` when it belongs to another network or optimizer.
  public func restore(state saved: SafeTensors) throws {
    let values = try store.values(of: saved)
    let epoch = try Self.number("epoch", of: saved, as: Int.self)
    let steps = try Self.number("optimizer_steps", of: saved, as: Int.self)
    let first = saved["optimizer.first"]?.values ?? []
    let second = saved["optimizer.second"]?.values ?? []
    guard (0...experiment.options.epochs).contains(epoch), steps >= 0 else {
      throw TrainingError.stateMismatch("epoch \(epoch), update \(steps)")
    }
    guard first.count == optimizer.first.count, second.count == optimizer.second.count else {
      throw TrainingError.stateMismatch("the optimizer's moments have other sizes")
    }
    _ = store.values.update(fromContentsOf: values)
    optimizer.restore(steps: steps, first: first, second: second)
    self.epoch = epoch
  }

  private static func flat(_ name: Name, _ values: [Float]) -> NamedTensor {
    NamedTensor(name: name, shape: [values.count], values: values)
  }

  private static func number<Number: LosslessStringConvertible>(
    _ key: String, of saved: SafeTensors, as type: Number.Type
  ) throws -> Number {
    guard let text = saved.metadata[key], let number = Number(text) else {
      throw TrainingError.stateMismatch("\(key) is missing or not a number")
    }
    return number
  }
}

extension ParameterStore {
  /// Numbers of all parameters as named tensors.
  func named(_ values: [Float]) -> [NamedTensor] {
    entries.map {
      NamedTensor(name: Name($0.name), shape: Shape($0.shape), values: Array(values[$0.range]))
    }
  }

  /// The numbers of all parameters from named tensors; others may stand beside them.
  func values(of saved: SafeTensors) throws -> [Float] {
    var result = Array(values)
    for entry in entries {
      guard let tensor = saved[Name(entry.name)] else {
        throw TrainingError.stateMismatch("\(entry.name) is missing")
      }
      let type = TensorType(.float32, Shape(entry.shape))
      guard tensor.type == type, let values = tensor.values else {
        throw TrainingError.stateMismatch(
          "\(entry.name) is \(tensor.shape) of \(tensor.type.element.label) where \(type.shape) of float32 "
            + "is needed")
      }
      result.replaceSubrange(entry.range, with: values)
    }
    return result
  }
}
