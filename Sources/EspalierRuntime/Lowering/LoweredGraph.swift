import EspalierGraph

/// Chosen heads of a model, and what they need, as one graph whose sizes are bound: what passes rewrite, and a plan is
/// made of.
///
/// A pass changes where values lie and which nodes compute them, never what they are.
struct LoweredGraph {
  /// A tensor.
  struct Value {
    /// Where it comes from.
    enum Origin: Equatable {
      /// An input of the model, or a feature that is given.
      case input
      /// A parameter: of the trunk for graph 0, of the model's n-th head for graph n + 1.
      case parameter(graph: Int, index: Int)
      /// A node.
      case node
    }

    /// As the input, the parameter or the node is called.
    let name: Name
    /// The element type and the sizes.
    let type: TensorType
    /// Where it comes from.
    let origin: Origin
    /// Whether it is a parameter that is stored in fewer bytes.
    var isStoredSmaller = false
  }

  /// A computation.
  struct Node {
    /// The model's name for it.
    let name: Name
    /// What it computes.
    var `operator`: Operator
    /// The values that it reads.
    var inputs: [Int]
    /// The value that it writes.
    let output: Int
    /// Functions of each element of the output that follow, in order.
    var epilogue: [UnaryCall] = []
  }

  /// An input that is given, under its name.
  struct Input {
    let name: Name
    let value: Int
  }

  /// An output of a chosen head, or of the trunk.
  struct Output {
    let head: Name
    let name: Name
    let value: Int
  }

  /// A place inside the memory of another value.
  struct Part {
    let whole: Int
    let byteOffset: Int
  }

  /// The values, in the order of inputs, parameters and nodes of the trunk, then of each head.
  let values: [Value]
  /// The computations in order.
  var nodes: [Node]
  /// What is given.
  let inputs: [Input]
  /// The chosen heads.
  let heads: [Name]
  /// What is asked for.
  let outputs: [Output]
  /// For every value the one that it lies with; itself where it has memory of its own.
  private var places: [Int]
  /// For every value with memory of its own the place in that of another, where it has one.
  var parts: [Part?]

  init(
    values: [Value], nodes: [Node], inputs: [Input], heads: [Name], outputs: [Output]
  ) {
    self.inputs = inputs
    self.heads = heads
    self.values = values
    self.nodes = nodes
    self.outputs = outputs
    places = Array(values.indices)
    parts = values.map { _ in nil }
  }

  /// The bytes of a value, which were counted when its type was inferred.
  func byteCount(_ value: Int) -> Int { values[value].type.checkedByteCount ?? Int.max }

  /// The types of a node's inputs.
  func inputTypes(_ node: Node) -> [TensorType] { node.inputs.map { values[$0].type } }

  /// The value in whose memory a value lies.
  func home(_ value: Int) -> Int {
    var home = value
    while places[home] != home { home = places[home] }
    return home
  }

  /// Lets a value lie where another does.
  mutating func place(_ value: Int, with other: Int) { places[value] = home(other) }

  /// For every home how often nodes and outputs read what lies in it, and the last node that does.
  func uses() -> [Use] {
    var uses = values.map { _ in Use() }
    for (index, node) in nodes.enumerated() {
      for input in node.inputs {
        uses[home(input)].count += 1
        uses[home(input)].last = index
      }
    }
    for output in outputs {
      uses[home(output.value)].count += 1
      uses[home(output.value)].last = nodes.count
    }
    return uses
  }

  /// Who reads what lies in a home.
  struct Use {
    /// How many inputs of nodes, and outputs.
    var count = 0
    /// The position of the last node; that behind the last of all for an output.
    var last = -1
  }
}
