internal import EspalierFormat
internal import EspalierGraph
internal import EspalierWriter

extension ONNXError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it, in words.
  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .notWritten(let error): "\(error)"
    case .notONNX:
      "the bytes are no ONNX document, or not all of one; fetch or export it again"
    case .outOfMemory:
      "there is not enough memory to read it"
    case .overLimit(let kind, let found, let limit, let place):
      "\(place): \(found) \(kind.label), but the limit is \(limit)"
    case .unsupportedIRVersion(let version?):
      "the file has version \(version) of the format; versions "
        + "\(Self.range(ONNXModel.irVersions)) are supported; export it with another version of ONNX"
    case .unsupportedIRVersion(nil):
      "the file does not say its version of the format (ir_version); is it an ONNX model?"
    case .unsupportedOpset(let version, let place):
      "\(place): needs version \(version) of ONNX's operators; versions "
        + "\(Self.range(ONNXModel.opsetVersions)) are supported; export it with one of them, "
        + "or convert it with onnx.version_converter"
    case .duplicateOpset(let domain, let place):
      "\(place): gives two versions of \(Self.operators(domain)); export it anew"
    case .badOpset(let domain, let version, let place):
      "\(place): \(version) is no version of \(Self.operators(domain))"
    case .noOpset(let domain, let place):
      "\(place): no version of \(Self.operators(domain)) is given (opset_import)"
    case .noGraph: "the model has no graph; it is not a whole model"
    case .noOutputs: "the graph has no outputs; name those that are wanted when exporting"
    case .sparseInitializers(let count):
      "the graph has \(count) sparse initializers, which are not supported; store them dense"
    case .badName(let place):
      "\(place): a name is missing, has control characters, or is no UTF-8"
    case .duplicateValue(let name, let place):
      "\(place): makes \"\(name)\", which is made elsewhere already; values need different names"
    case .duplicateInfo(let name, let place):
      "\(place): \"\(name)\" stands there twice"
    case .unknownValue(let name, let place):
      "\(place): needs \"\(name)\", which is no input, initializer or result of a node"
    case .cycle(let nodes):
      "nodes need one another's results: \(Self.chain(nodes.map { "\($0)" }))"
    case .badTensor(let problem, let place): "\(place): \(problem)"
    case .badExternalData(let problem, let file, let place):
      file.isEmpty ? "\(place): \(problem)" : "\(place): external data \"\(file)\": \(problem)"
    case .badDimension(let place):
      "\(place): a size is negative, or a number and a symbol at once"
    case .ambiguousType(let place): "\(place): the type is several at once"
    case .unknownElementType(let number, let place):
      "\(place): unknown element type \(number)"
    case .duplicateAttribute(let place): "\(place): stands twice"
    case .unknownAttributeKind(let number, let place):
      number == 0 ? "\(place): does not say what it holds" : "\(place): unknown kind \(number)"
    case .strayAttributeValue(let kind, let place):
      "\(place): says that it is \(kind), but has a value of another kind"
    case .missingAttributeValue(let kind, let place):
      "\(place): says that it is \(kind), but has no value"
    case .referenceOutsideFunction(let place):
      "\(place): refers to an attribute of a caller, but is in no function"
    case .duplicateFunction(let name): "function \(name): stands twice"
    case .recursiveFunctions(let names):
      "functions call one another, which ONNX does not allow: \(Self.chain(names))"
    case .tooManyArguments(let found, let expected, let place):
      "\(place): has \(found) inputs or outputs, but the function it calls has \(expected)"
    case .wrongAttributeKind(let kind, let expected, let place):
      "\(place): is \(kind), but the function it is given to needs \(expected)"
    case .tooLargeToWrite(let bytes, let limit):
      "the model takes \(bytes) bytes; an ONNX file can have \(limit) at most"
    }
  }

  private static func range(_ versions: ClosedRange<Int>) -> String {
    "\(versions.lowerBound) to \(versions.upperBound)"
  }

  private static func operators(_ domain: String) -> String {
    domain.isEmpty ? "ONNX's operators" : "the operators of domain \"\(domain)\""
  }

  /// A circle of names, of which a long one is cut short.
  private static func chain(_ names: [String]) -> String {
    guard let first = names.first else { return "" }
    let shown = names.prefix(8).joined(separator: " -> ")
    return names.count > 8
      ? shown + " -> \(names.count - 8) more -> \(first)" : shown + " -> \(first)"
  }
}

extension ONNXTensorProblem: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .noElementType: "does not say what its elements are (data_type)"
    case .unknownElementType(let number): "unknown element type \(number)"
    case .negativeDimension(let size): "the size \(size) is negative"
    case .tooLarge: "its sizes multiply to more elements than there can be"
    case .severalFields(let first, let second):
      "has numbers both in \(first) and in \(second)"
    case .wrongField(let field, let element): "has \(field), which is not for \(element)"
    case .wrongByteCount(let expected, let found):
      "its sizes ask for \(expected) bytes, but there are \(found)"
    case .wrongCount(let expected, let found):
      "its sizes ask for \(expected) elements, but there are \(found)"
    case .numberOutOfRange(let number, let element): "\(number) is no \(element)"
    case .segment: "is a segment of a tensor, which is not supported; store tensors whole"
    }
  }
}

extension ONNXExternalProblem: CustomStringConvertible {
  /// What is wrong and what to do, in words.
  public var description: String {
    switch self {
    case .noFolder: "the model was not read from a file, so there is no folder to look in"
    case .numbersInBoth: "the tensor has numbers of its own as well"
    case .strings: "strings cannot lie in another file"
    case .duplicateKey(let key): "\(key) is given twice"
    case .noLocation: "no file is named"
    case .absolutePath: "the path is absolute; only files beside the model are read"
    case .parentFolder: "the path leads out of the model's folder; only files in it are read"
    case .emptyComponent: "the path has an empty component"
    case .symbolicLink:
      "there is a symbolic link on the way, which is not followed; put the file itself beside the model"
    case .notAFile: "it is no regular file"
    case .badNumber(let key): "\(key) is no number of bytes"
    case .wrongLength(let expected, let found):
      "the tensor takes \(expected) bytes, but \(found) are said to be there"
    case .beyondEnd(let needed, let fileBytes):
      "the file has \(fileBytes) bytes, but \(needed) are needed; fetch it again"
    case .unreadable(let error): "\(error)"
    }
  }
}
