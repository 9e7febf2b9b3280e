internal import EspalierGraph

/// What each turn of a loop gives that reduces some rows of a tensor to one, those from one place up to another, as
/// PyTorch writes `nn.EmbeddingBag`.
struct SegmentLoop {
  let function: Operator.Reduction.Function
  /// The node that reduces.
  let reduction: ONNXNode
  /// The nodes that make the rows of what is sliced, and constants that they read.
  private(set) var nodes: [ONNXNode] = []
  private(set) var constants: [ONNXTensor] = []
  /// The nodes that take the rows of a turn.
  private(set) var slices: [ONNXNode] = []
  /// The nodes that take the two places of a turn.
  private(set) var start: ONNXNode
  private(set) var end: ONNXNode
  /// What is given instead where there are no rows.
  private(set) var empty: ONNXTensor?

  private static let functions: [String: Operator.Reduction.Function] = [
    "ReduceSum": .sum, "ReduceMean": .mean, "ReduceMax": .maximum,
  ]

  /// - Parameters:
  ///   - name: what the loop collects.
  ///   - branch: reads a body of a node.
  init?(
    _ name: Name, of loop: DocumentLoop, _ roles: LoopRoles,
    branch: (ONNXNode, String) throws -> ONNXGraph
  ) {
    var scope = loop.body.nodes
    var varying = Set(scope.flatMap(\.outputs).filter { roles.role(of: $0) != .fixed })
    func maker(_ name: Name) -> ONNXNode? {
      var name = name
      while let node = scope.last(where: { $0.outputs.contains(name) }) {
        guard node.isPlain("Identity"), let input = node.inputs.first else { return node }
        name = input
      }
      return nil
    }
    guard var last = maker(name) else { return nil }
    var compared: [ONNXNode]?
    constants = loop.body.initializers
    if last.isPlain("If") {
      guard let condition = last.inputs.first.flatMap(maker), condition.isPlain("Equal"),
        let then = try? branch(last, "then_branch"), let other = try? branch(last, "else_branch"),
        then.nodes.isEmpty, let output = then.outputs.first, let result = other.outputs.first,
        let tensor = then.initializers.first(where: { $0.name == output.name })
      else { return nil }
      compared = condition.inputs.compactMap { Self.place($0, maker, roles) }
      for node in other.nodes where node.inputs.contains(where: varying.contains) {
        varying.formUnion(node.outputs)
      }
      let taken = Set(scope.flatMap { $0.inputs + $0.outputs })
      guard !other.nodes.contains(where: { $0.outputs.contains(where: taken.contains) }) else {
        return nil
      }
      empty = tensor
      scope += other.nodes
      constants += other.initializers
      guard let node = maker(result.name) else { return nil }
      last = node
    }
    guard last.domain == ONNXDomain.onnx, let function = Self.functions[last.operatorType],
      let rows = last.inputs.first
    else { return nil }
    self.function = function
    reduction = last
    var needed: Set<Name> = [rows]
    for node in scope.reversed() where node.outputs.contains(where: needed.contains) {
      guard node.inputs.contains(where: varying.contains) else {
        needed.formUnion(node.inputs)
        nodes.insert(node, at: 0)
        continue
      }
      if node.isPlain("Slice"), node.inputs.count > 2, !varying.contains(node.inputs[0]) {
        slices.append(node)
      } else {
        guard node.keepsRows(where: varying) else { return nil }
        needed.formUnion(node.inputs)
        nodes.insert(node, at: 0)
      }
    }
    let starts = slices.map { Self.place($0.inputs[1], maker, roles) }
    let ends = slices.map { Self.place($0.inputs[2], maker, roles) }
    guard let start = starts.first ?? nil, let end = ends.first ?? nil,
      starts.allSatisfy({ $0 == start }), ends.allSatisfy({ $0 == end }),
      compared.map({ $0 == [start, end] || $0 == [end, start] }) ?? true
    else { return nil }
    (self.start, self.end) = (start, end)
  }

  /// The node that takes a place of a list, of which a value has another shape at most.
  private static func place(
    _ name: Name, _ maker: (Name) -> ONNXNode?, _ roles: LoopRoles
  ) -> ONNXNode? {
    guard let node = maker(name) else { return nil }
    if roles.steps.contains(node) { return node }
    guard ["Unsqueeze", "Squeeze", "Reshape"].contains(node.operatorType) else { return nil }
    return node.inputs.first.flatMap { place($0, maker, roles) }
  }
}

extension ONNXNode {
  /// Whether each row of its result depends on the same row of what it reads, and on nothing else that varies.
  fileprivate func keepsRows(where varying: Set<Name>) -> Bool {
    guard domain == ONNXDomain.onnx, !inputs.isEmpty else { return false }
    switch operatorType {
    case "Cast", "Identity": return true
    case "Mul": return inputs.allSatisfy(varying.contains)
    case "Gather":
      return !varying.contains(inputs[0]) && [nil, .int(0)].contains(attribute("axis"))
    default: return false
    }
  }
}
