import EspalierGraph
import EspalierRuntime
import Testing

/// Indices that name nothing are refused by node, value and range, or taken as the nearest where a session clamps them.
@Suite struct IndexRangeTests {
  /// An operator on the tensor 0, 1, ..., 11 of [3, 4], or its updates, and indices that are given.
  enum Case: String, CaseIterable {
    case gather, gatherElements, gatherND, scatterElements, scatterND

    var shape: Shape {
      switch self {
      case .gather: [2]
      case .gatherElements, .scatterElements: [1, 2]
      case .gatherND, .scatterND: [1, 2]
      }
    }

    var node: Operator {
      switch self {
      case .gather: .gather(.init(axis: 0))
      case .gatherElements: .gatherElements(.init(axis: 1))
      case .gatherND: .gatherND(.init())
      case .scatterElements: .scatterElements(.init(axis: 1))
      case .scatterND: .scatterND(.init())
      }
    }

    /// The size that the second index points into.
    var size: Int { self == .gather ? 3 : 4 }

    var updates: Shape? {
      switch self {
      case .gather, .gatherElements, .gatherND: nil
      case .scatterElements: [1, 2]
      case .scatterND: [1]
      }
    }
  }

  private func model(_ example: Case, _ element: ElementType) throws -> Model {
    let numbers = Parameter(name: "t", shape: [3, 4], values: (0..<12).map { Float($0) })
    let updates = example.updates.map {
      Parameter(name: "u", shape: $0, values: [Float](repeating: 100, count: $0.elementCount))
    }
    let parameters = [numbers] + (updates.map { [$0] } ?? [])
    let input = GraphInput(
      name: "i", element: element, dimensions: example.shape.sizes.map { .fixed($0) })
    let trunk = Graph(
      inputs: [input], parameters: parameters,
      nodes: [
        Node(
          name: "look-up", example.node,
          inputs: [ValueID(1), ValueID(0)] + (updates == nil ? [] : [ValueID(2)]))
      ], outputs: [GraphOutput(name: "f", value: ValueID(1 + parameters.count))])
    let head = Graph(
      inputs: [
        GraphInput(
          name: "f", dimensions: Array(repeating: .any, count: example == .gatherND ? 1 : 2))
      ],
      parameters: [], nodes: [], outputs: [GraphOutput(name: "y", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "h", sources: [.feature("f")], graph: head,
          description: HeadDescription(task: .regression))
      ])
  }

  /// What a session gives for the indices 1 and `index`.
  private func run(
    _ model: Model, _ element: ElementType, _ index: Int64, clamps: Bool
  ) throws -> [Float] {
    var session = try Session(model)
    session.clampsIndices = clamps
    if element == .int32 {
      let indices: [Int32] = [1, Int32(clamping: index)]
      try session.setInput("i", to: indices.span)
    } else {
      let indices: [Int64] = [1, index]
      try session.setInput("i", to: indices.span)
    }
    try session.run()
    return try session.numbers(of: "h", "y")
  }

  @Test(arguments: Case.allCases, [ElementType.int32, .int64])
  func whatNamesNothingIsRefused(_ example: Case, _ element: ElementType) throws {
    let model = try model(example, element)
    let size = Int64(example.size)
    for index in [size, -size - 1, Int64(Int32.max), Int64(Int32.min)] {
      #expect(
        throws: RuntimeError.outOfRange(
          node: "look-up", value: Int(index), allowed: Int(-size)...Int(size - 1))
      ) {
        _ = try run(model, element, index, clamps: false)
      }
      let nearest = index < 0 ? 0 : size - 1
      #expect(
        try run(model, element, index, clamps: true)
          == run(model, element, nearest, clamps: false), "\(index)")
    }
    for index in -size..<size {
      #expect(
        try run(model, element, index, clamps: false)
          == run(model, element, (index + size) % size, clamps: true), "\(index)")
    }
  }

  @Test func numbersAreThoseOfTheRowsThatAreNamed() throws {
    #expect(
      try run(model(.gather, .int64), .int64, -1, clamps: false) == [4, 5, 6, 7, 8, 9, 10, 11])
    #expect(try run(model(.gatherElements, .int64), .int64, 3, clamps: false) == [1, 3])
    #expect(try run(model(.gatherND, .int64), .int64, -2, clamps: false) == [6])
  }

  @Test func theFirstOfSeveralIsNamed() {
    let error = RuntimeError.outOfRange(node: "look-up", value: 7, allowed: -5...4)
    #expect("\(error)" == "node look-up: 7 is out of range; it takes -5 to 4")
  }

  @Test(arguments: [-1, 4] as [Int64])
  func lengthsThatNoSequenceHasAreRefused(_ length: Int64) throws {
    let (steps, width) = (3, 2)
    let weights = Parameter(name: "w", shape: [width, width], values: [1, 0, 0, 1])
    let recurrence = Parameter(name: "r", shape: [width, width], values: [0, 0, 0, 0])
    let trunk = Graph(
      inputs: [
        GraphInput(name: "x", dimensions: [.fixed(steps), .fixed(1), .fixed(width)]),
        GraphInput(name: "lengths", element: .int64, dimensions: [.fixed(1)]),
      ], parameters: [weights, recurrence],
      nodes: [
        Node(
          name: "recurrent",
          .recurrent(.init(.simple, activations: [.init(.tanh)], hasLengths: true)),
          inputs: [ValueID(0), ValueID(2), ValueID(3), ValueID(1)])
      ], outputs: [GraphOutput(name: "f", value: ValueID(4))])
    let head = Graph(
      inputs: [GraphInput(name: "f", dimensions: [.any, .any, .any])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "y", value: ValueID(0))])
    let model = try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[], []]),
      heads: [
        Model.Head(
          name: "h", sources: [.feature("f")], graph: head,
          description: HeadDescription(task: .regression))
      ])
    var session = try Session(model)
    let numbers = [Float](repeating: 1, count: steps * width)
    let lengths = [length]
    try session.setInput("x", to: numbers.span)
    try session.setInput("lengths", to: lengths.span)
    var errors: [RuntimeError] = []
    do { try session.run() } catch { errors.append(error) }
    #expect(errors == [.outOfRange(node: "recurrent", value: Int(length), allowed: 0...steps)])
  }
}
