extension Operator {
  /// Many elements become one: `output[k] = f(input[k, r] for all r)`, with `r` running over the reduced axes.
  ///
  /// Input: any shape of float32, int32 or int64; of bool too for maximum (any) and minimum (all). The output has the
  /// same elements and axes, those that are reduced with size 1. Without axes it equals the input.
  /// A sum of float32 adds the elements `r, r + 16, …` of each reduced axis in 16 lanes, then the lanes as a tree, one
  /// axis after the other from the last. Integers wrap; their mean is truncated toward zero. A maximum or minimum is NaN
  /// where an element is.
  public struct Reduction: OperatorRule {
    /// What becomes of the elements; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// `Σ x`.
      case sum = 1
      /// `Σ x / n`.
      case mean = 2
      /// The largest.
      case maximum = 3
      /// The smallest.
      case minimum = 4
      /// `Π x`.
      case product = 5

      /// The function's name in drawings.
      public var label: String {
        switch self {
        case .sum: "sum"
        case .mean: "mean"
        case .maximum: "maximum"
        case .minimum: "minimum"
        case .product: "product"
        }
      }
    }

    package static let kind = OperatorKind.reduction
    package static let inputCounts = 1...1

    /// What becomes of the elements.
    public let function: Function
    /// The reduced axes in ascending order.
    public let axes: [Int]

    /// Makes a reduction.
    public init(_ function: Function, axes: [Int]) {
      self.function = function
      self.axes = axes
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      axes = try attributes.axes() ?? []
    }

    package var attributes: [Attribute] {
      [Attribute(.function, .integer(function.rawValue))]
        + (axes.isEmpty ? [] : [Attribute(.axes, .integers(axes))])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch element {
      case .float32, .int32, .int64: true
      case .bool: function == .maximum || function == .minimum
      case .float16, .bfloat16, .int8, .uint8, .float64: false
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let shape = inputs[0].shape
      try shape.expect(axes: axes)
      return TensorType(
        inputs[0].element, axes.reduce(shape) { $0.replacing($1, by: min(1, $0[$1])) })
    }
  }
}
