internal import EspalierGraph

/// Documents that are imported into one draft: what two of them compute in the same way is there once.
struct DocumentUnion {
  /// A document's share of the draft.
  struct Part {
    let name: String
    let nodeCount: Int
    /// The nodes that were looked at, those of bodies in each turn.
    let progress: Int
    /// Its outputs under their own names.
    let outputs: [DraftOutput]
    /// What an input that another document has under another name is called there.
    let joinedInput: (document: Name, draft: Name)?
    /// Its outputs that are text, which are no heads.
    let textOutputs: [TextOutput]
    /// The nodes that were new when it was imported.
    let nodes: Range<Int>
  }

  private(set) var draft: Draft
  private(set) var parts: [Part] = []
  private var cuts: [DraftValue] = []
  private var unknownCuts: Set<Name>
  private let options: ImportOptions
  private let joinsInputs: Bool

  /// Imports documents whose functions are inlined.
  ///
  /// - Throws: `DocumentFailure` when one cannot be imported, `ImportError` when none has a name of the options.
  init(_ documents: [NamedDocument], into draft: Draft, _ options: ImportOptions, joinsInputs: Bool)
    throws
  {
    self.draft = draft
    self.options = options
    self.joinsInputs = joinsInputs
    unknownCuts = Set(options.trunkAt)
    for document in documents { try add(document) }
    if let name = options.trunkAt.first(where: unknownCuts.contains) {
      throw ImportError.unknownValue(name)
    }
  }

  private mutating func add(_ document: NamedDocument) throws {
    let first = draft.nodes.count
    do {
      var importer = try Importer(
        document.model, into: draft, options, joinsInputs: joinsInputs)
      let outputs = try importer.outputs(document.model.graph, named: options.heads)
      for name in options.trunkAt {
        guard let operand = importer.operand(named: name) else { continue }
        cuts.append(operand.value)
        unknownCuts.remove(name)
      }
      draft = importer.draft
      parts.append(
        Part(
          name: document.name, nodeCount: document.model.graph.nodes.count,
          progress: importer.progress, outputs: outputs,
          joinedInput: importer.joinedInput, textOutputs: importer.textOutputs,
          nodes: first..<draft.nodes.count))
    } catch {
      throw DocumentFailure(document: document.name, cause: error)
    }
  }

  /// Fuses layers and leaves out what no output needs.
  ///
  /// - Throws: `ImportError` or `UnconvertibleNodes` when something has no elements.
  mutating func finish() throws {
    let values = parts.flatMap(\.outputs).map(\.value)
    if draft.folds {
      draft.fuse(outputs: values, keeping: cuts)
    } else {
      draft.removeUnused(outputs: values)
    }
    try draft.expectElements(outputs: values)
  }

  /// The model whose heads have names for all outputs, in their order.
  func model(heads names: [Name]) throws(GraphError) -> Model {
    let outputs = zip(names, parts.flatMap(\.outputs)).map { name, output in
      DraftOutput(name: name, value: output.value, labels: output.labels)
    }
    return try draft.model(outputs: outputs, trunkAt: cuts)
  }

  /// Names for the heads of each document: those of their outputs, with the document's before them where several
  /// documents have the same one.
  func headNames() -> [[Name]] {
    var counts: [Name: Int] = [:]
    for name in parts.flatMap(\.outputs).map(\.name) { counts[name, default: 0] += 1 }
    var pool = NamePool(taken: Set(counts.keys))
    return parts.map { part in
      part.outputs.map { output in
        counts[output.name] == 1
          ? output.name : pool.unique(Name("\(stem(part.name)).\(output.name)"))
      }
    }
  }

  /// A path's last component without what follows its last dot.
  private func stem(_ path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
    return String(file[..<dot])
  }
}
