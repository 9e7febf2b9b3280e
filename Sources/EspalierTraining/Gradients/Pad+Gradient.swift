import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Each number gets the sum of the gradients of those that are copies of it; so does the constant.
  func pad(_ call: PadCall) {
    let constant = inputGradients.count > 1 ? inputGradients[1] : nil
    call.padding.forEachRun { from, to, count in
      for index in 0..<count {
        if let from {
          inputGradients[0]?[from + index] += outputGradient[to + index]
        } else {
          constant?[0] += outputGradient[to + index]
        }
      }
    }
  }
}
