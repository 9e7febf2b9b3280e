import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Each element's gradient goes to the operand that it was taken from.
  func select(_ call: SelectCall) {
    let conditions = tensors.elements(step.inputs[0], as: UInt8.self)
    for operand in 1...2 {
      guard let gradient = inputGradients[operand] else { continue }
      call.walk.forEach { at, result in
        if (conditions[at[0]] != 0) == (operand == 1) {
          gradient[at[operand]] += outputGradient[result]
        }
      }
    }
  }
}
