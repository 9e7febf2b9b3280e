internal import EspalierGraph

/// Turns the nodes of a document, one after the other, into nodes of a draft.
struct Importer {
  var draft: Draft
  /// The version of ONNX's operators.
  let version: Int
  /// The values of the document that the draft has; nil for those that could not be converted.
  private var operands: [Name: Operand?] = [:]
  /// The versions of operators, and the most that is done: what reading bodies of nodes takes.
  let opsets: [ONNXOpset]
  let limits: ONNXLimits
  /// What is left of the nodes that bodies may become.
  var unrolledNodes: Int
  /// What branches and loops are taken to be, whatever their conditions say.
  private let givenDecisions: [Int]?
  /// Bodies that are being imported, each inside the one before.
  private var depth = 0
  /// Transpositions that were made.
  var ordered: [OrderedValue: DraftValue] = [:]
  /// Whether loops that are recurrent layers become such even where their turns can be counted.
  let readsLoops: Bool
  /// Whether transpositions are put off, constants folded and layers fused.
  let optimizes: Bool
  /// The labels of columns that are known.
  var columnLabels: [DraftValue: ColumnLabels] = [:]
  /// The outputs that are text, and the heads that tell it.
  var textOutputs: [TextOutput] = []
  /// What an input of the document that goes by another name in the draft is called there.
  var joinedInput: (document: Name, draft: Name)?
  /// Whether nodes have names of `NodeNames`.
  private let hasNumberedNames: Bool
  /// The values of the document that are outputs or that a node reads.
  private var read: Set<Name>
  private let stopsAtProblem: Bool
  private var problems: [(node: ONNXNode, problem: ImportProblem)] = []
  private var skipped = 0
  /// The nodes that were looked at, those of bodies too.
  private(set) var progress = 0
  /// What `progress` was at the first node that cannot be converted.
  private var progressAtProblem = 0

  /// Imports a document whose functions are inlined into a draft, which may have other documents already.
  ///
  /// - Parameters:
  ///   - document: the document.
  ///   - draft: the draft.
  ///   - options: sizes of inputs that replace what the document declares, and inputs that become constants.
  ///   - joinsInputs: whether the document's only input is the draft's only input, whatever they are called, when their
  ///     types are the same.
  init(
    _ document: ONNXModel, into draft: consuming Draft, _ options: ImportOptions,
    joinsInputs: Bool
  ) throws {
    self.draft = draft
    self.draft.beginDocument()
    version = document.opset() ?? ONNXModel.opsetVersions.upperBound
    opsets = document.opsets
    limits = options.limits
    unrolledNodes = options.limits.unrolledNodes
    givenDecisions = options.decisions
    optimizes = self.draft.folds
    stopsAtProblem = options.stopsAtProblem
    readsLoops = optimizes || stopsAtProblem
    hasNumberedNames = document.producerName == NodeNames.producer
    read = Set(document.graph.nodes.flatMap(\.inputs) + document.graph.outputs.map(\.name))
    read.remove("")
    for tensor in document.graph.initializers { add(tensor) }
    try addInputs(document.graph, options, joins: joinsInputs)
    for node in document.graph.nodes {
      add(node)
      if stopsAtProblem && !problems.isEmpty { break }
    }
    if !problems.isEmpty { throw unconvertible() }
  }

  /// What the next branch or loop is taken to be, whatever its condition says; nil for what that says.
  var givenDecision: Int? {
    guard let givenDecisions, draft.decisions.count < givenDecisions.count else { return nil }
    return givenDecisions[draft.decisions.count]
  }

  /// The nodes that cannot be converted.
  var problemCount: Int { problems.count }

  // MARK: values

  /// What an input of a node is; nil when the node leaves it out.
  func operand(_ node: ONNXNode, _ index: Int) -> Operand? {
    guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
    return operands[node.inputs[index]] ?? nil
  }

  /// Whether anything is made of an output of a node.
  func isRead(_ node: ONNXNode, output index: Int) -> Bool {
    index < node.outputs.count && read.contains(node.outputs[index])
  }

  /// A value of the document that was converted.
  func operand(named name: Name) -> Operand? { operands[name] ?? nil }

  mutating func define(_ name: Name, _ operand: Operand?) {
    operands[name] = .some(operand)
  }

  /// A constant of the document in the draft.
  mutating func constant(_ tensor: ONNXTensor, name: Name = "") throws -> Operand {
    if tensor.element == .string { return try self.constant(texts: tensor) }
    draft.budget.grant(documentBytes: tensor.numbers.byteCount)
    let constant = try Constant(tensor)
    return plain(draft.addConstant(constant, name: name), tensor.element)
  }

  private mutating func add(_ tensor: ONNXTensor) {
    do {
      define(tensor.name, try constant(tensor, name: tensor.name))
    } catch {
      // What nobody reads is in nobody's way.
      guard read.contains(tensor.name) else { return define(tensor.name, nil) }
      let problem = error as? ImportProblem ?? ImportProblem("\(error)")
      fail(ONNXNode("initializer", inputs: [], outputs: [tensor.name]), problem)
    }
  }

  // MARK: nodes

