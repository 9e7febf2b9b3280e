import EspalierFormat
import EspalierGraph
import Synchronization

/// A deterministic source of numbers: SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func float() -> Float { Float.random(in: -1...1, using: &self) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

extension Parameter {
  /// The numbers in another form.
  func stored(as element: ElementType) -> Parameter {
    let storage =
      switch element {
      case .float16: TensorStorage(halves: values.map { $0.float16 })
      case .bfloat16: TensorStorage(halves: values.map { $0.bfloat16 })
      default: TensorStorage(values)
      }
    return Parameter(name: name, type: type, stored: element, storage: storage)
  }
}

/// Counts what is read.
final class RecordingSource: ByteSource {
  private let source: MemorySource
  private let recorded = Mutex<[Range<Int>]>([])

  init(_ bytes: [UInt8]) {
    source = MemorySource(bytes)
  }

  var byteCount: Int { source.byteCount }

  var ranges: [Range<Int>] { recorded.withLock { $0 } }

  func forget() {
    recorded.withLock { $0 = [] }
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
    recorded.withLock { $0.append(offset..<offset + buffer.count) }
    try source.read(at: offset, into: buffer)
  }
}

/// The models that the tests write and read.
enum Models {
  static let batch4 = [Dimension.batch, .fixed(4)]

  /// A trunk of one dense layer and two heads; the second reads the first.
  static func small(scale: Float = 1, heads names: [Name] = ["lane", "sign"]) throws -> Model {
    let trunk = Model.Trunk(
      graph: dense(input: "x", output: "feature", size: 4, scale: scale),
      columns: [["a", "b", "c", "d"]])
    var heads: [Model.Head] = []
    for (index, name) in names.enumerated() {
      heads.append(
        Model.Head(
          name: name,
          sources: [index == 0 ? .feature("feature") : .head(names[index - 1], output: "y")],
          graph: dense(input: "in", output: "y", size: 4, scale: scale * Float(index + 2)),
          description: HeadDescription(task: .regression)))
    }
    return try Model(trunk: trunk, heads: heads)
  }

  /// A trunk of one dense layer and heads of one dense layer that do not read one another.
  static func flat(heads names: [Name], scale: Float = 2) throws -> Model {
    try Model(
      trunk: small().trunk,
      heads: names.enumerated().map { index, name in
        Model.Head(
          name: name, sources: [.feature("feature")],
          graph: dense(input: "in", output: "y", size: 4, scale: scale + Float(index)),
          description: HeadDescription(task: .regression))
      })
  }

