extension Operator {
  /// The elements of a tensor with others around them.
  ///
  /// Inputs: the tensor `[..., n, ...]` of any element type and, for `.constant` only, optionally the added element: one
  /// of the same type, 0 when absent. Output: `[..., before + n + after, ...]`. Position `i` of an axis, counted from the
  /// tensor's first element, holds the element at
  /// - `.reflect`: `i` mirrored at the first and the last element as often as it takes, each of which stands once;
  /// - `.edge`: the nearest of 0 and `n − 1`;
  /// - `.wrap`: `i mod n`.
  public struct Pad: OperatorRule {
    /// What is added; the raw value is its number in files.
    public enum Mode: Int, Sendable, CaseIterable {
      /// One element everywhere.
      case constant = 1
      /// The tensor mirrored.
      case reflect = 2
      /// The nearest element.
      case edge = 3
      /// The tensor repeated.
      case wrap = 4
    }

    package static let kind = OperatorKind.pad
    package static let inputCounts = 1...2

    /// What is added.
    public let mode: Mode
    /// How much is added before each axis.
    public let before: [Int]
    /// How much is added after each axis.
    public let after: [Int]

    /// Makes a padding of as many axes as the tensor has.
    public init(_ mode: Mode = .constant, before: [Int], after: [Int]) {
      self.mode = mode
      self.before = before
      self.after = after
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      let counts = 2...2 * Shape.maximumRank
      guard let amounts = try attributes.integers(.padding, count: counts, in: 0...Int(Int32.max))
      else { throw .missingAttribute(.padding) }
      guard amounts.count.isMultiple(of: 2) else { throw .invalidAttribute(.padding) }
      before = Array(amounts[..<(amounts.count / 2)])
      after = Array(amounts[(amounts.count / 2)...])
      mode = try attributes.choice(.mode, default: .constant)
    }

    package var attributes: [Attribute] {
      [Attribute(.padding, .integers(before + after))]
        + (mode == .constant ? [] : [Attribute(.mode, .integer(mode.rawValue))])
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool { true }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let input = inputs[0].shape
      guard before.count == after.count else { throw .invalidAttribute(.padding) }
      try expectRank(before.count, of: inputs, at: 0)
      if inputs.count == 2 { try expectOneElement(of: inputs) }
      var sizes: [Int] = []
      for axis in before.indices {
        guard mode == .constant || input[axis] > 0 else {
          throw .wrongSize(input: 0, axis: axis, found: input[axis], expected: 1)
        }
        let (added, overflow) = before[axis].addingReportingOverflow(after[axis])
        let (size, overflows) = added.addingReportingOverflow(input[axis])
        guard before[axis] >= 0, after[axis] >= 0 else { throw .invalidAttribute(.padding) }
        guard !overflow, !overflows else { throw .tooLarge }
        sizes.append(size)
      }
      return TensorType(inputs[0].element, Shape(sizes))
    }

    private func expectOneElement(of inputs: [TensorType]) throws(OperatorError) {
      guard mode == .constant else { throw .wrongInputCount(found: 2, minimum: 1, maximum: 1) }
      try expectElement(inputs[0].element, of: inputs, at: 1)
      for axis in inputs[1].shape.sizes.indices {
        try expectSize(1, of: inputs, at: 1, axis: axis)
      }
    }
  }
}