  private mutating func add(_ node: ONNXNode) {
    progress += 1
    let isPoisoned = node.inputs.contains { name in
      if case .some(.none) = operands[name] { true } else { false }
    }
    guard let convert = Self.converter(of: node) else {
      let computed = node.inputs.filter { name in
        operand(named: name).map { draft.known($0.value) == nil } ?? false
      }
      return fail(node, .unknownOperator(node, reading: computed))
    }
    guard !isPoisoned else {
      skipped += 1
      for name in node.outputs where !name.isEmpty { define(name, nil) }
      return
    }
    let name = hasNumberedNames ? NodeNames.original(node.name) : node.name
    draft.nodeName = name.isEmpty ? node.outputs.first { !$0.isEmpty } ?? "" : name
    do {
      if !Self.readsSequences(node),
        let index = node.inputs.indices.first(where: { operand(node, $0)?.isSequence == true })
      {
        throw ImportProblem("its input \(node.inputs[index]) is a sequence")
      }
      let texts = try texts(readBy: node)
      let results = try convert(&self, node)
      for (name, var result) in zip(node.outputs, results) where !name.isEmpty {
        if result.element == .string, result.texts == nil { result.texts = texts }
        define(name, try optimizes ? result : settled(result))
        draft.name(result.value, name)
      }
      for name in node.outputs.dropFirst(results.count) where read.contains(name) {
        throw ImportProblem("its output \(name) is not supported")
      }
    } catch is PoisonedBody {
      skipped += 1
      for name in node.outputs where !name.isEmpty { define(name, nil) }
    } catch {
      fail(node, error as? ImportProblem ?? ImportProblem("\(error)"))
    }
  }

  /// Imports the nodes of a body, whose names hide those of the graphs around it, and gives what its outputs are.
  ///
  /// - Throws: `PoisonedBody` when a node of it cannot be converted, which is then noted.
  mutating func results(of body: ONNXGraph, inputs: [Operand]) throws -> [Operand] {
    guard depth < limits.functionDepth else {
      throw ImportProblem("\(limits.functionDepth) bodies, one inside the other, are the most")
    }
    let size = 1 + body.nodes.count + body.inputs.count + body.outputs.count
    guard size <= unrolledNodes else {
      throw ImportProblem(
        "branches and loops would become more than \(limits.unrolledNodes) nodes, the most that they "
          + "may")
    }
    unrolledNodes -= size
    let made =
      body.inputs.map(\.name) + body.initializers.map(\.name) + body.nodes.flatMap(\.outputs)
    let hidden = made.map { ($0, operands[$0]) }
    let nodeName = draft.nodeName
    depth += 1
    defer {
      depth -= 1
      draft.nodeName = nodeName
      for (name, operand) in hidden { operands[name] = operand }
    }
    for (input, operand) in zip(body.inputs, inputs) { define(input.name, operand) }
    for tensor in body.initializers { add(tensor) }
    read.formUnion(body.nodes.flatMap(\.inputs) + body.outputs.map(\.name))
    read.remove("")
    for node in body.nodes {
      add(node)
      if stopsAtProblem && !problems.isEmpty { throw PoisonedBody() }
    }
    return try body.outputs.map { output in
      guard let known = operands[output.name] else {
        throw ImportProblem("its body gives \(output.name), which nothing makes")
      }
      guard let operand = known else { throw PoisonedBody() }
      return operand
    }
  }

  /// The operand with its axes as the document has them, at once.
  private mutating func settled(_ operand: Operand) throws -> Operand {
    if let items = operand.sequence { return sequence(try items.map { try settled($0) }) }
    let value = try plainValue(operand)
    let plain = Operand(
      value: value, order: Array(0..<draft.rank(value)), element: operand.element,
      texts: operand.texts)
    return operand.stack == nil ? plain : plain.asSequence
  }

  private static func converter(of node: ONNXNode) -> Converter? {
    converters[node.domain]?[node.operatorType]
  }

  private mutating func fail(_ node: ONNXNode, _ problem: ImportProblem) {
    if problems.isEmpty { progressAtProblem = progress }
    problems.append((node, problem.remedied(for: node)))
    for name in node.outputs where !name.isEmpty { define(name, nil) }
  }

  private func unconvertible() -> UnconvertibleNodes {
    struct Kind: Hashable {
      let type: String
      let problem: ImportProblem
    }
    var kinds: [Kind] = []
    var nodes: [Kind: [String]] = [:]
    for (node, problem) in problems {
      let type = ONNXDomain.qualified(node.operatorType, in: node.domain)
      let name = node.name.isEmpty ? node.outputs.first ?? "" : node.name
      let kind = Kind(type: type, problem: problem)
      if nodes[kind] == nil { kinds.append(kind) }
      nodes[kind, default: []].append("\(name)")
    }
    let groups = kinds.map { kind in
      UnconvertibleNodes.Group(
        operatorType: kind.type, reason: kind.problem.reason, remedy: kind.problem.remedy,
        nodes: nodes[kind] ?? [])
    }
    return UnconvertibleNodes(
      groups: groups.enumerated().sorted {
        ($1.element.nodes.count, $0.offset) < ($0.element.nodes.count, $1.offset)
      }.map(\.element), skipped: skipped, progress: progressAtProblem,
      isOverBudget: problems.first?.problem.isOverBudget ?? false,
      isUnknown: problems.contains { Self.converter(of: $0.node) == nil })
  }
}
