internal import EspalierGraph

/// A value of a draft by its number.
typealias DraftValue = Int

/// A computation that is being put together: values with their types, and the nodes that make them.
///
/// Sizes that the document leaves open are tried in several *worlds*, which bind every symbol to different sizes. What is
/// the same in all does not depend on a symbol; what differs tells on which. Values that follow from sizes alone are
/// known in each world, so that arithmetic on shapes is done here and not when the model runs.
struct Draft {
  /// The number of ways in which symbols are bound.
  static let worldCount = 3
  /// The largest size of an axis: what heads may declare; products with attributes can be counted.
  static let maximumSize = GraphLimits.dimension

  struct Value {
    var name: Name
    /// The type in each world.
    let types: [TensorType]
    /// The numbers: none when only running tells them, one when they are the same in every world, or one for each.
    var known: [Constant]
    /// How known numbers were made; nil for those that the document has.
    var recipe: Recipe?
  }

  struct Recipe {
    let `operator`: Operator
    let inputs: [DraftValue]
  }

  struct Node {
    var name: Name
    var `operator`: Operator
    var inputs: [DraftValue]
    let output: DraftValue
  }

  struct Input {
    let name: Name
    let element: ElementType
    let dimensions: [Dimension]
    let value: DraftValue
  }

  var values: [Value] = []
  var nodes: [Node] = []
  /// The places in `nodes` of the nodes that make values, until they are fused.
  var makers: [DraftValue: Int] = [:]
  private(set) var inputs: [Input] = []
  /// The symbols of the inputs, in the order in which these have them.
  var symbols: [OpenSymbol] = []
  /// Those of the inputs that the document has which is being imported.
  private(set) var documentInputs: [DraftValue] = []
  /// Values of that document that are computed, and their axes, by the sizes in each world where these differ.
  private(set) var documentAxes: [[Int]: (value: DraftValue, axis: Int)] = [:]
  /// Whether what is computed may tell sizes later on, as what is made of values that stand for others may not.
  var notesAxes = true
  /// Values made for known ones whose numbers differ between worlds.
  var realized: [DraftValue: DraftValue] = [:]
  private var computed = Computations()
  /// What was decided of the document's control flow, in its order: 1 or 0 for a branch, the number of turns of a loop.
  var decisions: [Int] = []
  /// What new nodes are called.
  var nodeName: Name = ""
  /// What may still be spent on constants.
  var budget: FoldBudget
  /// Whether operators on constants are computed now, and the same operator on the same operands only once.
  let folds: Bool

  /// Begins a draft of nothing.
  init(folds: Bool, limits: ONNXLimits) {
    self.folds = folds
    budget = FoldBudget(limits)
  }

  /// A draft of the same inputs, in which nothing is folded.
  ///
  /// - Parameter sizes: what symbols are bound to, so that no size is open; nil where they stay symbols.
  func onlyInputs(at sizes: SymbolSizes? = nil, limits: ONNXLimits) -> Draft {
    var draft = Draft(folds: false, limits: limits)
    draft.symbols = symbols
    for input in inputs {
      var dimensions = input.dimensions
      var types = values[input.value].types
      if let sizes {
        let bound = dimensions.map { sizes.size(of: $0) }
        dimensions = bound.map { .fixed($0) }
        types = types.map { TensorType($0.element, Shape(bound)) }
      }
      draft.addInput(input.name, element: input.element, dimensions: dimensions, types: types)
    }
    draft.beginDocument()
    return draft
  }

  // MARK: values

  @discardableResult
  mutating func addInput(
    _ name: Name, element: ElementType, dimensions: [Dimension], types: [TensorType]
  ) -> DraftValue {
    values.append(Value(name: name, types: types, known: []))
    inputs.append(
      Input(name: name, element: element, dimensions: dimensions, value: values.count - 1))
    documentInputs.append(values.count - 1)
    return values.count - 1
  }

  /// Makes an input that there is one of the document that is being imported.
  mutating func use(_ input: Input) -> DraftValue {
    documentInputs.append(input.value)
    return input.value
  }

  /// Forgets what the last document had.
  mutating func beginDocument() {
    documentInputs = []
    documentAxes = [:]
  }

  mutating func addConstant(_ constant: Constant, name: Name = "") -> DraftValue {
    addKnown([constant], name: name)
  }

