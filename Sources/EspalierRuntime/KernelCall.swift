import EspalierGraph
import EspalierKernels

/// A node's computation with everything that follows from its shapes worked out.
package protocol PreparedCall: Sendable {
  /// The 4-byte elements of scratch memory that the computation needs.
  var scratchCount: Int { get }

  /// Computes the output.
  func run(_ operands: Operands)
}

extension PreparedCall {
  /// None.
  package var scratchCount: Int { 0 }
}

/// One of the prepared computations.
package enum KernelCall: Sendable {
  /// `Operator.Dense`.
  case dense(DenseCall)
  /// `Operator.Convolution`.
  case convolution(ConvolutionCall)
  /// `Operator.Pooling`.
  case pooling(PoolingCall)
  /// `Operator.Unary`.
  case unary(UnaryCall)
  /// `Operator.Binary`.
  case binary(BinaryCall)
  /// `Operator.Softmax`.
  case softmax(SoftmaxCall)
  /// `Operator.Transpose`, `.Slice` and `.Expand`.
  case strided(StridedCall)
  /// `Operator.Concatenate`.
  case concatenate(ConcatenateCall)
  /// `Operator.Pad`.
  case pad(PadCall)
  /// `Operator.Gather`, `.GatherElements` and `.GatherND`.
  case gather(GatherCall)
  /// `Operator.ScatterElements` and `.ScatterND`.
  case scatter(ScatterCall)
  /// `Operator.MatrixProduct`.
  case matrixProduct(MatrixProductCall)
  /// `Operator.OneHot`.
  case oneHot(OneHotCall)
  /// `Operator.Range`.
  case range(RangeCall)
  /// `Operator.Select`.
  case select(SelectCall)
  /// `Operator.Cast`.
  case cast(CastCall)
  /// `Operator.Quantize`.
  case quantize(QuantizeCall)
  /// `Operator.Dequantize`.
  case dequantize(DequantizeCall)
  /// `Operator.Reduction`.
  case reduction(ReductionCall)
  /// `Operator.ArgReduction`.
  case argReduction(ArgReductionCall)
  /// `Operator.Normalization`.
  case normalization(NormalizationCall)
  /// `Operator.LocalResponseNormalization`.
  case localResponseNormalization(LocalResponseNormalizationCall)
  /// `Operator.CumulativeSum`.
  case cumulativeSum(CumulativeSumCall)
  /// `Operator.TopK`.
  case topK(TopKCall)
  /// `Operator.TransposedConvolution`.
  case transposedConvolution(TransposedConvolutionCall)
  /// `Operator.Resize`.
  case resize(ResizeCall)
  /// `Operator.Recurrent`.
  case recurrent(RecurrentCall)
  /// `Operator.GridSample`.
  case gridSample(GridSampleCall)

  /// Prepares an operator for types that its rule accepted; nil when the output is the input's elements as they are.
  init?(_ operator: Operator, inputs: [TensorType], output: TensorType) {
    if `operator`.isRenaming(from: inputs[0], to: output) { return nil }
    switch `operator` {
    case .dense: self = .dense(DenseCall(inputs, output))
    case .convolution(let rule): self = .convolution(ConvolutionCall(rule, inputs, output))
    case .pooling(let rule): self = .pooling(PoolingCall(rule, inputs, output))
    case .unary(let rule): self = .unary(UnaryCall(rule, inputs))
    case .binary(let rule): self = .binary(BinaryCall(rule, inputs, output))
    case .softmax(let rule): self = .softmax(SoftmaxCall(rule, inputs))
    case .reshape: return nil
    case .transpose(let rule): self = .strided(StridedCall(rule, inputs, output))
    case .slice(let rule): self = .strided(StridedCall(rule, inputs, output))
    case .expand: self = .strided(StridedCall(expanding: inputs, output))
    case .concatenate(let rule): self = .concatenate(ConcatenateCall(rule, inputs))
    case .pad(let rule): self = .pad(PadCall(rule, inputs))
    case .matrixProduct(let rule):
      self = .matrixProduct(MatrixProductCall(rule, inputs, output))
    case .gather(let rule): self = .gather(GatherCall(rule, inputs))
    case .gatherElements(let rule): self = .gather(GatherCall(rule, inputs))
    case .gatherND(let rule): self = .gather(GatherCall(rule, inputs))
    case .scatterElements(let rule): self = .scatter(ScatterCall(rule, inputs))
    case .scatterND(let rule): self = .scatter(ScatterCall(rule, inputs))
    case .oneHot(let rule): self = .oneHot(OneHotCall(rule, inputs))
    case .range: self = .range(RangeCall())
    case .select: self = .select(SelectCall(inputs, output))
    case .cast: self = .cast(CastCall(inputs, output))
    case .quantize: self = .quantize(QuantizeCall(inputs, output))
    case .dequantize: self = .dequantize(DequantizeCall(inputs))
    case .reduction(let rule): self = .reduction(ReductionCall(rule, inputs))
    case .argReduction(let rule): self = .argReduction(ArgReductionCall(rule, inputs))
    case .normalization(let rule): self = .normalization(NormalizationCall(rule, inputs))
    case .localResponseNormalization(let rule):
      self = .localResponseNormalization(LocalResponseNormalizationCall(rule, inputs))
    case .cumulativeSum(let rule): self = .cumulativeSum(CumulativeSumCall(rule, inputs))
    case .topK(let rule): self = .topK(TopKCall(rule, inputs))
    case .transposedConvolution(let rule):
      self = .transposedConvolution(TransposedConvolutionCall(rule, inputs, output))
    case .resize(let rule):
      self = .resize(ResizeCall(rule, inputs, output))
    case .recurrent(let rule): self = .recurrent(RecurrentCall(rule, inputs))
    case .gridSample(let rule): self = .gridSample(GridSampleCall(rule, inputs))
    }
  }

  /// The bytes that were worked out for the shapes and grow with them: only resizes have any.
  var tableByteCount: Int {
    if case .resize(let call) = self { call.tableByteCount } else { 0 }
  }

  /// The 4-byte elements of scratch memory that the computation needs.
  var scratchCount: Int {
    switch self {
    case .dense(let call): call.scratchCount
    case .convolution(let call): call.scratchCount
    case .pooling(let call): call.scratchCount
    case .unary(let call): call.scratchCount
    case .binary(let call): call.scratchCount
    case .softmax(let call): call.scratchCount
    case .strided(let call): call.scratchCount
    case .concatenate(let call): call.scratchCount
    case .pad(let call): call.scratchCount
    case .gather(let call): call.scratchCount
    case .scatter(let call): call.scratchCount
    case .matrixProduct(let call): call.scratchCount
    case .oneHot(let call): call.scratchCount
    case .range(let call): call.scratchCount
    case .select(let call): call.scratchCount
    case .cast(let call): call.scratchCount
    case .quantize(let call): call.scratchCount
    case .dequantize(let call): call.scratchCount
    case .reduction(let call): call.scratchCount
    case .argReduction(let call): call.scratchCount
    case .normalization(let call): call.scratchCount
    case .localResponseNormalization(let call): call.scratchCount
    case .cumulativeSum(let call): call.scratchCount
    case .topK(let call): call.scratchCount
    case .transposedConvolution(let call): call.scratchCount
    case .resize(let call): call.scratchCount
    case .recurrent(let call): call.scratchCount
    case .gridSample(let call): call.scratchCount
    }
  }

  /// Computes the output.
  fileprivate func run(_ operands: Operands) {
    switch self {
    case .dense(let call): call.run(operands)
    case .convolution(let call): call.run(operands)
    case .pooling(let call): call.run(operands)
    case .unary(let call): call.run(operands)
    case .binary(let call): call.run(operands)
    case .softmax(let call): call.run(operands)
    case .strided(let call): call.run(operands)
    case .concatenate(let call): call.run(operands)
    case .pad(let call): call.run(operands)
    case .gather(let call): call.run(operands)
    case .scatter(let call): call.run(operands)
    case .matrixProduct(let call): call.run(operands)
    case .oneHot(let call): call.run(operands)
    case .range(let call): call.run(operands)
    case .select(let call): call.run(operands)
    case .cast(let call): call.run(operands)
    case .quantize(let call): call.run(operands)
    case .dequantize(let call): call.run(operands)
    case .reduction(let call): call.run(operands)
    case .argReduction(let call): call.run(operands)
    case .normalization(let call): call.run(operands)
    case .localResponseNormalization(let call): call.run(operands)
    case .cumulativeSum(let call): call.run(operands)
    case .topK(let call): call.run(operands)
    case .transposedConvolution(let call): call.run(operands)
    case .resize(let call): call.run(operands)
    case .recurrent(let call): call.run(operands)
    case .gridSample(let call): call.run(operands)
    }
  }
}

