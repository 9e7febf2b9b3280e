public import EspalierGraph

extension Model {
  /// Every parameter as it is stored: those of the trunk are named `trunk/NAME`, those of a head `HEAD/NAME`.
  ///
  /// - Throws: `WeightsMismatch` when two parameters would have the same name, as slashes in names may lead to.
  public func weights() throws(WeightsMismatch) -> [NamedTensor] {
    let graphs = [(Trunk.reservedName, trunk.graph)] + heads.map { ($0.name, $0.graph) }
    let tensors = graphs.flatMap { owner, graph in
      graph.parameters.map { parameter in
        NamedTensor(
          name: parameter.name(in: owner),
          type: TensorType(parameter.stored, parameter.type.shape), storage: parameter.storage,
          byteOffset: parameter.byteOffset)
      }
    }
    try expectDistinct(tensors)
    return tensors
  }

  /// The model with other numbers in all of its parameters.
  ///
  /// Each parameter stays stored as it is: for one of float32 a tensor may be float32, float16 or bfloat16, and its
  /// numbers become the nearest ones of the stored type. What a head was measured to reach is left out where numbers
  /// behind it changed.
  ///
  /// - Parameter tensors: one for each parameter, named as `weights` names them, in any order.
  /// - Throws: `WeightsMismatch` with everything that does not fit.
  public func replacingWeights(
    with tensors: [NamedTensor]
  ) throws(WeightsMismatch) -> ReplacedWeights {
    _ = try weights()
    try expectDistinct(tensors)
    var fitting = WeightsFitting(tensors)
    let trunk = trunk.replacing(graph: fitting.graph(trunk.graph, of: Trunk.reservedName))
    var changedHeads: Set<Name> = []
    let trunkIsChanged = !fitting.changed.isEmpty
    let heads = heads.map { head in
      let before = fitting.changed.count
      let graph = fitting.graph(head.graph, of: head.name)
      let readsChanged = head.sources.contains {
        if case .head(let name, _) = $0 { changedHeads.contains(name) } else { false }
      }
      var description = head.description
      if trunkIsChanged || fitting.changed.count > before || readsChanged {
        changedHeads.insert(head.name)
        description.metrics = []
      }
      return Head(name: head.name, sources: head.sources, graph: graph, description: description)
    }
    try fitting.finish()
    do throws(GraphError) {
      return ReplacedWeights(
        model: try Model(trunk: trunk, heads: heads), parameters: fitting.changed,
        heads: heads.map(\.name).filter(changedHeads.contains), rounded: fitting.rounded)
    } catch {
      preconditionFailure("numbers change nothing that is checked: \(error)")
    }
  }
}

/// A model with other numbers in its parameters, and what that changed.
public struct ReplacedWeights: Sendable {
  /// The model.
  public let model: Model
  /// The parameters whose numbers are others than before.
  public let parameters: [Name]
  /// The heads that compute with them.
  public let heads: [Name]
  /// The parameters that are stored in a type that does not hold all numbers that were given for them.
  public let rounded: [Name]
}

/// Finds a tensor for each parameter, and keeps account.
private struct WeightsFitting {
  /// The tensors that no parameter has taken.
  private var remaining: [Name: NamedTensor] = [:]
  private var problems: [WeightsMismatch.Problem] = []
  private(set) var changed: [Name] = []
  private(set) var rounded: [Name] = []

  init(_ tensors: [NamedTensor]) {
    for tensor in tensors { remaining[tensor.name] = tensor }
  }

  /// The graph of the trunk or a head with the numbers of the tensors.
  mutating func graph(_ graph: Graph, of owner: Name) -> Graph {
    let parameters = graph.parameters.map { parameter in
      fitted(parameter, named: parameter.name(in: owner))
    }
    return Graph(
      inputs: graph.inputs, parameters: parameters, nodes: graph.nodes, outputs: graph.outputs)
  }

  private mutating func fitted(_ parameter: Parameter, named name: Name) -> Parameter {
    guard let tensor = remaining.removeValue(forKey: name) else {
      problems.append(.missing(name, wanted: parameter.type))
      return parameter
    }
    guard tensor.shape == parameter.type.shape, let stored = tensor.converted(to: parameter.stored)
    else {
      problems.append(.wrongType(name, wanted: parameter.type, found: tensor.type))
      return parameter
    }
    switch tensor.loss(in: stored) {
    case .none: break
    case .rounding: rounded.append(name)
    case .overflow: problems.append(.overflow(name, stored: parameter.stored))
    }
    if parameter.withStoredBytes({ old in stored.withBytes { !old.elementsEqual($0) } }) {
      changed.append(name)
    }
    return Parameter(
      name: parameter.name, type: parameter.type, stored: parameter.stored,
      storage: stored.storage, byteOffset: stored.byteOffset)
  }

  /// Throws what does not fit, tensors that belong to nothing included.
  func finish() throws(WeightsMismatch) {
    let unknown = remaining.keys.sorted().map { WeightsMismatch.Problem.unknown($0) }
    guard problems.isEmpty, unknown.isEmpty else { throw WeightsMismatch(problems + unknown) }
  }
}

extension Parameter {
  /// The parameter's name among all of a model.
  fileprivate func name(in owner: Name) -> Name {
    Name(utf8: owner.utf8 + Array("/".utf8) + name.utf8)
  }
}

/// Refuses tensors of the same name.
private func expectDistinct(_ tensors: [NamedTensor]) throws(WeightsMismatch) {
  let names = tensors.map(\.name).sorted()
  let repeated = zip(names, names.dropFirst()).filter { $0 == $1 }.map(\.0)
  guard repeated.isEmpty else {
    throw WeightsMismatch(repeated.map { .ambiguous($0) })
  }
}
