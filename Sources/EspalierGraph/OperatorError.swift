/// Why an operator's attributes or inputs are refused.
public enum OperatorError: Error, Sendable, Equatable {
  /// A required attribute is absent.
  case missingAttribute(AttributeKey)
  /// An attribute has a value or a kind of value that the operator does not allow.
  case invalidAttribute(AttributeKey)
  /// The operator has no such attribute.
  case unknownAttribute(AttributeKey)
  /// Attributes are not in ascending order of their numbers, or one stands twice.
  case unorderedAttribute(AttributeKey)
  /// The operator does not take this many inputs.
  case wrongInputCount(found: Int, minimum: Int, maximum: Int)
  /// An input has elements that the operator does not compute with.
  case unsupportedElement(input: Int, ElementType)
  /// An input has too few or too many axes.
  case wrongRank(input: Int, found: Int, expected: Int)
  /// An input has another size along an axis than the other inputs require.
  case wrongSize(input: Int, axis: Int, found: Int, expected: Int)
  /// Two shapes do not broadcast to one.
  case notBroadcastable(Shape, Shape)
  /// A window is larger than the padded input along an axis.
  case windowTooLarge(axis: Int, window: Int, input: Int)
  /// A reshape would change the number of elements.
  case elementCountChanges(from: Shape, to: Shape)
  /// The output has more elements than can be counted.
  case tooLarge
}

extension OperatorError: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .missingAttribute(let key):
      "attribute \(key.label) is missing"
    case .invalidAttribute(let key):
      "attribute \(key.label) has a value that is not allowed"
    case .unknownAttribute(let key):
      "the operator has no attribute \(key.label)"
    case .unorderedAttribute(let key):
      "attribute \(key.label) is out of order or stands twice"
    case .wrongInputCount(let found, let minimum, let maximum):
      minimum == maximum
        ? "\(found) inputs where \(minimum) are needed"
        : "\(found) inputs where \(minimum) to \(maximum) are needed"
    case .unsupportedElement(let input, let element):
      "input \(input) has elements of type \(element.label), which the operator does not compute with"
    case .wrongRank(let input, let found, let expected):
      "input \(input) has \(found) axes where \(expected) are needed"
    case .wrongSize(let input, let axis, let found, let expected):
      "input \(input) has size \(found) along axis \(axis) where \(expected) is needed"
    case .notBroadcastable(let left, let right):
      "shapes \(left) and \(right) do not broadcast"
    case .windowTooLarge(let axis, let window, let input):
      "a window of \(window) does not fit the padded input of \(input) along spatial axis \(axis)"
    case .elementCountChanges(let from, let to):
      "shape \(from) cannot become \(to): the number of elements differs"
    case .tooLarge:
      "the output has too many elements"
    }
  }
}

extension AttributeKey {
  /// The key's name in the schema.
  public var label: String {
    switch self {
    case .function: "function"
    case .kernel: "kernel"
    case .stride: "stride"
    case .dilation: "dilation"
    case .padding: "padding"
    case .same: "same"
    case .groups: "groups"
    case .countPadding: "count_padding"
    case .shape: "shape"
    case .permutation: "permutation"
    case .start: "start"
    case .count: "count"
    case .step: "step"
    case .axis: "axis"
    case .mode: "mode"
    case .size: "size"
    case .reduction: "reduction"
    case .transposesLeft: "transposes_left"
    case .transposesRight: "transposes_right"
    case .batchAxes: "batch_axes"
    case .alpha: "alpha"
    case .beta: "beta"
    case .element: "element"
    case .axes: "axes"
    case .epsilon: "epsilon"
    case .value: "value"
    case .exclusive: "exclusive"
    case .reverse: "reverse"
    case .scale: "scale"
    case .coordinates: "coordinates"
    case .largest: "largest"
    case .roundsUp: "rounds_up"
    case .lastIndex: "last_index"
    case .antialias: "antialias"
    case .excludeOutside: "exclude_outside"
    case .rounding: "rounding"
    case .power: "power"
    case .outputPadding: "output_padding"
    case .region: "region"
    case .bias: "bias"
    case .aspect: "aspect"
    case .direction: "direction"
    case .linearBeforeReset: "linear_before_reset"
    case .clip: "clip"
    case .activations: "activations"
    case .lengths: "lengths"
    case .couplesGates: "couples_gates"
    case .keepsCell: "keeps_cell"
    case .boundary: "boundary"
    case .alignsCorners: "aligns_corners"
    }
  }
}

extension ElementType {
  /// The type's name in the schema.
  public var label: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .int8: "int8"
    case .uint8: "uint8"
    case .int32: "int32"
    case .int64: "int64"
    case .bool: "bool"
    case .float64: "float64"
    }
  }
}
