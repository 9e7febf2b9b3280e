import EspalierGraph
import EspalierONNX

/// A graph as the attribute of a node: what a document has in its field 7.
func bodyAttribute(_ name: String, _ graph: ONNXGraph) throws -> ONNXAttribute {
  let bytes = try ONNXModel(
    irVersion: 8, opsets: [ONNXOpset(version: 17)], producerName: "", producerVersion: "",
    graph: graph
  ).encoded()
  var at = 0
  func varint() -> Int {
    var (value, shift) = (0, 0)
    while true {
      let byte = Int(bytes[at])
      at += 1
      value |= (byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { return value }
    }
  }
  while at < bytes.count {
    let tag = varint()
    guard tag & 7 == 2 else {
      _ = varint()
      continue
    }
    let count = varint()
    if tag >> 3 == 7 { return ONNXAttribute(name, .graph(Array(bytes[at..<at + count]))) }
    at += count
  }
  throw MissingGraph()
}

private struct MissingGraph: Error {}

/// A body of nodes whose values have no types.
func bodyGraph(
  _ nodes: [ONNXNode], inputs: [Name] = [], outputs: [Name], constants: [ONNXTensor] = []
) -> ONNXGraph {
  ONNXGraph(
    nodes: nodes, inputs: inputs.map { ONNXValueInfo($0, .unknown) },
    outputs: outputs.map { ONNXValueInfo($0, .unknown) }, initializers: constants)
}
