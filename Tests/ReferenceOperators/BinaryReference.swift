#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A function of two numbers, in double precision; relations give 1 or 0.
package enum BinaryReference: String, Sendable, CaseIterable {
  /// left + right.
  case add
  /// left - right.
  case subtract
  /// left * right.
  case multiply
  /// left / right.
  case divide
  /// The smaller one, NaN if either is.
  case minimum
  /// The larger one, NaN if either is.
  case maximum
  /// left to the power of right.
  case power
  /// left - right * floor(left / right).
  case modulo
  /// left - right * trunc(left / right).
  case remainder
  /// left = right.
  case equal
  /// left < right.
  case less
  /// left <= right.
  case lessOrEqual
  /// left > right.
  case greater
  /// left >= right.
  case greaterOrEqual
  /// The bits that both integers have.
  case and
  /// The bits that one of two integers has, or both.
  case or
  /// The bits that just one of two integers has.
  case xor
  /// left * 2^right of small integers.
  case shiftLeft
  /// floor(left / 2^right) of small integers.
  case shiftRight
  /// left, times right where it is below zero.
  case prelu

  /// The function's value.
  package func callAsFunction(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .minimum: left.isNaN || right.isNaN ? .nan : min(left, right)
    case .maximum: left.isNaN || right.isNaN ? .nan : max(left, right)
    case .power: pow(left, right)
    case .modulo: modulo(left, right)
    case .remainder: fmod(left, right)
    case .equal: left == right ? 1 : 0
    case .less: left < right ? 1 : 0
    case .lessOrEqual: left <= right ? 1 : 0
    case .greater: left > right ? 1 : 0
    case .greaterOrEqual: left >= right ? 1 : 0
    case .and: Double(Int(left) & Int(right))
    case .or: Double(Int(left) | Int(right))
    case .xor: Double(Int(left) ^ Int(right))
    case .shiftLeft: left * exp2(right)
    case .shiftRight: floor(left * exp2(-right))
    case .prelu: left < 0 ? left * right : left
    }
  }

  private func modulo(_ left: Double, _ right: Double) -> Double {
    let rest = fmod(left, right)
    return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
  }
}

extension Tensor {
  /// The shape to which two shapes broadcast, aligned at their last axis, or nil if they do not.
  package static func broadcastShape(_ left: [Int], _ right: [Int]) -> [Int]? {
    let rank = max(left.count, right.count)
    let wideLeft = Array(repeating: 1, count: rank - left.count) + left
    let wideRight = Array(repeating: 1, count: rank - right.count) + right
    var shape: [Int] = []
    for (left, right) in zip(wideLeft, wideRight) {
      guard left == right || left == 1 || right == 1 else { return nil }
      shape.append(left == 1 ? right : left)
    }
    return shape
  }

  /// Applies a function to two tensors of shapes that broadcast.
  package func binary(_ function: BinaryReference, _ right: Tensor) -> Tensor {
    Tensor.broadcast([self, right]) { function($0[0], $0[1]) }
  }

  /// Applies a function to tensors of shapes that broadcast.
  package static func broadcast(
    _ operands: [Tensor], _ function: ([Double]) -> Double
  ) -> Tensor {
    let shape = operands.dropFirst().reduce(operands[0].shape) { shape, operand in
      guard let wider = broadcastShape(shape, operand.shape) else {
        preconditionFailure("\(shape) and \(operand.shape) do not broadcast")
      }
      return wider
    }
    return Tensor(shape) { index in function(operands.map { $0.broadcast(at: index) }) }
  }

  /// The number that broadcasting puts at an index of a shape at least as long.
  private func broadcast(at index: [Int]) -> Double {
    let aligned = index.suffix(shape.count)
    return self[zip(aligned, shape).map { $1 == 1 ? 0 : $0 }]
  }
}
