import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Each number gets the sum of the gradients of those that are copies of it.
  func gather(_ call: GatherCall) {
    guard let gradient = inputGradients[0] else { return }
    call.places.forEachRun(tensors.indices(step.inputs[1], call.indexElement)) {
      picked, place, count in
      for index in 0..<count { gradient[place + index] += outputGradient[picked + index] }
    }
  }
}
