/// What a node computes: one of a closed set of operators with its attributes.
public enum Operator: Sendable, Equatable {
  /// A fully connected layer.
  case dense(Dense)
  /// A convolution over one to three spatial axes.
  case convolution(Convolution)
  /// A maximum or average over windows.
  case pooling(Pooling)
  /// A function of each element.
  case unary(Unary)
  /// A function of pairs of elements, with broadcasting.
  case binary(Binary)
  /// A normalised exponential over the last axis.
  case softmax(Softmax)
  /// The same elements in another shape.
  case reshape(Reshape)
  /// The same elements with their axes in another order.
  case transpose(Transpose)
  /// Some elements along each axis.
  case slice(Slice)
  /// The same elements, repeated.
  case expand(Expand)
  /// Inputs one after the other.
  case concatenate(Concatenate)
  /// The same elements with others around them.
  case pad(Pad)
  /// Products of matrices, with broadcasting.
  case matrixProduct(MatrixProduct)
  /// Parts at chosen positions along an axis.
  case gather(Gather)
  /// Elements at chosen positions along an axis.
  case gatherElements(GatherElements)
  /// Parts at tuples of positions.
  case gatherND(GatherND)
  /// Updates of elements at chosen positions along an axis.
  case scatterElements(ScatterElements)
  /// Updates of parts at tuples of positions.
  case scatterND(ScatterND)
  /// Where along a new axis each index points.
  case oneHot(OneHot)
  /// The positions along an axis.
  case range(Range)
  /// A choice between two elements for each condition.
  case select(Select)
  /// The same numbers as elements of another type.
  case cast(Cast)
  /// Numbers as integers on a scale.
  case quantize(Quantize)
  /// The numbers that integers on a scale stand for.
  case dequantize(Dequantize)
  /// The transpose of a convolution.
  case transposedConvolution(TransposedConvolution)
  /// A sum, mean, maximum, minimum or product over axes.
  case reduction(Reduction)
  /// Where a maximum or minimum is.
  case argReduction(ArgReduction)
  /// Elements brought to one scale over axes.
  case normalization(Normalization)
  /// Elements divided by what their neighbouring channels amount to.
  case localResponseNormalization(LocalResponseNormalization)
  /// Other sizes by interpolation.
  case resize(Resize)
  /// The sum or product of all elements so far.
  case cumulativeSum(CumulativeSum)
  /// Where the largest or smallest elements are.
  case topK(TopK)
  /// An LSTM, GRU or layer without gates, in one direction.
  case recurrent(Recurrent)
  /// Images sampled at given points.
  case gridSample(GridSample)

  /// Makes the operator of a kind, refusing missing, wrong and unknown attributes.
  public init(_ kind: OperatorKind, attributes: [Attribute]) throws(OperatorError) {
    var reader = try AttributeReader(attributes)
    switch kind {
    case .dense: self = .dense(try Dense(reading: &reader))
    case .convolution: self = .convolution(try Convolution(reading: &reader))
    case .pooling: self = .pooling(try Pooling(reading: &reader))
    case .unary: self = .unary(try Unary(reading: &reader))
    case .binary: self = .binary(try Binary(reading: &reader))
    case .softmax: self = .softmax(try Softmax(reading: &reader))
    case .reshape: self = .reshape(try Reshape(reading: &reader))
    case .transpose: self = .transpose(try Transpose(reading: &reader))
    case .slice: self = .slice(try Slice(reading: &reader))
    case .expand: self = .expand(try Expand(reading: &reader))
    case .concatenate: self = .concatenate(try Concatenate(reading: &reader))
    case .pad: self = .pad(try Pad(reading: &reader))
    case .matrixProduct: self = .matrixProduct(try MatrixProduct(reading: &reader))
    case .gather: self = .gather(try Gather(reading: &reader))
    case .gatherElements: self = .gatherElements(try GatherElements(reading: &reader))
    case .gatherND: self = .gatherND(try GatherND(reading: &reader))
    case .scatterElements: self = .scatterElements(try ScatterElements(reading: &reader))
    case .scatterND: self = .scatterND(try ScatterND(reading: &reader))
    case .oneHot: self = .oneHot(try OneHot(reading: &reader))
    case .range: self = .range(try Range(reading: &reader))
    case .select: self = .select(try Select(reading: &reader))
    case .cast: self = .cast(try Cast(reading: &reader))
    case .quantize: self = .quantize(try Quantize(reading: &reader))
    case .dequantize: self = .dequantize(try Dequantize(reading: &reader))
    case .transposedConvolution:
      self = .transposedConvolution(try TransposedConvolution(reading: &reader))
    case .reduction: self = .reduction(try Reduction(reading: &reader))
    case .argReduction: self = .argReduction(try ArgReduction(reading: &reader))
    case .normalization: self = .normalization(try Normalization(reading: &reader))
    case .localResponseNormalization:
      self = .localResponseNormalization(try LocalResponseNormalization(reading: &reader))
    case .resize: self = .resize(try Resize(reading: &reader))
    case .cumulativeSum: self = .cumulativeSum(try CumulativeSum(reading: &reader))
    case .topK: self = .topK(try TopK(reading: &reader))
    case .recurrent: self = .recurrent(try Recurrent(reading: &reader))
    case .gridSample: self = .gridSample(try GridSample(reading: &reader))
    }
    try reader.finish()
  }

