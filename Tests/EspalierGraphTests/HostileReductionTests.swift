import EspalierGraph
import Testing

/// Attributes and shapes that operators which reduce, search and resize must refuse: none traps, none is accepted.
@Suite struct HostileReductionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: OperatorKind
    let attributes: [Attribute]
    let inputs: [TensorType]

    init(
      _ description: String, _ kind: OperatorKind, _ attributes: [Attribute],
      _ shapes: [Shape] = [[2, 4, 4, 3]]
    ) {
      testDescription = description
      self.kind = kind
      self.attributes = attributes.sorted { $0.key.rawValue < $1.key.rawValue }
      inputs = shapes.map { TensorType(.float32, $0) }
    }
  }

  @Test(arguments: reductions + searches + windows + resizes)
  func isRefused(_ hostile: Case) {
    #expect(throws: OperatorError.self) {
      let rule = try Operator(hostile.kind, attributes: hostile.attributes)
      _ = try rule.outputType(of: hostile.inputs)
    }
  }

  static let sum = Attribute(.function, .integer(1))
  static let reductions = [
    Case("no function", .reduction, [Attribute(.axes, .integers([1]))]),
    Case("unknown function", .reduction, [Attribute(.function, .integer(6))]),
    Case("axes that fall", .reduction, [sum, Attribute(.axes, .integers([2, 1]))]),
    Case("an axis twice", .reduction, [sum, Attribute(.axes, .integers([1, 1]))]),
    Case("an axis too many", .reduction, [sum, Attribute(.axes, .integers([4]))]),
    Case("a negative axis", .reduction, [sum, Attribute(.axes, .integers([-1]))]),
    Case("axes as a number", .reduction, [sum, Attribute(.axes, .number(1))]),
    Case("no axes", .normalization, [sum, Attribute(.epsilon, .number(1))]),
    Case("no epsilon", .normalization, [sum, Attribute(.axes, .integers([1]))]),
    Case(
      "a negative epsilon", .normalization,
      [sum, Attribute(.axes, .integers([1])), Attribute(.epsilon, .number(-1))]),
    Case(
      "an epsilon that is no number", .normalization,
      [sum, Attribute(.axes, .integers([1])), Attribute(.epsilon, .number(.nan))]),
    Case("a size of nothing", .localResponseNormalization, response(size: 0)),
    Case("a size of all", .localResponseNormalization, response(size: .max)),
    Case("an infinite alpha", .localResponseNormalization, response(alpha: .infinity)),
    Case("a response of a scalar", .localResponseNormalization, response(), [[]]),
    Case("an axis too many", .cumulativeSum, [sum, Attribute(.axis, .integer(4))]),
    Case("a flag that is 2", .cumulativeSum, [sum, Attribute(.reverse, .integer(2))]),
    Case("a sum of a scalar", .cumulativeSum, [sum], [[]]),
  ]

  static let searches = [
    Case("an axis too many", .argReduction, [sum, Attribute(.axis, .integer(7))]),
    Case("a search of nothing", .argReduction, [sum], [[0, 3]]),
    Case("unknown function", .argReduction, [Attribute(.function, .integer(3))]),
    Case("no size", .topK, [Attribute(.axis, .integer(1))]),
    Case("a size of nothing", .topK, [Attribute(.size, .integer(0))]),
    Case("a size of more", .topK, [Attribute(.size, .integer(3))]),
    Case("a size of all", .topK, [Attribute(.size, .integer(.max))]),
  ]

  static let kernel = Attribute(.kernel, .integers([3, 3]))
  static let weights: [Shape] = [[2, 4, 4, 3], [3, 3, 3, 2]]
  static let windows = [
    Case(
      "the same size", .transposedConvolution, [kernel, Attribute(.same, .integer(1))], weights),
    Case(
      "padding of everything", .transposedConvolution,
      [kernel, Attribute(.padding, .integers([3, 0, 3, 0]))], weights),
    Case(
      "too many numbers", .transposedConvolution,
      [kernel, Attribute(.stride, .integers([1 << 15, 1 << 15]))],
      [[1, 1 << 30, 1 << 30, 3], [3, 3, 3, 2]]),
    Case(
      "a negative output padding", .transposedConvolution,
      [kernel, Attribute(.outputPadding, .integers([0, -1]))], weights),
    Case(
      "groups that do not divide", .transposedConvolution,
      [kernel, Attribute(.groups, .integer(2))], weights),
    Case(
      "filters that cannot be counted", .transposedConvolution,
      [kernel, Attribute(.groups, .integer(3))], [[2, 4, 4, 3], [3, 3, 3, .max]]),
    Case(
      "weights of other channels", .transposedConvolution, [kernel], [[2, 4, 4, 2], weights[1]]),
    Case("a bias of other filters", .transposedConvolution, [kernel], weights + [[3]]),
    Case("a power sum without power", .pooling, [Attribute(.function, .integer(3)), kernel]),
    Case(
      "a power of nothing", .pooling,
      [Attribute(.function, .integer(3)), kernel, Attribute(.power, .integer(0))]),
    Case(
      "a power of a maximum", .pooling, [sum, kernel, Attribute(.power, .integer(2))]),
    Case(
      "rounding up of the same size", .pooling,
      [sum, kernel, Attribute(.same, .integer(1)), Attribute(.roundsUp, .integer(1))]),
    Case(
      "no window", .pooling, [sum, kernel, Attribute(.roundsUp, .integer(1))], [[1, 1, 1, 1]]),
  ]

  static let resizes = [
    Case("no axes", .resize, resize().filter { $0.key != .axes }),
    Case("no size", .resize, resize(.mode, .integer(2))),
    Case("a size of nothing", .resize, resize(.size, .integers([0]))),
    Case("a negative size", .resize, resize(.size, .integers([-4]))),
    Case("a size of all", .resize, resize(.size, .integers([1 << 40]))),
    Case("sizes of other axes", .resize, resize(.size, .integers([4, 4]))),
    Case("sizes and scales", .resize, resize(.size, .integers([4])) + [scale(2)]),
    Case("a scale of nothing", .resize, resize() + [scale(0)]),
    Case("a scale below one element", .resize, resize() + [scale(0.2)]),
    Case("a scale of all", .resize, resize() + [scale(.greatestFiniteMagnitude)]),
    Case("a scale that is no number", .resize, resize() + [scale(.nan)]),
    Case(
      "an input of all between", .resize,
      [Attribute(.axes, .integers([0, 2])), Attribute(.scale, .numbers([1, 1]))]
        + resize().filter { $0.key != .axes }, [[1, 1 << 30, 1]]),
    Case("an input of all", .resize, resize() + [scale(1)], [[1, 1 << 30]]),
    Case(
      "a size to cover all", .resize, resize(.size, .integers([65536])) + [aspect], [[1, 3, 1]]),
    Case("no rounding", .resize, resize(mode: 1) + [scale(1)]),
    Case("no coefficient", .resize, resize(mode: 3) + [scale(1)]),
    Case("a coefficient of lines", .resize, resize() + [scale(1), Attribute(.alpha, .number(1))]),
    Case("no region", .resize, resize(coordinates: 6) + [scale(1), Attribute(.value, .number(0))]),
    Case("unknown coordinates", .resize, resize(coordinates: 7) + [scale(1)]),
  ]

  static let aspect = Attribute(.aspect, .integer(3))

  static func scale(_ scale: Float) -> Attribute { Attribute(.scale, .numbers([scale])) }

  static func resize(
    _ key: AttributeKey = .mode, _ value: AttributeValue? = nil, mode: Int = 2, coordinates: Int = 1
  ) -> [Attribute] {
    let all = [
      Attribute(.axes, .integers([1])), Attribute(.mode, .integer(mode)),
      Attribute(.coordinates, .integer(coordinates)),
    ]
    guard let value else { return all }
    return all.filter { $0.key != key } + [Attribute(key, value)]
  }

  static func response(size: Int = 3, alpha: Float = 1) -> [Attribute] {
    [
      Attribute(.size, .integer(size)), Attribute(.alpha, .number(alpha)),
      Attribute(.beta, .number(1)), Attribute(.bias, .number(1)),
    ]
  }

  @Test func resizesThatAreRefusedForOneReasonAreOtherwiseValid() throws {
    let rule = try Operator(
      .resize,
      attributes: (Self.resize() + [Self.scale(2)]).sorted { $0.key.rawValue < $1.key.rawValue })
    #expect(try rule.outputType(of: [TensorType(.float32, [2, 4, 4, 3])]).shape == [2, 8, 4, 3])
    let response = try Operator(
      .localResponseNormalization,
      attributes: Self.response().sorted { $0.key.rawValue < $1.key.rawValue })
    #expect(throws: Never.self) { try response.outputType(of: [TensorType(.float32, [2, 3])]) }
    let transposed = try Operator(.transposedConvolution, attributes: [Self.kernel])
    let output = try transposed.outputType(of: Self.weights.map { TensorType(.float32, $0) })
    #expect(output.shape == [2, 6, 6, 2])
  }

  @Test func windowsAreRoundedUpIfTheyBeginInTheInput() throws {
    func size(_ input: Int, _ kernel: Int, _ stride: Int, _ after: Int = 0) throws -> Int {
      let window = Operator.Window(
        kernel: [kernel], stride: [stride], padding: .explicit(before: [0], after: [after]))
      let rule = Operator.pooling(.init(.maximum, window: window, roundsUp: true))
      return try rule.outputType(of: [TensorType(.float32, [1, input, 1])]).shape[1]
    }
    #expect(try size(4, 3, 2) == 2)
    #expect(try size(5, 3, 2) == 2)
    #expect(try size(2, 3, 2) == 1)
    #expect(try size(3, 1, 3) == 1)
    #expect(try size(3, 1, 3, 1) == 1)
    #expect(throws: OperatorError.windowTooLarge(axis: 0, window: 5, input: 2)) {
      try size(2, 5, 2)
    }
  }
}
