extension Operator {
  /// Images sampled at given points, between pixels too.
  ///
  /// Inputs: the images `[batch, spatial..., channels]` of one to three spatial axes, and for each point of the output
  /// where it lies, `[batch, points..., d]` with as many axes of points as spatial ones: the coordinates along the last
  /// spatial axis, the one before it, and so on. Output: `[batch, points..., channels]`. Along an axis of n pixels −1 and
  /// 1 are the outer edges of the outermost pixels, whose centres are at `u = 0` and `n − 1`, `u = ((x + 1)·n − 1) / 2`; or,
  /// if `alignsCorners`, these centres, `u = (x + 1)·(n − 1) / 2`. Coordinates that are no numbers are taken as `u = 0`.
  ///
  /// Points outside of the image are moved into it unless the boundary is `.zeros`, and then the pixels around them that
  /// a mode takes are; reflection is at −1 and 1.
  public struct GridSample: OperatorRule {
    /// How pixels become a value between them; the raw value is its number in files.
    public enum Mode: Int, Sendable, CaseIterable {
      /// From the two nearest along each axis, linearly.
      case linear = 1
      /// The nearest; of two that are equally near, that at the even position.
      case nearest = 2
      /// From the four nearest along each axis, by cubic convolution with a = −0.75 (Keys 1981).
      case cubic = 3
    }

    /// What lies outside of an image; the raw value is its number in files.
    public enum Boundary: Int, Sendable, CaseIterable {
      /// Zeros.
      case zeros = 1
      /// The nearest pixel.
      case border = 2
      /// The image reflected.
      case reflection = 3
    }

    package static let kind = OperatorKind.gridSample
    package static let inputCounts = 2...2

    /// How pixels become a value between them.
    public let mode: Mode
    /// What lies outside of an image.
    public let boundary: Boundary
    /// Whether −1 and 1 are the centres of the outermost pixels.
    public let alignsCorners: Bool

    /// Makes a sampling.
    public init(
      _ mode: Mode = .linear, boundary: Boundary = .zeros, alignsCorners: Bool = false
    ) {
      self.mode = mode
      self.boundary = boundary
      self.alignsCorners = alignsCorners
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      mode = try attributes.choice(.mode, default: .linear)
      boundary = try attributes.choice(.boundary, default: .zeros)
      alignsCorners = try attributes.flag(.alignsCorners)
    }

    package var attributes: [Attribute] {
      (mode == .linear ? [] : [Attribute(.mode, .integer(mode.rawValue))])
        + (boundary == .zeros ? [] : [Attribute(.boundary, .integer(boundary.rawValue))])
        + (alignsCorners ? [Attribute(.alignsCorners, .integer(1))] : [])
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      let (images, points) = (inputs[0].shape, inputs[1].shape)
      guard (3...5).contains(images.rank) else {
        throw .wrongRank(input: 0, found: images.rank, expected: min(max(images.rank, 3), 5))
      }
      try expectRank(images.rank, of: inputs, at: 1)
      try expectSize(images[0], of: inputs, at: 1, axis: 0)
      try expectSize(images.rank - 2, of: inputs, at: 1, axis: points.rank - 1)
      for axis in 1..<images.rank - 1 where images[axis] < 1 {
        throw .wrongSize(input: 0, axis: axis, found: images[axis], expected: 1)
      }
      return TensorType(.float32, Shape(points.sizes.dropLast() + [images.last]))
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      let taps = mode == .linear ? 2 : mode == .cubic ? 4 : 1
      return saturatingProduct(
        output.shape.sizes + Array(repeating: taps, count: output.shape.rank - 2))
    }
  }
}
