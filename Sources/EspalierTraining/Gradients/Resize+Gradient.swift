import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Each element gets the gradients of those that it went into, times its weights there.
  func resize(_ call: ResizeCall) {
    guard let gradient = inputGradients[0] else { return }
    switch call.method {
    case .nearest(let geometry):
      geometry.forEachRun { from, to in
        guard let from else { return }
        var result = gradient.from(from, count: geometry.inner).mutableSpan
        addScaled(1, outputGradient.from(to, count: geometry.inner).span, to: &result)
      }
    case .passes(let passes):
      resize(passes, gradient)
    }
  }

  /// The passes backwards, with the gradients between them in the scratch memory.
  private func resize(
    _ passes: [ResizeCall.Pass], _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    var free = 0
    var given = outputGradient
    for (index, pass) in passes.enumerated().reversed() {
      var target = gradient
      if index > 0 {
        let count = passes[index - 1].outputCount
        target = scratch.from(free, count: count)
        target.update(repeating: 0)
        free += count
      }
      var result = target.mutableSpan
      addResizedAxis(
        given.span, pass.table, outer: pass.outer, inner: pass.inner, to: &result)
      given = target
    }
  }
}