  /// Adds numbers that follow from sizes, for each world.
  mutating func addKnown(_ worlds: [Constant], name: Name = "") -> DraftValue {
    let isOne = worlds.dropFirst().allSatisfy { $0.isSame(as: worlds[0]) }
    let known = isOne ? [worlds[0]] : worlds
    let types = (0..<Self.worldCount).map { known[min($0, known.count - 1)].type }
    values.append(Value(name: name, types: types, known: known))
    return values.count - 1
  }

  /// Adds 0, 1, 2, … up to a size, for each world, in a shape of as many elements.
  mutating func addCounts(
    _ sizes: [Int], shape: (Int) -> [Int] = { [$0] }
  ) throws -> DraftValue {
    for size in sizes { try budget.take(TensorType(.int64, [size])) }
    return addKnown(
      sizes.map { size in Constant(shape(size), (0..<size).map { Int64($0) }) })
  }

  /// The type in the first world.
  func type(_ value: DraftValue) -> TensorType { values[value].types[0] }

  /// The sizes in each world.
  func sizes(_ value: DraftValue) -> [[Int]] { values[value].types.map(\.shape.sizes) }

  /// Whether a value has no elements.
  func isEmpty(_ value: DraftValue) -> Bool { type(value).shape.sizes.contains(0) }

  func rank(_ value: DraftValue) -> Int { type(value).shape.rank }

  /// The numbers of a value that is the same in every world.
  func constant(_ value: DraftValue) -> Constant? {
    values[value].known.count == 1 ? values[value].known[0] : nil
  }

  /// The numbers of a value in each world, or only once where they are the same in all; nil when only running tells them.
  func known(_ value: DraftValue) -> [Constant]? {
    values[value].known.isEmpty ? nil : values[value].known
  }

  /// The numbers of an integer value in each world, or nil when only running tells them.
  func integers(_ value: DraftValue) -> [[Int]]? {
    let known = values[value].known
    guard !known.isEmpty else { return nil }
    let lists = known.compactMap(\.integers)
    guard lists.count == known.count else { return nil }
    return (0..<Self.worldCount).map { lists[min($0, lists.count - 1)] }
  }

  // MARK: nodes

  /// Applies an operator; what it makes of known operands is known.
  mutating func emit(
    _ operator: Operator, _ inputs: [DraftValue], name: Name? = nil
  ) throws -> DraftValue {
    let inputs = try narrowed(inputs, for: `operator`)
    let `operator` = canonical(try checked(`operator`), inputs)
    let allKnown = inputs.allSatisfy { !values[$0].known.isEmpty }
    let varies = inputs.contains { values[$0].known.count > 1 }
    if allKnown && !inputs.isEmpty && (folds || varies || isSmall(inputs)) {
      return try fold(`operator`, inputs, name: name)
    }
    if folds, let same = unchanged(`operator`, inputs) { return same }
    var operands: [DraftValue] = []
    for input in inputs { operands.append(try realize(input)) }
    return try compute(`operator`, operands, name: name ?? "")
  }

  /// Operands as the operator takes them: doubles become floats where it knows no doubles, or takes floats as well.
  private mutating func narrowed(
    _ inputs: [DraftValue], for operator: Operator
  ) throws -> [DraftValue] {
    let elements = inputs.map { type($0).element }
    guard elements.contains(.float64),
      elements.contains(.float32) || !`operator`.accepts(elements)
    else { return inputs }
    return try inputs.map { try narrowed($0) }
  }

  /// A double as a float; others as they are.
  mutating func narrowed(_ value: DraftValue) throws -> DraftValue {
    guard type(value).element == .float64 else { return value }
    // What was a float before.
    if folds, let node = node(making: value), case .cast = node.operator,
      type(node.inputs[0]).element == .float32
    {
      return node.inputs[0]
    }
    return try emit(.cast(.init(.float32)), [value])
  }

  /// The value of a node: the one that there is, when the same has been computed before.
  mutating func compute(
    _ operator: Operator, _ operands: [DraftValue], name: Name
  ) throws -> DraftValue {
    let constants = operands.map { constant($0) }
    let key = folds ? computed.key(`operator`, operands, constants) : nil
    if let key, let known = computed[key] { return known }
    let types = try outputTypes(`operator`, operands)
    let value = values.count
    values.append(Value(name: name, types: types, known: []))
    add(`operator`, operands)
    if let key { computed[key] = value }
    if notesAxes { noteAxes(of: value) }
    return value
  }

