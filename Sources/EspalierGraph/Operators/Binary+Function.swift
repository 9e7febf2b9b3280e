extension Operator.Binary {
  /// Which function; the raw value is its number in files.
  ///
  /// Functions take float32, int32 and int64 where their cases do not say otherwise.
  public enum Function: Int, Sendable, CaseIterable {
    /// `left + right`.
    case add = 1
    /// `left - right`.
    case subtract = 2
    /// `left · right`.
    case multiply = 3
    /// `left / right`, of integers truncated toward zero.
    case divide = 4
    /// `left` to the power of `right`; of integers to a negative power truncated toward zero.
    case power = 5
    /// The smaller one; NaN if either is NaN.
    case minimum = 6
    /// The larger one; NaN if either is NaN.
    case maximum = 7
    /// `left - right · ⌊left / right⌋`, which has the sign of the right one.
    case modulo = 8
    /// `left - right · trunc(left / right)`, which has the sign of the left one.
    case remainder = 9
    /// `left = right`, as bool; also of bool.
    case equal = 10
    /// `left < right`, as bool.
    case less = 11
    /// `left ≤ right`, as bool.
    case lessOrEqual = 12
    /// `left > right`, as bool.
    case greater = 13
    /// `left ≥ right`, as bool.
    case greaterOrEqual = 14
    /// Whether both are true, of bool; bit by bit of int32 and int64.
    case and = 15
    /// Whether one is true, or both, of bool; bit by bit of int32 and int64.
    case or = 16
    /// Whether just one is true, of bool; bit by bit of int32 and int64.
    case xor = 17
    /// The bits of `left`, `right` places higher, of int32 and int64; none remain when that is negative or too far.
    case shiftLeft = 18
    /// The bits of `left`, `right` places lower, the sign repeated, of int32 and int64; nothing but the sign remains when
    /// that is negative or too far.
    case shiftRight = 19
    /// `left` where that is not below zero, else `left · right`.
    case prelu = 20

    /// Whether the function gives bool whatever it takes.
    var compares: Bool {
      switch self {
      case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: true
      case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .modulo, .remainder,
        .and, .or, .xor, .shiftLeft, .shiftRight, .prelu:
        false
      }
    }

    /// The function's name in drawings.
    public var label: String {
      switch self {
      case .add: "add"
      case .subtract: "subtract"
      case .multiply: "multiply"
      case .divide: "divide"
      case .power: "power"
      case .minimum: "minimum"
      case .maximum: "maximum"
      case .modulo: "modulo"
      case .remainder: "remainder"
      case .equal: "equal"
      case .less: "less"
      case .lessOrEqual: "less or equal"
      case .greater: "greater"
      case .greaterOrEqual: "greater or equal"
      case .and: "and"
      case .or: "or"
      case .xor: "xor"
      case .shiftLeft: "shift left"
      case .shiftRight: "shift right"
      case .prelu: "prelu"
      }
    }
  }
}
