import EspalierGraph
import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// The derivative by each operand, summed over the elements that it was repeated for.
  func binary(_ call: BinaryCall) {
    let function = call.function
    let walk = BroadcastOffsets(left: call.left, right: call.right, output: call.shape)
    let (x, y) = (inputs[0], inputs[1])
    if let gradient = inputGradients[0] {
      walk.forEach { l, r, o in
        gradient[l] += outputGradient[o] * Self.derivativeByLeft(function, x[l], y[r])
      }
    }
    if let gradient = inputGradients[1] {
      walk.forEach { l, r, o in
        gradient[r] += outputGradient[o] * Self.derivativeByRight(function, x[l], y[r])
      }
    }
  }

  private static func derivativeByLeft(_ function: BinaryKernel, _ x: Float, _ y: Float) -> Float {
    switch function {
    case .add, .subtract: 1
    case .multiply: y
    case .divide: 1 / y
    case .minimum: x < y ? 1 : 0
    case .maximum: x > y ? 1 : 0
    }
  }

  private static func derivativeByRight(_ function: BinaryKernel, _ x: Float, _ y: Float) -> Float {
    switch function {
    case .add: 1
    case .subtract: -1
    case .multiply: x
    case .divide: -x / (y * y)
    case .minimum: x < y ? 0 : 1
    case .maximum: x > y ? 0 : 1
    }
  }
}

/// Walks the elements of a broadcast result with the positions of the operands' elements.
private struct BroadcastOffsets {
  private let sizes: [Int]
  private let leftStrides: [Int]
  private let rightStrides: [Int]

  init(left: Shape, right: Shape, output: Shape) {
    func strides(_ shape: Shape) -> [Int] {
      var result = output.sizes.map { _ in 0 }
      var stride = 1
      for axis in shape.sizes.indices.reversed() {
        if shape[axis] != 1 { result[axis + output.rank - shape.rank] = stride }
        stride *= shape[axis]
      }
      return result
    }
    sizes = output.sizes
    leftStrides = strides(left)
    rightStrides = strides(right)
  }

  func forEach(_ body: (_ left: Int, _ right: Int, _ output: Int) -> Void) {
    var position = sizes.map { _ in 0 }
    var (left, right) = (0, 0)
    for output in 0..<sizes.reduce(1, *) {
      body(left, right, output)
      var axis = sizes.count - 1
      while axis >= 0 {
        position[axis] += 1
        left += leftStrides[axis]
        right += rightStrides[axis]
        if position[axis] < sizes[axis] { break }
        left -= leftStrides[axis] * sizes[axis]
        right -= rightStrides[axis] * sizes[axis]
        position[axis] = 0
        axis -= 1
      }
    }
  }
}
