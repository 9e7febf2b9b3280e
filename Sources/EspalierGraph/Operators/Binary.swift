extension Operator {
  /// A function of pairs of elements, the two shapes broadcast as NumPy does.
  ///
  /// Shapes are aligned at their last axes; an axis of size 1, or an absent one, is repeated. Both operands have
  /// elements of one type, which the output has, too, unless the function compares. The arithmetic of integers wraps
  /// around, and what divides by zero is 0.
  public struct Binary: OperatorRule {
    package static let kind = OperatorKind.binary
    package static let inputCounts = 2...2

    /// Which function.
    public let function: Function

    /// Makes an elementwise function of two operands.
    public init(_ function: Function) {
      self.function = function
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
    }

    package var attributes: [Attribute] { [Attribute(.function, .integer(function.rawValue))] }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      switch function {
      case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .modulo, .remainder,
        .less, .lessOrEqual, .greater, .greaterOrEqual, .prelu:
        element.isNumber || element == .float64
      case .equal: element.isNumber || element == .float64 || element == .bool
      case .and, .or, .xor: element.isInteger || element == .bool
      case .shiftLeft, .shiftRight: element.isInteger
      }
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectElement(inputs[0].element, of: inputs, at: 1)
      guard let shape = Self.broadcast(inputs[0].shape, inputs[1].shape) else {
        throw .notBroadcastable(inputs[0].shape, inputs[1].shape)
      }
      return TensorType(function.compares ? .bool : inputs[0].element, shape)
    }

    /// The shape that two shapes broadcast to, or nil.
    public static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
      let rank = max(left.rank, right.rank)
      var sizes: [Int] = []
      for axis in 0..<rank {
        let leftAxis = axis - (rank - left.rank)
        let rightAxis = axis - (rank - right.rank)
        let leftSize = leftAxis < 0 ? 1 : left[leftAxis]
        let rightSize = rightAxis < 0 ? 1 : right[rightAxis]
        guard leftSize == rightSize || leftSize == 1 || rightSize == 1 else { return nil }
        sizes.append(leftSize == 1 ? rightSize : leftSize)
      }
      return Shape(sizes)
    }
  }
}
