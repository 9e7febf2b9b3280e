extension Operator {
  /// Elements divided by what their neighbours among the channels amount to.
  ///
  /// `output[c] = input[c] / (bias + alpha / size · Σ input[i]²)^beta`, summed over the channels `i` from
  /// `c − floor((size − 1) / 2)` through `c + ceil((size − 1) / 2)` that exist. Input and output:
  /// `[batch..., channels]` of float32. The power is computed with a logarithm: where what it is of is not positive, the
  /// output is no number.
  public struct LocalResponseNormalization: OperatorRule {
    package static let kind = OperatorKind.localResponseNormalization
    package static let inputCounts = 1...1

    /// The channels of a neighbourhood.
    public let size: Int
    /// The weight of the neighbourhood's mean square.
    public let alpha: Float
    /// The exponent.
    public let beta: Float
    /// What the weighted mean square is added to.
    public let bias: Float

    /// Makes a normalisation.
    public init(size: Int, alpha: Float, beta: Float, bias: Float) {
      self.size = size
      self.alpha = alpha
      self.beta = beta
      self.bias = bias
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      size = try attributes.requiredInteger(.size, in: 1...Window.maximumSize)
      alpha = try attributes.requiredNumber(.alpha)
      beta = try attributes.requiredNumber(.beta)
      bias = try attributes.requiredNumber(.bias)
    }

    package var attributes: [Attribute] {
      [
        Attribute(.alpha, .number(alpha)), Attribute(.beta, .number(beta)),
        Attribute(.size, .integer(size)), Attribute(.bias, .number(bias)),
      ]
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      guard inputs[0].shape.rank >= 1 else { throw .wrongRank(input: 0, found: 0, expected: 1) }
      return inputs[0]
    }
  }
}
