public import EspalierFormat
public import EspalierGraph
public import EspalierWriter

/// A limit that a document exceeds; see `ONNXLimits`.
public enum ONNXLimit: Sendable, Equatable {
  /// Bytes of memory.
  case memory
  /// Nodes.
  case nodes
  /// Elements of one list.
  case listCount
  /// Bytes of a name.
  case nameBytes
  /// Dimensions of a tensor.
  case rank
  /// Functions inside one another.
  case functionDepth

  /// The limit in messages.
  public var label: String {
    switch self {
    case .memory: "bytes of memory"
    case .nodes: "nodes"
    case .listCount: "elements of one list"
    case .nameBytes: "bytes of a name"
    case .rank: "dimensions"
    case .functionDepth: "functions inside one another"
    }
  }
}

/// What is wrong with a tensor.
public enum ONNXTensorProblem: Sendable, Equatable {
  /// It does not say what its elements are.
  case noElementType
  /// Its elements are of a format of this number, which ONNX does not define.
  case unknownElementType(Int32)
  /// A size is negative.
  case negativeDimension(Int64)
  /// Its sizes multiply to more than there can be.
  case tooLarge
  /// It has numbers in several fields, here two of them.
  case severalFields(String, String)
  /// Its numbers are in a field that is not for its format.
  case wrongField(String, ONNXElementType)
  /// Its sizes ask for another number of bytes than there are.
  case wrongByteCount(expected: Int, found: Int)
  /// Its sizes ask for another number of numbers or strings than there are.
  case wrongCount(expected: Int, found: Int)
  /// A number does not fit the format.
  case numberOutOfRange(Int64, ONNXElementType)
  /// It is one of several segments.
  case segment
}

/// What is wrong with the file that the numbers of a tensor are said to lie in.
public enum ONNXExternalProblem: Error, Sendable, Equatable {
  /// The document was not read from a file, so there is no folder to look in.
  case noFolder
  /// The tensor has numbers of its own as well.
  case numbersInBoth
  /// The tensor's elements are strings, which cannot lie in another file.
  case strings
  /// An entry of this key stands twice.
  case duplicateKey(String)
  /// No file is named.
  case noLocation
  /// The path is absolute.
  case absolutePath
  /// The path has a component `..`.
  case parentFolder
  /// The path has an empty component.
  case emptyComponent
  /// The path, or a folder on the way, is a symbolic link.
  case symbolicLink
  /// There is a folder, a device or a pipe.
  case notAFile
  /// The value of a key is no number of bytes.
  case badNumber(String)
  /// The tensor has another number of bytes than the file is said to hold of it.
  case wrongLength(expected: Int, found: Int)
  /// The file ends before the numbers do.
  case beyondEnd(needed: Int, fileBytes: Int)
  /// The operating system refused to open or read the file.
  case unreadable(FormatError)
}

/// Why an ONNX document is refused.
public enum ONNXError: Error, Sendable, Equatable {
  /// The file could not be read.
  case unreadable(FormatError)
  /// The file could not be written.
  case notWritten(WriterError)
  /// The bytes are no ONNX model or tensor.
  case notONNX
  /// The machine has no memory left.
  case outOfMemory
  /// Something is more than a limit allows.
  case overLimit(ONNXLimit, found: Int, limit: Int, ONNXPlace)
  /// The version of the file format is not supported, or missing.
  case unsupportedIRVersion(Int64?)
  /// The version of ONNX's own operators is not supported.
  case unsupportedOpset(Int64, ONNXPlace)
  /// Two versions are given for the operators of one domain.
  case duplicateOpset(domain: String, ONNXPlace)
  /// The version of a domain's operators is no positive number.
  case badOpset(domain: String, Int64, ONNXPlace)
  /// A node is of a domain of which no version is given.
  case noOpset(domain: String, ONNXPlace)
  /// The model has no graph.
  case noGraph
  /// The graph has no outputs.
  case noOutputs
  /// The graph has initializers that are sparse.
  case sparseInitializers(Int)
  /// A name is empty, has control characters, or is no UTF-8.
  case badName(ONNXPlace)
  /// Two inputs, initializers or results of nodes have one name.
  case duplicateValue(Name, ONNXPlace)
  /// Two outputs or descriptions of values have one name.
  case duplicateInfo(Name, ONNXPlace)
  /// A node or output needs a value that nothing makes.
  case unknownValue(Name, ONNXPlace)
  /// Nodes need one another, in this order.
  case cycle([ONNXNodePlace])
  /// A tensor is not valid.
  case badTensor(ONNXTensorProblem, ONNXPlace)
  /// The numbers of a tensor could not be taken from the file that is to have them.
  case badExternalData(ONNXExternalProblem, file: String, ONNXPlace)
  /// The type of a value has a size that is negative, or is a number and a symbol at once.
  case badDimension(ONNXPlace)
  /// The type of a value is several at once.
  case ambiguousType(ONNXPlace)
  /// The type of a value has elements of a format of this number, which ONNX does not define.
  case unknownElementType(Int32, ONNXPlace)
  /// An attribute stands twice.
  case duplicateAttribute(ONNXPlace)
  /// An attribute is of a kind of this number, which ONNX does not define.
  case unknownAttributeKind(Int64, ONNXPlace)
  /// An attribute has a value of another kind than it says.
  case strayAttributeValue(ONNXAttribute.Kind, ONNXPlace)
  /// An attribute has no value of the kind that it says.
  case missingAttributeValue(ONNXAttribute.Kind, ONNXPlace)
  /// A node outside of functions takes an attribute from a caller.
  case referenceOutsideFunction(ONNXPlace)
  /// Two functions have one domain, name and overload.
  case duplicateFunction(String)
  /// Functions call one another, in this order.
  case recursiveFunctions([String])
  /// A call gives more inputs, or takes more outputs, than its function has.
  case tooManyArguments(found: Int, expected: Int, ONNXPlace)
  /// A call gives an attribute that is of another kind than is meant.
  case wrongAttributeKind(ONNXAttribute.Kind, expected: ONNXAttribute.Kind, ONNXPlace)
  /// The document would take more bytes than a protobuf message can.
  case tooLargeToWrite(bytes: Int, limit: Int)
}
