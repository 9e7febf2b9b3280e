/// The meaning of an attribute; the raw value is its number in files.
public enum AttributeKey: UInt32, Sendable, CaseIterable {
  /// Which function of a family a node computes.
  case function = 1
  /// Window sizes, one for each spatial axis.
  case kernel = 2
  /// Window steps, one for each spatial axis.
  case stride = 3
  /// Distances between the taps of a window, one for each spatial axis.
  case dilation = 4
  /// Padding before each spatial axis, then after each.
  case padding = 5
  /// Padding chosen so that the output has ceil(input / stride) elements.
  case same = 6
  /// The number of independent groups of channels.
  case groups = 7
  /// Whether averages count padded elements.
  case countPadding = 8
  /// The sizes of a shape.
  case shape = 9
  /// For each axis of the output the axis of the input.
  case permutation = 10
  /// The first elements, one for each axis.
  case start = 11
  /// Numbers of elements, one for each axis.
  case count = 12
  /// Distances between elements, one for each axis.
  case step = 13
  /// An axis, counted from the first.
  case axis = 14
  /// How what is not given is found.
  case mode = 19
  /// A size.
  case size = 26
  /// What becomes of elements that updates arrive at.
  case reduction = 28
  /// Whether the left operand is transposed first.
  case transposesLeft = 30
  /// Whether the right operand is transposed first.
  case transposesRight = 31
  /// The number of first axes that operands share.
  case batchAxes = 70
  /// The first parameter of a function, α.
  case alpha = 15
  /// The second parameter of a function, β.
  case beta = 16
  /// The number of the output's element type.
  case element = 25
  /// Axes in ascending order, counted from the first.
  case axes = 17
  /// What is added before a division, against zeros.
  case epsilon = 18
  /// The number of elements that the input does not have.
  case value = 20
  /// Whether an element is left out of its own sum.
  case exclusive = 21
  /// Whether an axis is walked from its end.
  case reverse = 22
  /// Factors of sizes, one for each axis.
  case scale = 23
  /// Where elements of the output lie in the input.
  case coordinates = 24
  /// Whether the largest elements are meant.
  case largest = 27
  /// Whether a number of windows is rounded up.
  case roundsUp = 32
  /// Whether the last of equal elements is meant.
  case lastIndex = 33
  /// Whether a filter widens where sizes shrink.
  case antialias = 34
  /// Whether elements beyond the ends have no weight.
  case excludeOutside = 35
  /// How positions are rounded.
  case rounding = 36
  /// An exponent.
  case power = 41
  /// Elements added after each spatial axis of the output.
  case outputPadding = 42
  /// Where a region starts along each axis, then where it ends; 1 is the last element.
  case region = 43
  /// What a function adds before it does anything else.
  case bias = 60
  /// Whether sizes are bounds, and one scale holds for all axes: 1 to fit into them, 2 to cover them.
  case aspect = 61
  /// The order in which steps are taken.
  case direction = 37
  /// Whether a reset gate is applied after the recurrence.
  case linearBeforeReset = 38
  /// The largest magnitude of what activations are applied to.
  case clip = 39
  /// The functions of gates and states.
  case activations = 40
  /// Whether an operand says how long each sequence is.
  case lengths = 71
  /// Whether one gate is what another leaves.
  case couplesGates = 72
  /// Whether the output has the state of cells, too.
  case keepsCell = 73
  /// What lies outside of an image.
  case boundary = 74
  /// Whether the ends of an axis are the centres of its outermost elements.
  case alignsCorners = 75
}

/// The value of an attribute.
public enum AttributeValue: Sendable, Equatable {
  /// One integer.
  case integer(Int)
  /// Several integers.
  case integers([Int])
  /// One number.
  case number(Float)
  /// Several numbers.
  case numbers([Float])
}

/// A named value that completes an operator.
public struct Attribute: Sendable, Equatable {
  /// What it means.
  public let key: AttributeKey
  /// What it is.
  public let value: AttributeValue

  /// Makes an attribute.
  public init(_ key: AttributeKey, _ value: AttributeValue) {
    self.key = key
    self.value = value
  }
}

/// Takes attributes by key and, at the end, refuses those that nobody took.
public struct AttributeReader {
  private var remaining: [Attribute]

  /// Reads from attributes whose keys ascend strictly.
  public init(_ attributes: [Attribute]) throws(OperatorError) {
    for index in attributes.indices.dropFirst()
    where attributes[index - 1].key.rawValue >= attributes[index].key.rawValue {
      throw .unorderedAttribute(attributes[index].key)
    }
    remaining = attributes
  }

  /// The integer of a key, or the default when the key is absent.
  public mutating func integer(
    _ key: AttributeKey, default: Int, in range: ClosedRange<Int>
  ) throws(OperatorError) -> Int {
    switch take(key) {
    case nil: return `default`
    case .integer(let value)? where range.contains(value): return value
    default: throw .invalidAttribute(key)
    }
  }

  /// The integers of a key, each within a range, or nil when the key is absent.
  public mutating func integers(
    _ key: AttributeKey, count: ClosedRange<Int>, in range: ClosedRange<Int>
  ) throws(OperatorError) -> [Int]? {
    switch take(key) {
    case nil: return nil
    case .integers(let values)?
    where count.contains(values.count) && values.allSatisfy(range.contains):
      return values
    default: throw .invalidAttribute(key)
    }
  }

  /// The number of a key, finite, or the default when the key is absent.
  public mutating func number(
    _ key: AttributeKey, default: Float
  ) throws(OperatorError) -> Float {
    switch take(key) {
    case nil: return `default`
    case .number(let value)? where value.isFinite: return value
    default: throw .invalidAttribute(key)
    }
  }

  /// The numbers of a key, finite, or nil when the key is absent.
  public mutating func numbers(
    _ key: AttributeKey, count: ClosedRange<Int>
  ) throws(OperatorError) -> [Float]? {
    switch take(key) {
    case nil: return nil
    case .numbers(let values)?
    where count.contains(values.count) && values.allSatisfy({ $0.isFinite }):
      return values
    default: throw .invalidAttribute(key)
    }
  }

  /// Whether a key is present, which then says 1.
  public mutating func flag(_ key: AttributeKey) throws(OperatorError) -> Bool {
    try integer(key, default: 0, in: 1...1) == 1
  }

  /// The case that a key numbers.
  ///
  /// - Parameter default: the case when the key is absent, which must be left out; nil when one must be said.
  public mutating func choice<Choice: RawRepresentable<Int>>(
    _ key: AttributeKey, default: Choice? = nil
  ) throws(OperatorError) -> Choice {
    let number = try integer(key, default: 0, in: 1...Int.max)
    if number == 0, let `default` { return `default` }
    guard let choice = Choice(rawValue: number), number != `default`?.rawValue else {
      throw number == 0 ? .missingAttribute(key) : .invalidAttribute(key)
    }
    return choice
  }

  /// Refuses the first attribute that was not taken.
  public func finish() throws(OperatorError) {
    if let attribute = remaining.first { throw .unknownAttribute(attribute.key) }
  }

  /// The value of a key that nobody took yet.
  mutating func take(_ key: AttributeKey) -> AttributeValue? {
    guard let index = remaining.firstIndex(where: { $0.key == key }) else { return nil }
    return remaining.remove(at: index).value
  }
}
