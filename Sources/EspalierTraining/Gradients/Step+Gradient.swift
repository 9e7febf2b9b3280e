import EspalierGraph
import EspalierKernels
package import EspalierRuntime

/// A step with the memory that its gradient rule reads and adds to.
package struct StepGradient {
  /// The step.
  package let step: Step
  /// The memory of all slots, for operands that are not float32.
  package let tensors: TensorTable
  /// The float32 operands; the others' memory seen as such.
  package let inputs: [UnsafeMutableBufferPointer<Float>]
  /// The result.
  package let output: UnsafeMutableBufferPointer<Float>
  /// The gradients by the operands, where they are wanted; rules add to them.
  package let inputGradients: [UnsafeMutableBufferPointer<Float>?]
  /// The gradient by the result.
  package let outputGradient: UnsafeMutableBufferPointer<Float>
  /// Memory of at least `step.gradientScratchCount` elements.
  package let scratch: UnsafeMutableBufferPointer<Float>

  /// Gathers the memory of a step.
  package init(
    step: Step, tensors: TensorTable,
    inputGradients: [UnsafeMutableBufferPointer<Float>?],
    outputGradient: UnsafeMutableBufferPointer<Float>,
    scratch: UnsafeMutableBufferPointer<Float>
  ) {
    self.step = step
    self.tensors = tensors
    inputs = step.inputs.map { tensors[$0] }
    output = tensors[step.output]
    self.inputGradients = inputGradients
    self.outputGradient = outputGradient
    self.scratch = scratch
  }

  /// Adds the gradients by the operands that the gradient by the result implies.
  package func run() {
    switch step.call {
    case .dense(let call): dense(call)
    case .convolution(let call): convolution(call.geometry)
    case .pooling(let call): pooling(call)
    case .unary(let call): unary(call)
    case .binary(let call): binary(call)
    case .softmax(let call): softmax(call)
    case .strided(let call): strided(call.copy)
    case .concatenate(let call): concatenate(columns: call.columns)
    case .pad(let call): pad(call)
    case .gather(let call): gather(call)
    case .scatter(let call): scatter(call)
    case .matrixProduct(let call): matrixProducts(call.products)
    case .oneHot, .range: break  // no numbers that could change a little
    case .select(let call): select(call)
    case .dequantize(let call): dequantize(call)
    case .cast, .quantize: break  // Only one of operand and output is float32.
    case .reduction(let call): reduction(call)
    case .normalization(let call): normalization(call)
    case .localResponseNormalization(let call): localResponseNormalization(call.response)
    case .cumulativeSum(let call): cumulativeSum(call)
    case .transposedConvolution(let call): transposedConvolution(call.geometry)
    case .resize(let call): resize(call)
    // Positions do not change with what lies there.
    case .argReduction, .topK: break
    case .recurrent(let call): recurrent(call)
    case .gridSample(let call): gridSample(call.sampling)
    }
  }
}

extension Step {
  /// The elements of scratch memory that the gradient rule needs.
  package var gradientScratchCount: Int {
    switch call {
    case .dense(let call): call.inputs * call.outputs
    case .convolution(let call): StepGradient.convolutionScratchCount(call.geometry)
    case .pooling, .unary, .binary, .softmax, .strided, .concatenate: 0
    case .scatter(let call): StepGradient.scatterScratchCount(call.places)
    case .matrixProduct(let call): StepGradient.matrixProductScratchCount(call.products)
    case .pad, .gather, .oneHot, .range: 0
    case .select, .cast, .quantize, .dequantize: 0
    case .reduction(let call): StepGradient.reductionScratchCount(call)
    case .normalization(let call): StepGradient.normalizationScratchCount(call)
    case .localResponseNormalization(let call): 2 * call.response.channels
    case .transposedConvolution(let call):
      StepGradient.transposedConvolutionScratchCount(call.geometry)
    case .resize(let call): call.scratchCount
    case .argReduction, .topK, .cumulativeSum: 0
    case .recurrent(let call): StepGradient.recurrentScratchCount(call.layer)
    case .gridSample: 0
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// The elements from a position on, at most `count` of them.
  func from(_ start: Int, count: Int? = nil) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: self[start..<(count.map { start + $0 } ?? self.count)])
  }
}

/// Adds the sum over the rows of a matrix to a vector.
func addColumnSums(
  _ matrix: UnsafeMutableBufferPointer<Float>, columns: Int,
  to sums: UnsafeMutableBufferPointer<Float>
) {
  var result = sums.mutableSpan
  for row in stride(from: 0, to: matrix.count, by: columns) {
    addScaled(1, matrix.from(row, count: columns).span, to: &result)
  }
}
