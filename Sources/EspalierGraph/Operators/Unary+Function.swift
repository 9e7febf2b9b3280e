extension Operator.Unary {
  /// Which function of an element x; the raw value is its number in files.
  public enum Function: Int, Sendable, CaseIterable {
    /// `max(x, 0)`.
    case relu = 1
    /// `1 / (1 + e⁻ˣ)`.
    case sigmoid = 2
    /// The hyperbolic tangent.
    case tanh = 3
    /// `|x|`, also of int32 and int64, where the least integer stays what it is.
    case absolute = 4
    /// `−x`, also of int32 and int64, where the least integer stays what it is.
    case negate = 5
    /// `eˣ`.
    case exp = 6
    /// The natural logarithm.
    case log = 7
    /// `√x`.
    case squareRoot = 8
    /// `1 / x`.
    case reciprocal = 9
    /// The largest whole number that is not above x.
    case floor = 10
    /// The smallest whole number that is not below x.
    case ceil = 11
    /// The nearest whole number, the even one of two.
    case round = 12
    /// −1, 0 or 1, and NaN of NaN; also of int32 and int64.
    case sign = 13
    /// The error function, `2/√π ∫₀ˣ e^−t² dt`.
    case erf = 14
    /// The sine of x radians.
    case sin = 15
    /// The cosine of x radians.
    case cos = 16
    /// The tangent of x radians.
    case tan = 17
    /// The inverse of the sine.
    case asin = 18
    /// The inverse of the cosine.
    case acos = 19
    /// The inverse of the tangent.
    case atan = 20
    /// The hyperbolic sine.
    case sinh = 21
    /// The hyperbolic cosine.
    case cosh = 22
    /// The inverse of the hyperbolic sine.
    case asinh = 23
    /// The inverse of the hyperbolic cosine.
    case acosh = 24
    /// The inverse of the hyperbolic tangent.
    case atanh = 25
    /// `ln(1 + eˣ)`.
    case softplus = 26
    /// `x / (1 + |x|)`.
    case softsign = 27
    /// `x` above zero, else `α(eˣ − 1)`; α is usually 1.
    case elu = 28
    /// `βx` above zero, else `βα(eˣ − 1)`; α and β are usually those of Klambauer et al., 2017.
    case selu = 29
    /// `max(x, 0) + min(α(e^(x/α) − 1), 0)`; α is usually 1.
    case celu = 30
    /// `αx` below zero, else `x`; α is usually 0.01.
    case leakyRelu = 31
    /// `x` above α, else 0; α is usually 1.
    case thresholdedRelu = 32
    /// `αx + β`, at least 0 and at most 1; α is usually 0.2, β 0.5.
    case hardSigmoid = 33
    /// `x` times `x/6 + ½`, the factor at least 0 and at most 1.
    case hardSwish = 34
    /// `x · Φ(x)`, Φ being the distribution function of the normal distribution (Hendrycks and Gimpel, 2016).
    case gelu = 35
    /// `x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))`, which is close to `gelu`.
    case geluTanh = 36
    /// `x · tanh(ln(1 + eˣ))`.
    case mish = 37
    /// `x / (1 + e^−αx)`; α is usually 1.
    case swish = 38
    /// `x + β` below −α, `x − β` above α, else 0; α is usually ½, β 0.
    case shrink = 39
    /// Whether x is not a number; gives bool.
    case isNaN = 40
    /// Whether x is infinite; gives bool.
    case isInfinite = 41
    /// Whether x is positive and infinite; gives bool.
    case isPositiveInfinite = 42
    /// Whether x is negative and infinite; gives bool.
    case isNegativeInfinite = 43
    /// `min(max(x, α), β)`, where an absent bound bounds nothing; also of int32 and int64, with bounds truncated toward
    /// zero.
    case clip = 44
    /// Whether x is false, of bool; every bit inverted, of int32 and int64. Takes no float32.
    case not = 45

    /// The parameter α where none is given; nil for functions without it.
    public var usualAlpha: Float? {
      switch self {
      case .elu, .celu, .thresholdedRelu, .swish: 1
      case .selu: 0x1.ac5afap0
      case .leakyRelu: 0.01
      case .hardSigmoid: 0.2
      case .shrink: 0.5
      case .clip: -.infinity
      default: nil
      }
    }

    /// The parameter β where none is given; nil for functions without it.
    public var usualBeta: Float? {
      switch self {
      case .selu: 0x1.0cfabep0
      case .hardSigmoid: 0.5
      case .shrink: 0
      case .clip: .infinity
      default: nil
      }
    }

    /// The function's name in recipes and drawings.
    public var label: String {
      switch self {
      case .relu: "relu"
      case .sigmoid: "sigmoid"
      case .tanh: "tanh"
      case .absolute: "absolute"
      case .negate: "negate"
      case .exp: "exp"
      case .log: "log"
      case .squareRoot: "square root"
      case .reciprocal: "reciprocal"
      case .floor: "floor"
      case .ceil: "ceil"
      case .round: "round"
      case .sign: "sign"
      case .erf: "erf"
      case .sin: "sin"
      case .cos: "cos"
      case .tan: "tan"
      case .asin: "asin"
      case .acos: "acos"
      case .atan: "atan"
      case .sinh: "sinh"
      case .cosh: "cosh"
      case .asinh: "asinh"
      case .acosh: "acosh"
      case .atanh: "atanh"
      case .softplus: "softplus"
      case .softsign: "softsign"
      case .elu: "elu"
      case .selu: "selu"
      case .celu: "celu"
      case .leakyRelu: "leaky relu"
      case .thresholdedRelu: "thresholded relu"
      case .hardSigmoid: "hard sigmoid"
      case .hardSwish: "hard swish"
      case .gelu: "gelu"
      case .geluTanh: "gelu tanh"
      case .mish: "mish"
      case .swish: "swish"
      case .shrink: "shrink"
      case .isNaN: "is nan"
      case .isInfinite: "is infinite"
      case .isPositiveInfinite: "is positive infinite"
      case .isNegativeInfinite: "is negative infinite"
      case .clip: "clip"
      case .not: "not"
      }
    }
  }
}
