internal import EspalierGraph

/// Names of nodes of documents, of which ONNX Runtime wants each once: nodes that belong to one node of a model have its
/// name, and from the second one on `#` and a number behind it.
struct NodeNames {
  /// The program that documents with such names are from.
  static let producer = "espalier"

  private var counts: [Name: Int] = [:]

  /// The name of the next node that belongs to a node of the model.
  mutating func next(_ name: Name) -> Name {
    guard !name.isEmpty else { return name }
    let count = counts[name, default: 0] + 1
    counts[name] = count
    // A name that looks as if it had a number gets one, so that its own stays.
    return count == 1 && Self.original(name) == name ? name : Name("\(name)#\(count)")
  }

  /// The name of the node of the model that a node of a document belongs to.
  static func original(_ name: Name) -> Name {
    guard let mark = name.utf8.lastIndex(of: 0x23), mark > 0, mark + 1 < name.utf8.count,
      name.utf8[(mark + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
    else { return name }
    return Name(utf8: Array(name.utf8[..<mark]))
  }
}
