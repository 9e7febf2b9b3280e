import EspalierGraph
import EspalierONNX
import EspalierRuntime
import Testing

/// Expects a document, as an optimized model and as it is, to answer inputs with outputs, each number with an error of at
/// most 1e-7 and `tolerance` times the number.
func expectAnswers(
  _ document: ONNXModel, inputs: [ONNXTensor], _ outputs: [ONNXTensor], tolerance: Double = 0,
  at location: SourceLocation = #_sourceLocation
) throws {
  let imported = try ImportedModel(document)
  let sizes = symbolSizes(imported.model, inputs)
  for (model, title) in [(imported.model, "optimized"), (imported.plain, "plain")] {
    var session = try Session(model, sizes: sizes)
    for input in inputs where session.plan.inputs.contains(where: { $0.name == input.name }) {
      let (element, bytes) = given(input)
      try session.setInput(input.name, element: element, bytes: bytes.span.bytes)
    }
    try session.run()
    for expected in outputs {
      let name = "\(title), \(expected.name)"
      guard expected.element != .string else {
        #expect(try isTold(expected.strings, model, session), "\(name)", sourceLocation: location)
        continue
      }
      let planned = try #require(
        session.plan.outputs.first { $0.name == expected.name }, sourceLocation: location)
      #expect(planned.shape.sizes == expected.dimensions, "\(name)", sourceLocation: location)
      let bytes = try session.outputBytes(of: planned.head).withUnsafeBytes { Array($0) }
      let found = numbers(bytes, planned.element)
      let (element, wanted) = given(expected)
      #expect(planned.element == element, "\(name)", sourceLocation: location)
      let wrong = zip(found, numbers(wanted, element)).enumerated().first { _, pair in
        let (found, wanted) = pair
        if found == wanted || found.isNaN && wanted.isNaN { return false }
        return !((found - wanted).magnitude <= 1e-7 + tolerance * wanted.magnitude)
      }
      #expect(
        wrong == nil, "\(name)[\(wrong?.offset ?? 0)]: \(wrong.map { "\($0.element)" } ?? "")",
        sourceLocation: location)
    }
  }
}

/// Whether texts are the labels of the largest numbers that a head of them has in each row.
private func isTold(_ texts: [Name], _ model: Model, _ session: borrowing Session) throws -> Bool {
  try model.heads.contains { head in
    let labels = head.description.labels
    guard !labels.isEmpty, Set(labels).isSuperset(of: texts),
      let planned = session.plan.outputs.first(where: { $0.head == head.name })
    else { return false }
    let bytes = try session.outputBytes(of: head.name).withUnsafeBytes { Array($0) }
    let found = numbers(bytes, planned.element)
    guard found.count == texts.count * labels.count else { return false }
    return texts.indices.allSatisfy { row in
      let scores = found[row * labels.count..<(row + 1) * labels.count]
      let largest = scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex
      return labels[largest - scores.startIndex] == texts[row]
    }
  }
}

/// What the inputs' shapes say of open sizes.
private func symbolSizes(_ model: Model, _ inputs: [ONNXTensor]) -> SymbolSizes {
  var sizes: [(symbol: Name, size: Int)] = []
  for input in model.trunk.graph.inputs {
    guard let tensor = inputs.first(where: { $0.name == input.name }) else { continue }
    for (dimension, size) in zip(input.dimensions, tensor.dimensions) {
      guard case .symbol(let name, _) = dimension, !sizes.contains(where: { $0.symbol == name })
      else { continue }
      sizes.append((name, size))
    }
  }
  let batch = sizes.first { $0.symbol == SymbolSizes.batch }?.size ?? 1
  return SymbolSizes(batch: batch, sizes.filter { $0.symbol != SymbolSizes.batch })
}

/// The elements of a tensor as inputs and outputs of models have them.
private func given(_ tensor: ONNXTensor) -> (ElementType, [UInt8]) {
  let bytes = tensor.numbers.bytes.withUnsafeBytes { Array($0) }
  func converted<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _ convert: (Source) -> Target
  ) -> [UInt8] {
    let values = bytes.withUnsafeBytes { bytes in
      (0..<tensor.elementCount).map {
        convert(
          bytes.loadUnaligned(
            fromByteOffset: $0 * MemoryLayout<Source>.size, as: Source.self))
      }
    }
    return values.withUnsafeBytes { Array($0) }
  }
  return switch tensor.element {
  case .float64: (.float64, bytes)
  case .float16: (.float16, bytes)
  case .bfloat16: (.bfloat16, bytes)
  case .int8: (.int8, bytes)
  case .uint8: (.uint8, bytes)
  case .int16: (.int32, converted { (x: Int16) in Int32(x) })
  case .uint16: (.int32, converted { (x: UInt16) in Int32(x) })
  case .int32: (.int32, bytes)
  case .uint32: (.int64, converted { (x: UInt32) in Int64(x) })
  case .int64: (.int64, bytes)
  case .uint64: (.int64, bytes)
  case .bool: (.bool, bytes)
  default: (.float32, bytes)
  }
}

private func numbers(_ bytes: [UInt8], _ element: ElementType) -> [Double] {
  bytes.withUnsafeBytes { bytes in
    (0..<bytes.count / element.byteCount).map { element.number(in: bytes, at: $0) }
  }
}

/// A document of nodes that read inputs and constants, the last of which makes `y`; some sizes of the inputs are symbols.
func answeringDocument(
  _ nodes: [ONNXNode], opset: Int, inputs: [ONNXTensor], constants: [ONNXTensor] = [],
  symbols: [Int: Name] = [:]
) -> ONNXModel {
  ONNXModel(
    irVersion: 8, opsets: [ONNXOpset(version: opset)], producerName: "test",
    producerVersion: "1",
    graph: ONNXGraph(
      name: "answers", nodes: nodes,
      inputs: inputs.map { input in
        let dimensions = input.dimensions.map { size in
          symbols[size].map { ONNXDimension.symbol($0) } ?? .fixed(size)
        }
        return ONNXValueInfo(input.name, .tensor(input.element, dimensions: dimensions))
      },
      outputs: [ONNXValueInfo("y", .unknown)], initializers: constants))
}

/// Expects a document to be refused for one reason.
func expectRefusal(
  _ document: ONNXModel, _ reason: String, at location: SourceLocation = #_sourceLocation
) {
  let error = #expect(throws: UnconvertibleNodes.self, sourceLocation: location) {
    try ImportedModel(document)
  }
  #expect(error?.groups.map(\.reason) == [reason], sourceLocation: location)
}

extension ONNXTensor {
  /// A tensor of numbers that are as large as its elements.
  init<Number: BitwiseCopyable>(
    name: Name, _ element: ONNXElementType, dimensions: [Int], _ numbers: [Number]
  ) {
    let bytes = numbers.withUnsafeBytes { bytes in
      TensorStorage.filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
    }
    self.init(name: name, element, dimensions: dimensions, numbers: bytes)
  }
}
