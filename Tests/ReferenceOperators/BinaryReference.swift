/// A function of two numbers, in double precision.
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

  /// The function's value.
  package func callAsFunction(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .minimum: left.isNaN || right.isNaN ? .nan : min(left, right)
    case .maximum: left.isNaN || right.isNaN ? .nan : max(left, right)
    }
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
    guard let shape = Tensor.broadcastShape(self.shape, right.shape) else {
      preconditionFailure("\(self.shape) and \(right.shape) do not broadcast")
    }
    return Tensor(shape) { function(broadcast(at: $0), right.broadcast(at: $0)) }
  }

  /// The number that broadcasting puts at an index of a shape at least as long.
  private func broadcast(at index: [Int]) -> Double {
    let aligned = index.suffix(shape.count)
    return self[zip(aligned, shape).map { $1 == 1 ? 0 : $0 }]
  }
}