  /// `output = input · weights` with `size` inputs and outputs, all weights different.
  static func dense(input: Name, output: Name, size: Int, scale: Float) -> Graph {
    Graph(
      inputs: [GraphInput(name: input, dimensions: [.batch, .fixed(size)])],
      parameters: [
        Parameter(
          name: "w", shape: [size, size], values: (0..<size * size).map { Float($0 + 1) * scale })
      ],
      nodes: [Node(name: "dense", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
      outputs: [GraphOutput(name: output, value: ValueID(2))])
  }

  /// A trunk that has operators and attributes of all kinds, with numbers that no platform rounds.
  static func manyOperators() throws -> Model {
    let window = Operator.Window(
      kernel: [2, 2], stride: [2, 1], dilation: [1, 2],
      padding: .explicit(before: [0, 1], after: [1, 0]))
    let operators: [(Operator, [Int])] = [
      (.convolution(Operator.Convolution(window: window, groups: 2)), [0, 1]),
      (
        .pooling(
          Operator.Pooling(
            .average, window: Operator.Window(kernel: [2, 2], padding: .same), countsPadding: true)),
        [3]
      ),
      (.unary(Operator.Unary(.tanh)), [4]),
      (.binary(Operator.Binary(.divide)), [4, 5]),
      (.reshape(Operator.Reshape([0, -1, 4])), [6]),
      (.dense(Operator.Dense()), [7, 2]),
      (.softmax(Operator.Softmax()), [8]),
    ]
    let graph = Graph(
      inputs: [GraphInput(name: "image", dimensions: [.batch, .fixed(4), .fixed(4), .fixed(4)])],
      parameters: [
        Parameter(name: "kernel", shape: [2, 2, 2, 4], values: (0..<32).map { Float($0) / 8 }),
        Parameter(name: "matrix", shape: [4, 3], values: (0..<12).map { -Float($0) }),
      ],
      nodes: operators.enumerated().map { index, entry in
        Node(name: Name("n\(index)"), entry.0, inputs: entry.1.map { ValueID($0) })
      },
      outputs: [GraphOutput(name: "y", value: ValueID(9))])
    return try Model(trunk: Model.Trunk(graph: graph, columns: [[]]), heads: [])
  }

  /// A random valid model; nodes that do not fit the values before them are drawn again.
  static func random(seed: UInt64) throws -> Model {
    var generator = ModelGenerator(seed: seed)
    return try generator.model()
  }
}

/// Draws models that use every operator, attribute, element type and kind of head.
struct ModelGenerator {
  private var random: SplitMix

  init(seed: UInt64) {
    random = SplitMix(seed: seed)
  }

  mutating func model() throws -> Model {
    let image: [Dimension] = [.batch, .fixed(integer(4...7)), .fixed(integer(4...7)), .fixed(4)]
    let inputs = [
      GraphInput(name: "image", dimensions: image),
      GraphInput(name: "tåble", dimensions: [.batch, .fixed(3)]),
    ]
    let trunk = Model.Trunk(
      graph: try graph(inputs: inputs), columns: [[], integer(0...1) == 0 ? [] : ["a", "b", "c"]])
    var heads: [Model.Head] = []
    for index in 0..<integer(0...4) { heads.append(try head(index, trunk: trunk, heads)) }
    return try Model(trunk: trunk, heads: heads)
  }

  private mutating func head(_ index: Int, trunk: Model.Trunk, _ others: [Model.Head]) throws
    -> Model.Head
  {
    // Every output keeps the batch as its first axis, and all other axes are fixed.
    var sources: [HeadSource] = trunk.graph.outputs.map { .feature($0.name) }
    var types = try outputTypes(of: trunk.graph)
    for other in others {
      sources += other.graph.outputs.map { .head(other.name, output: $0.name) }
      types += try outputTypes(of: other.graph)
    }
    let chosen = Array(sources.indices.shuffled(using: &random).prefix(integer(1...2)))
    let inputs = chosen.enumerated().map { position, source in
      GraphInput(
        name: Name("in\(position)"), element: types[source].element,
        dimensions: [.batch] + types[source].shape.sizes.dropFirst().map { .fixed($0) })
    }
    let graph = try graph(inputs: inputs, sharing: trunk.graph.parameters)
    let columns = try outputTypes(of: graph)[0].shape.last
    return Model.Head(
      name: Name("head \(index)"), sources: chosen.map { sources[$0] }, graph: graph,
      description: description(columns: columns))
  }

  private func outputTypes(of graph: Graph) throws -> [TensorType] {
    let types = try graph.inferTypes(
      inputs: graph.inputs.compactMap { $0.type(SymbolSizes(batch: 2)) })
    return graph.outputs.map { types[$0.value.index] }
  }

  private mutating func graph(
    inputs: [GraphInput], sharing shared: [Parameter] = []
  ) throws -> Graph {
    var parameters: [Parameter] = []
    for element in ElementType.allCases.shuffled(using: &random).prefix(integer(0...3)) {
      let shape = Shape([integer(1...5), integer(1...5)])
      let bytes = random.bytes(shape.elementCount * element.byteCount)
      parameters.append(
        Parameter(
          name: Name("\(element.label)"), type: TensorType(element, shape),
          storage: TensorStorage.filled(byteCount: bytes.count) { $0.copyBytes(from: bytes) }))
    }
    if let twin = (parameters + shared).randomElement(using: &random) {
      parameters.append(
        Parameter(
          name: "twin", type: twin.type, stored: twin.stored, storage: twin.storage,
          byteOffset: twin.byteOffset))
    }
    let kernels: [Shape] = [[3, 3, 4, 4], [2, 1, 1, 4], [4, 4], [3, 5], [4], [5]]
    for (index, shape) in kernels.enumerated() {
      let values = (0..<shape.elementCount).map { _ in random.float() }
      parameters.append(
        Parameter(name: Name("p\(index)"), shape: shape, values: values).stored(
          as: pick([.float32, .float16, .bfloat16])))
    }
    let types =
      inputs.compactMap { $0.type(SymbolSizes(batch: 2)) } + parameters.map { $0.type }
    let nodes = nodes(types)
    let outputs = (0..<min(nodes.count, integer(1...3))).map {
      GraphOutput(name: Name("out\($0)"), value: ValueID(types.count + nodes.count - 1 - $0))
    }
    return Graph(inputs: inputs, parameters: parameters, nodes: nodes, outputs: outputs)
  }

  private mutating func nodes(_ startTypes: [TensorType]) -> [Node] {
    var types = startTypes
    var nodes: [Node] = []
    let wanted = integer(3...12)
    while nodes.count < wanted {
      let drawn = draw()
      let inputs = (0..<drawn.inputs).map { _ in integer(0...types.count - 1) }
      guard
        let type = try? drawn.operator.outputType(of: inputs.map { types[$0] }),
        type.shape.rank >= 1, type.shape[0] == 2, type.shape.elementCount < 4096
      else { continue }
      types.append(type)
      nodes.append(
        Node(
          name: Name(integer(0...3) == 0 ? "" : "n\(nodes.count)"), drawn.operator,
          inputs: inputs.map { ValueID($0) }))
    }
    return nodes
  }

  /// An operator that fits many shapes; files of all others are made of their examples.
  private mutating func draw() -> (operator: Operator, inputs: Int) {
    switch integer(0...10) {
    case 0: (.dense(Operator.Dense()), integer(2...3))
    case 1:
      (
        .convolution(Operator.Convolution(window: window(), groups: pick([1, 4]))),
        integer(2...3)
      )
    case 2:
      (
        .pooling(
          Operator.Pooling(
            pick([.maximum, .average]), window: window(),
            countsPadding: integer(0...1) == 1)), 1
      )
    case 3: (.unary(Operator.Unary(pick(Operator.Unary.Function.allCases))), 1)
    case 4: (.binary(Operator.Binary(pick(Operator.Binary.Function.allCases))), 2)
    case 5: (.softmax(Operator.Softmax()), 1)
    case 6:
      (.reshape(Operator.Reshape(pick([[0, -1], [2, -1], [0, 2, -1]]))), 1)
    case 7:
      (.transpose(Operator.Transpose(pick([[0, 1], [0, 2, 1], [0, 3, 1, 2]]))), 1)
    case 8:
      (
        .slice(
          Operator.Slice(
            [.init()] + (0..<integer(1...3)).map { _ in .init(start: integer(0...1)) })), 1
      )
    case 9: (.expand(Operator.Expand(pick([[0, 0], [0, 3, 0], [0, 0, 0, 5]]))), 1)
    default:
      (.concatenate(Operator.Concatenate(axis: integer(0...3))), integer(1...3))
    }
  }

  private mutating func window() -> Operator.Window {
    func pair(_ range: ClosedRange<Int>) -> [Int] { [integer(range), integer(range)] }
    return Operator.Window(
      kernel: pick([[3, 3], [2, 1]]), stride: pair(1...2),
      dilation: integer(0...2) == 0 ? pair(1...2) : nil,
      padding: pick([.same, .explicit(before: pair(0...1), after: pair(0...1)), nil]))
  }

  private mutating func description(columns: Int) -> HeadDescription {
    let task = pick(TaskKind.allCases)
    let labels = (0..<(task == .binary ? 2 : columns)).map { Name("label \($0)") }
    return HeadDescription(
      task: task, labels: integer(0...1) == 0 ? [] : labels, unit: task == .regression ? "°C" : "",
      threshold: Double(random.float()), targetMean: Double(integer(-2...2)),
      targetDeviation: Double(integer(1...3)) / 3, loss: integer(0...1) == 0 ? "" : "huber",
      lossWeight: Double(integer(0...3)),
      metrics: (0..<integer(0...2)).map {
        Metric(name: Name("m\($0)"), split: $0 == 0 ? "" : "test", value: Double(random.float()))
      },
      temperature: pick([1, 0.5, 2.25]),
      quantiles: integer(0...1) == 0 ? [] : (1...columns).map { Double($0) / Double(columns + 1) })
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[integer(0...values.count - 1)]
  }

  private mutating func integer(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
}
