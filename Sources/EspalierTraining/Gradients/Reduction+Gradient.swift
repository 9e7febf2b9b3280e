import EspalierKernels
import EspalierRuntime

extension ReductionGeometry {
  /// Calls `body` with the position of each element and of the result that it went into.
  func forEachElement(_ body: (_ result: Int, _ element: Int) -> Void) {
    let last = spread.sizes.count - 1
    let (count, stride) = (spread.sizes[last], spread.strides[last])
    spread.forEachRun { result, element in
      for index in 0..<count { body(result + index * stride, element + index) }
    }
  }
}

extension StepGradient {
  /// The counts of zeros and the products of the others, or which results have found their element.
  static func reductionScratchCount(_ call: ReductionCall) -> Int { 2 * call.geometry.outputCount }

  /// Each element gets its share of the gradient of what it went into.
  func reduction(_ call: ReductionCall) {
    guard let gradient = inputGradients[0] else { return }
    let geometry = call.geometry
    switch call.function {
    case .sum:
      geometry.forEachElement { gradient[$1] += outputGradient[$0] }
    case .mean:
      let count = Float(geometry.reducedCount)
      geometry.forEachElement { gradient[$1] += outputGradient[$0] / count }
    case .maximum, .minimum:
      extremum(geometry, gradient)
    case .product:
      product(geometry, gradient)
    case .sumOfSquares:
      geometry.forEachElement { gradient[$1] += 2 * inputs[0][$1] * outputGradient[$0] }
    }
  }

  /// The gradient goes to the first element that is the result.
  private func extremum(
    _ geometry: ReductionGeometry, _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    let found = scratch.from(0, count: geometry.outputCount)
    found.update(repeating: 0)
    geometry.forEachElement { result, element in
      guard found[result] == 0, inputs[0][element] == output[result] else { return }
      gradient[element] += outputGradient[result]
      found[result] = 1
    }
  }

  /// The derivative by an element is the product of the others.
  private func product(
    _ geometry: ReductionGeometry, _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    let count = geometry.outputCount
    let (zeros, products) = (scratch.from(0, count: count), scratch.from(count, count: count))
    zeros.update(repeating: 0)
    products.update(repeating: 1)
    let input = inputs[0]
    geometry.forEachElement { result, element in
      if input[element] == 0 { zeros[result] += 1 } else { products[result] *= input[element] }
    }
    geometry.forEachElement { result, element in
      if zeros[result] == 0 {
        gradient[element] += outputGradient[result] * products[result] / input[element]
      } else if zeros[result] == 1, input[element] == 0 {
        gradient[element] += outputGradient[result] * products[result]
      }
    }
  }
}
