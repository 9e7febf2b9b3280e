extension Operator {
  /// Where the largest or smallest element along an axis is, as int64 counted from 0.
  ///
  /// Input: any shape of float32, int32 or int64. Output: the same axes, the one that is searched with size 1. Of equal
  /// elements the first is meant, or the last. NaN counts as larger than the largest and as smaller than the smallest.
  public struct ArgReduction: OperatorRule {
    /// Which element is looked for; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// The largest.
      case maximum = 1
      /// The smallest.
      case minimum = 2
    }

    package static let kind = OperatorKind.argReduction
    package static let inputCounts = 1...1

    /// Which element is looked for.
    public let function: Function
    /// The axis that is searched.
    public let axis: Int
    /// Whether the last of equal elements is meant.
    public let lastIndex: Bool

    /// Makes a search.
    public init(_ function: Function, axis: Int, lastIndex: Bool = false) {
      self.function = function
      self.axis = axis
      self.lastIndex = lastIndex
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      axis = try attributes.axis()
      lastIndex = try attributes.flag(.lastIndex)
    }

    package var attributes: [Attribute] {
      [Attribute(.function, .integer(function.rawValue))]
        + axisAttributes(axis)
        + (lastIndex ? [Attribute(.lastIndex, .integer(1))] : [])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch element {
      case .float32, .int32, .int64: true
      case .float16, .bfloat16, .int8, .uint8, .bool, .float64: false
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let shape = inputs[0].shape
      try expectAxis(axis, of: inputs[0])
      return TensorType(.int64, shape.replacing(axis, by: 1))
    }
  }
}
