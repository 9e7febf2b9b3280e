import EspalierGraph
import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// `∂scale += ∂output · (x − zero point)`, summed over the elements that a scale was repeated for.
  func dequantize(_ call: DequantizeCall) {
    switch call.element {
    case .int8: dequantize(call, of: Int8.self)
    case .uint8: dequantize(call, of: UInt8.self)
    default: dequantize(call, of: Int32.self)
    }
  }

  private func dequantize<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ call: DequantizeCall, of type: Integer.Type
  ) {
    guard let gradient = inputGradients[1] else { return }
    let numbers = tensors.elements(step.inputs[0], as: type)
    let zeros = step.inputs.count > 2 ? tensors.elements(step.inputs[2], as: type) : nil
    call.walk.forEach { at, result in
      let zero = zeros.map { Int64($0[at[2]]) } ?? 0
      gradient[at[1]] += outputGradient[result] * Float(Int64(numbers[at[0]]) - zero)
    }
  }
}