  /// Does something with the operator's rule.
  package func accept<Visitor: RuleVisitor>(
    _ visitor: Visitor
  ) throws(Visitor.Failure) -> Visitor.Result {
    switch self {
    case .dense(let rule): try visitor.visit(rule)
    case .convolution(let rule): try visitor.visit(rule)
    case .pooling(let rule): try visitor.visit(rule)
    case .unary(let rule): try visitor.visit(rule)
    case .binary(let rule): try visitor.visit(rule)
    case .softmax(let rule): try visitor.visit(rule)
    case .reshape(let rule): try visitor.visit(rule)
    case .transpose(let rule): try visitor.visit(rule)
    case .slice(let rule): try visitor.visit(rule)
    case .expand(let rule): try visitor.visit(rule)
    case .concatenate(let rule): try visitor.visit(rule)
    case .pad(let rule): try visitor.visit(rule)
    case .matrixProduct(let rule): try visitor.visit(rule)
    case .gather(let rule): try visitor.visit(rule)
    case .gatherElements(let rule): try visitor.visit(rule)
    case .gatherND(let rule): try visitor.visit(rule)
    case .scatterElements(let rule): try visitor.visit(rule)
    case .scatterND(let rule): try visitor.visit(rule)
    case .oneHot(let rule): try visitor.visit(rule)
    case .range(let rule): try visitor.visit(rule)
    case .select(let rule): try visitor.visit(rule)
    case .cast(let rule): try visitor.visit(rule)
    case .quantize(let rule): try visitor.visit(rule)
    case .dequantize(let rule): try visitor.visit(rule)
    case .transposedConvolution(let rule): try visitor.visit(rule)
    case .reduction(let rule): try visitor.visit(rule)
    case .argReduction(let rule): try visitor.visit(rule)
    case .normalization(let rule): try visitor.visit(rule)
    case .localResponseNormalization(let rule): try visitor.visit(rule)
    case .resize(let rule): try visitor.visit(rule)
    case .cumulativeSum(let rule): try visitor.visit(rule)
    case .topK(let rule): try visitor.visit(rule)
    case .recurrent(let rule): try visitor.visit(rule)
    case .gridSample(let rule): try visitor.visit(rule)
    }
  }

  /// The operator's number in files.
  public var kind: OperatorKind { accept(KindVisitor()) }

  /// The attributes in ascending order of their keys, defaults left out.
  public var attributes: [Attribute] { accept(AttributesVisitor()) }

  /// Whether operands may have elements of these types, each by itself.
  package func accepts(_ elements: [ElementType]) -> Bool {
    accept(AcceptsVisitor(elements: elements))
  }

  /// The shape rule, with the number of inputs and their element types checked first.
  public func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
    try accept(OutputTypeVisitor(inputs: inputs))
  }

  /// The multiplications followed by an addition that computing the output takes.
  public func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
    accept(MultiplyAddsVisitor(inputs: inputs, output: output))
  }
}
