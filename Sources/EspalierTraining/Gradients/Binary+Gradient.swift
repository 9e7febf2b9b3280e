import EspalierGraph
import EspalierKernels
import EspalierRuntime
import Foundation

extension StepGradient {
  /// The derivative by each operand, summed over the elements that it was repeated for.
  func binary(_ call: BinaryCall) {
    let function = call.function
    let (x, y) = (inputs[0], inputs[1])
    if let gradient = inputGradients[0] {
      call.walk.forEach { at, result in
        gradient[at[0]] +=
          outputGradient[result] * Self.derivativeByLeft(function, x[at[0]], y[at[1]])
      }
    }
    if let gradient = inputGradients[1] {
      call.walk.forEach { at, result in
        gradient[at[1]] +=
          outputGradient[result] * Self.derivativeByRight(function, x[at[0]], y[at[1]])
      }
    }
  }

  private static func derivativeByLeft(
    _ function: Operator.Binary.Function, _ x: Float, _ y: Float
  ) -> Float {
    switch function {
    case .add, .subtract: 1
    case .multiply: y
    case .divide: 1 / y
    case .power: y == 0 ? 0 : y * pow(x, y - 1)
    case .minimum: x < y ? 1 : 0
    case .maximum: x > y ? 1 : 0
    case .modulo, .remainder: 1
    case .prelu: x < 0 ? y : 1
    // The output is not float32.
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor, .shiftLeft,
      .shiftRight:
      0
    }
  }

  private static func derivativeByRight(
    _ function: Operator.Binary.Function, _ x: Float, _ y: Float
  ) -> Float {
    switch function {
    case .add: 1
    case .subtract: -1
    case .multiply: x
    case .divide: -x / (y * y)
    case .power: x == 0 && y > 0 ? 0 : pow(x, y) * log(x)
    case .minimum: x < y ? 0 : 1
    case .maximum: x > y ? 0 : 1
    case .modulo: -(x / y).rounded(.down)
    case .remainder: -(x / y).rounded(.towardZero)
    case .prelu: x < 0 ? x : 0
    // The output is not float32.
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor, .shiftLeft,
      .shiftRight:
      0
    }
  }
}
