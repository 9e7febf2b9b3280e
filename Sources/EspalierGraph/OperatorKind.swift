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
  /// `Select`.
  case select = 24
  /// `Cast`.
  case cast = 25
  /// `Quantize`.
  case quantize = 32
  /// `Dequantize`.
  case dequantize = 33

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
    case .select: "select"
    case .cast: "cast"
    case .quantize: "quantize"
    case .dequantize: "dequantize"
    }
  }
}