extension Step {
  /// Refuses indices and lengths that name nothing.
  ///
  /// - Throws: `RuntimeError.outOfRange`.
  func validateIndices(on tensors: TensorTable) throws(RuntimeError) {
    let found: (index: Int, range: ClosedRange<Int>)?
    switch call {
    case .gather(let call):
      found = call.places.firstOutside(tensors.indices(inputs[1], call.indexElement))
    case .scatter(let call):
      found = call.places.firstOutside(tensors.indices(inputs[1], call.indexElement))
    case .recurrent(let call):
      guard let element = call.lengthElement else { return }
      let (lengths, range) = (tensors.indices(inputs[3], element), 0...call.layer.steps)
      found = lengths.firstPlace(outside: range).map { (lengths[$0], range) }
    case .dense, .convolution, .pooling, .unary, .binary, .softmax, .strided, .concatenate, .pad,
      .matrixProduct, .oneHot, .range, .select, .cast, .quantize, .dequantize, .reduction,
      .argReduction, .normalization, .localResponseNormalization, .cumulativeSum, .topK,
      .transposedConvolution, .resize, .gridSample:
      return
    }
    if let found { throw .outOfRange(node: node, value: found.index, allowed: found.range) }
  }

  /// Computes the output slot from the input slots.
  package func run(on tensors: TensorTable) {
    call.run(Operands(inputs: inputs, outputSlot: output, tensors: tensors))
    for function in epilogue {
      function.run(Operands(inputs: [output], outputSlot: output, tensors: tensors))
    }
  }
}
