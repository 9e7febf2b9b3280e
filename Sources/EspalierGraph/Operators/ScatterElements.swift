extension Operator {
  /// What becomes of an element that an update arrives at; the raw value is its number in files.
  public enum ScatterReduction: Int, Sendable, CaseIterable {
    /// The update takes its place; the last of several.
    case replace = 1
    /// Their sum.
    case add = 2
    /// Their product.
    case multiply = 3
    /// The larger one; NaN if either is NaN.
    case maximum = 4
    /// The smaller one; NaN if either is NaN.
    case minimum = 5

    /// Whether elements of a type can be reduced.
    func accepts(_ element: ElementType) -> Bool {
      self == .replace || element == .float32 || element.isIndex
    }

    /// The attribute, left out for `replace`.
    var attributes: [Attribute] {
      self == .replace ? [] : [Attribute(.reduction, .integer(rawValue))]
    }
  }

  /// A tensor with updates of elements, each at its own place moved along an axis to where an index points.
  ///
  /// Inputs: the tensor, the indices of int32 or int64, of the same rank and along every other axis at most of the same
  /// size, the updates of the indices' shape. Output: the tensor with `output[i, indices[i, j, k], k]` reduced with
  /// `updates[i, j, k]` for axis 1, in row-major order of the updates. Any element type when updates replace, float32,
  /// int32 or int64 otherwise; integers wrap. Negative indices count from the end. Running refuses indices that point
  /// outside of the axis, or takes its nearest position where a session clamps indices.
  public struct ScatterElements: OperatorRule {
    package static let kind = OperatorKind.scatterElements
    package static let inputCounts = 3...3

    /// The axis that indices point into.
    public let axis: Int
    /// What becomes of an element that an update arrives at.
    public let reduction: ScatterReduction

    /// Makes a scatter of elements.
    public init(axis: Int = 0, reduction: ScatterReduction = .replace) {
      self.axis = axis
      self.reduction = reduction
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      axis = try attributes.integer(.axis, default: 0, in: 1...Shape.maximumRank - 1)
      reduction = try attributes.choice(.reduction, default: .replace)
    }

    package var attributes: [Attribute] { axisAttributes(axis) + reduction.attributes }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      input == 1 ? element.isIndex : reduction.accepts(element)
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try expectElementIndices(inputs, axis: axis)
      try expectUpdates(inputs, inputs[1].shape.sizes)
      return inputs[0]
    }
  }
}

/// Refuses updates that are not of the element type of the first operand and of these sizes.
func expectUpdates(_ inputs: [TensorType], _ sizes: [Int]) throws(OperatorError) {
  try expectElement(inputs[0].element, of: inputs, at: 2)
  try expectRank(sizes.count, of: inputs, at: 2)
  for axis in sizes.indices { try expectSize(sizes[axis], of: inputs, at: 2, axis: axis) }
}
