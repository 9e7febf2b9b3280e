import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Three numbers for each result of a reduction, one for each element of an item, and what reducing needs.
  static func normalizationScratchCount(_ call: NormalizationCall) -> Int {
    let item = call.geometry.item
    return 3 * item.outputCount + item.inputCount + item.scratchCount
  }

  /// `∂input += (∂output − mean of ∂output − output · mean of (∂output · output)) / √(variance + epsilon)`, without the
  /// first mean where none was subtracted.
  func normalization(_ call: NormalizationCall) {
    guard inputGradients[0] != nil else { return }
    for index in 0..<call.geometry.items { normalizedItem(call, index) }
  }

  private func normalizedItem(_ call: NormalizationCall, _ index: Int) {
    let item = call.geometry.item
    let (count, results) = (item.inputCount, item.outputCount)
    func part(_ buffer: UnsafeMutableBufferPointer<Float>) -> UnsafeMutableBufferPointer<Float> {
      buffer.from(index * count, count: count)
    }
    let (x, y, g) = (part(inputs[0]), part(output), part(outputGradient))
    let scale = scratch.from(0, count: results)
    let gradientMean = scratch.from(results, count: results)
    let productMean = scratch.from(2 * results, count: results)
    let values = scratch.from(3 * results, count: count)

    reduced(x, .mean, item, into: productMean)
    item.forEachElement { values[$1] = call.isCentred ? x[$1] - productMean[$0] : x[$1] }
    reduced(values, .sumOfSquares, item, into: scale)
    for result in 0..<results {
      scale[result] = 1 / (scale[result] / Float(item.reducedCount) + call.epsilon).squareRoot()
    }
    reduced(g, .mean, item, into: gradientMean)
    for element in 0..<count { values[element] = g[element] * y[element] }
    reduced(values, .mean, item, into: productMean)

    guard let gradient = inputGradients[0].map(part) else { return }
    item.forEachElement { result, element in
      let centred = call.isCentred ? g[element] - gradientMean[result] : g[element]
      gradient[element] += scale[result] * (centred - y[element] * productMean[result])
    }
  }

  private func reduced(
    _ values: UnsafeMutableBufferPointer<Float>, _ function: ReductionKernel,
    _ item: ReductionGeometry, into results: UnsafeMutableBufferPointer<Float>
  ) {
    var rest = scratch.from(3 * item.outputCount + item.inputCount).mutableSpan
    var result = results.mutableSpan
    reduce(values.span, function, item, scratch: &rest, output: &result)
  }
}
