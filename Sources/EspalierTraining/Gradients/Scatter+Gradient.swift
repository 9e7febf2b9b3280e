import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// A running array; and for each update where it went and what was there before.
  static func scatterScratchCount(_ places: Places) -> Int {
    places.arrayCount + 2 * places.pickedCount
  }

  /// Goes through the updates `y` of what was there before, `x`, and then, with the gradient `g` by the array after all
  /// of them, back: `∂y += g · ∂f/∂y`, `g ← g · ∂f/∂x`, after which `g` is the gradient by the array before them.
  func scatter(_ call: ScatterCall) {
    let (places, reduction) = (call.places, call.reduction)
    let count = places.pickedCount
    let array = scratch.from(0, count: places.arrayCount)
    let before = scratch.from(places.arrayCount, count: count)
    let updates = inputs[2]
    scratch.from(places.arrayCount + count, count: count).withMemoryRebound(to: Int32.self) {
      targets in
      _ = array.update(fromContentsOf: inputs[0])
      places.forEachRun(tensors.indices(step.inputs[1], call.indexElement)) {
        picked, place, count in
        for index in 0..<count {
          let (update, target) = (picked + index, place + index)
          targets[update] = Int32(target)
          before[update] = array[target]
          array[target] = reduction.value(array[target], updates[update])
        }
      }
      _ = array.update(fromContentsOf: outputGradient)
      for update in (0..<count).reversed() {
        let target = Int(targets[update])
        let (byArray, byUpdate) = reduction.derivatives(before[update], updates[update])
        inputGradients[2]?[update] += array[target] * byUpdate
        array[target] *= byArray
      }
    }
    guard let gradient = inputGradients[0] else { return }
    var result = gradient.mutableSpan
    addScaled(1, array.span, to: &result)
  }
}

extension ScatterKernel {
  /// The derivatives by `x`, at which `y` arrives, and by `y`.
  fileprivate func derivatives(_ x: Float, _ y: Float) -> (Float, Float) {
    switch self {
    case .replace: (0, 1)
    case .add: (1, 1)
    case .multiply: (y, x)
    case .maximum: y > x ? (0, 1) : (1, 0)
    case .minimum: y < x ? (0, 1) : (1, 0)
    }
  }
}