  private mutating func noteAxes(of value: DraftValue) {
    let sizes = sizes(value)
    for axis in sizes[0].indices where sizes.contains(where: { $0[axis] != sizes[0][axis] }) {
      let worlds = sizes.map { $0[axis] }
      if documentAxes[worlds] == nil { documentAxes[worlds] = (value, axis) }
    }
  }

  /// Adds the node that makes the newest value.
  private mutating func add(_ operator: Operator, _ inputs: [DraftValue]) {
    let output = values.count - 1
    makers[output] = nodes.count
    nodes.append(
      Node(name: nodeName.shortened(), operator: `operator`, inputs: inputs, output: output))
  }

  /// The node that makes a value; nil for inputs and known values.
  func node(making value: DraftValue) -> Node? { makers[value].map { nodes[$0] } }

  /// The operator as a file gives it back, which refuses attributes that no operator can have.
  private func checked(_ operator: Operator) throws -> Operator {
    do throws(OperatorError) {
      return try Operator(`operator`.kind, attributes: `operator`.attributes)
    } catch {
      throw ImportProblem(error, `operator`)
    }
  }

  /// Whether values are as small as shapes are, so that they are computed now in any case.
  private func isSmall(_ inputs: [DraftValue]) -> Bool {
    inputs.allSatisfy { type($0).element != .float32 && type($0).shape.elementCount <= 64 }
  }

  private func outputTypes(
    _ operator: Operator, _ inputs: [DraftValue]
  ) throws -> [TensorType] {
    var types: [TensorType] = []
    for world in 0..<Self.worldCount {
      let isAsBefore = inputs.allSatisfy { values[$0].types[world] == values[$0].types[0] }
      types.append(
        world > 0 && isAsBefore
          ? types[0] : try outputType(`operator`, inputs.map { values[$0].types[world] }))
    }
    guard types.allSatisfy({ $0.shape.rank == types[0].shape.rank }) else {
      throw ImportProblem(
        "how many axes its result has depends on a size that is not fixed",
        remedy: ImportProblem.giveSizes)
    }
    return types
  }

  private func outputType(_ operator: Operator, _ inputs: [TensorType]) throws -> TensorType {
    do throws(OperatorError) {
      let type = try `operator`.outputType(of: inputs)
      guard type.isCountable else { throw .tooLarge }
      return type
    } catch {
      throw ImportProblem(error, `operator`)
    }
  }

  /// What an operator makes of constants, within the budget.
  mutating func evaluate(_ operator: Operator, _ operands: [Constant]) throws -> Constant {
    let `operator` = try checked(`operator`)
    let types = operands.map(\.type)
    let type = try outputType(`operator`, types)
    try budget.take(type, operations: `operator`.operations(inputs: types, output: type))
    if type.shape.elementCount == 0 { return Constant(type, .filled(byteCount: 0) { _ in }) }
    return try `operator`.evaluate(operands, type)
  }

  private mutating func fold(
    _ operator: Operator, _ inputs: [DraftValue], name: Name?
  ) throws -> DraftValue {
    let worlds = inputs.map { values[$0].known.count }.max() ?? 1
    var results: [Constant] = []
    for world in 0..<worlds {
      let operands = inputs.map { values[$0].known[min(world, values[$0].known.count - 1)] }
      results.append(try evaluate(`operator`, operands))
    }
    let inherited = inputs.map { values[$0].name }.first { !$0.isEmpty }
    let result = addKnown(results, name: name ?? inherited ?? "")
    values[result].recipe = Recipe(operator: `operator`, inputs: inputs)
    return result
  }

  // MARK: names

  mutating func name(_ value: DraftValue, _ name: Name) {
    if values[value].name.isEmpty { values[value].name = name }
  }
}

extension TensorType {
  /// Whether it has few enough axes, each of a size that is possible, and its bytes can be counted.
  var isCountable: Bool {
    shape.rank <= Shape.maximumRank
      && shape.sizes.allSatisfy { (0...Draft.maximumSize).contains($0) }
      && checkedByteCount != nil
  }
}
