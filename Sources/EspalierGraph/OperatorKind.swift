/// The number of an operator in files; a number's meaning never changes.
public enum OperatorKind: UInt32, Sendable, CaseIterable {
  /// `Dense`.
  case dense = 1
  /// `Convolution`.
  case convolution = 2
  /// `Pooling`.
  case pooling = 3
  /// `Unary`.
  case unary = 4
  /// `Binary`.
  case binary = 5
  /// `Softmax`.
  case softmax = 6
  /// `Reshape`.
  case reshape = 7
  /// `Transpose`.
  case transpose = 8
  /// `Slice`.
  case slice = 9
  /// `Expand`.
  case expand = 10
  /// `Concatenate`.
  case concatenate = 11
  /// `Pad`.
  case pad = 13
  /// `MatrixProduct`.
  case matrixProduct = 18
  /// `Gather`.
  case gather = 19
  /// `GatherElements`.
  case gatherElements = 20
  /// `GatherND`.
  case gatherND = 21
  /// `ScatterElements`.
  case scatterElements = 22
  /// `ScatterND`.
  case scatterND = 23
  /// `OneHot`.
  case oneHot = 29
  /// `Range`.
  case range = 30
  /// `Select`.
  case select = 24
  /// `Cast`.
  case cast = 25
  /// `Quantize`.
  case quantize = 32
  /// `Dequantize`.
  case dequantize = 33
  /// `TransposedConvolution`.
  case transposedConvolution = 12
  /// `Reduction`.
  case reduction = 14
  /// `ArgReduction`.
  case argReduction = 15
  /// `Normalization`.
  case normalization = 16
  /// `LocalResponseNormalization`.
  case localResponseNormalization = 17
  /// `Resize`.
  case resize = 26
  /// `CumulativeSum`.
  case cumulativeSum = 27
  /// `TopK`.
  case topK = 28
  /// `Recurrent`.
  case recurrent = 31
  /// `GridSample`.
  case gridSample = 34

  /// The operator's name in the schema.
  public var label: String {
    switch self {
    case .dense: "dense"
    case .convolution: "convolution"
    case .pooling: "pooling"
    case .unary: "unary"
    case .binary: "binary"
    case .softmax: "softmax"
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .slice: "slice"
    case .expand: "expand"
    case .concatenate: "concatenate"
    case .pad: "pad"
    case .matrixProduct: "matrix_product"
    case .gather: "gather"
    case .gatherElements: "gather_elements"
    case .gatherND: "gather_nd"
    case .scatterElements: "scatter_elements"
    case .scatterND: "scatter_nd"
    case .oneHot: "one_hot"
    case .range: "range"
    case .select: "select"
    case .cast: "cast"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    case .transposedConvolution: "transposed_convolution"
    case .reduction: "reduction"
    case .argReduction: "arg_reduction"
    case .normalization: "normalization"
    case .localResponseNormalization: "local_response_normalization"
    case .resize: "resize"
    case .cumulativeSum: "cumulative_sum"
    case .topK: "top_k"
    case .recurrent: "recurrent"
    case .gridSample: "grid_sample"
    }
  }
}
