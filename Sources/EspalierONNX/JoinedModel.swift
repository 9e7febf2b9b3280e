public import EspalierGraph

/// A document and what it is called in reports.
public struct NamedDocument: Sendable {
  /// Its path, or what else tells it from others.
  public let name: String
  /// The document.
  public let model: ONNXModel

  /// Names a document.
  public init(name: String, model: ONNXModel) {
    self.name = name
    self.model = model
  }
}

/// One model of the heads of several documents, with what proves it.
///
/// What documents compute in the same way from the same inputs, weights compared bit for bit, is in the model once, and
/// so becomes part of the trunk.
public struct JoinedModel: Sendable {
  /// What a document gave.
  public struct Part: Sendable {
    /// The document.
    public let name: String
    /// The nodes of the document, functions inlined.
    public let documentNodeCount: Int
    /// The nodes of the model that its heads need.
    public let nodes: Int
    /// Those of them that heads of other documents need, too.
    public let sharedNodes: Int
    /// The parameters that its heads need.
    public let parameters: Int
    /// Those of them that heads of other documents need, too.
    public let sharedParameters: Int
    /// Where it begins to differ from the documents before it; nil for the first, and when it does not.
    public let firstDifference: FirstDifference?
    /// An input that the model has under the name that another document gave it.
    public let joinedInput: Renaming?
    /// Heads that could not keep their outputs' names, because other documents have them, too.
    public let renamedHeads: [Renaming]
    /// Outputs that are text, which no head gives but the labels of heads tell, by the names that they have in the document.
    public let textOutputs: [TextOutput]
  }

  /// A name of a document and the one that the model has for the same thing.
  public struct Renaming: Sendable, Equatable {
    /// The name in the document.
    public let document: Name
    /// The name in the model.
    public let model: Name
  }

  /// The model: layouts changed, constants folded, layers fused.
  public let model: Model
  /// What each document gave, in their order.
  public let parts: [Part]
  /// The sizes that documents leave open, and what the model takes for them.
  public let sizes: [OpenSize]

  /// What the model is compared with.
  public let originals: Originals

  /// Turns documents into one model.
  ///
  /// Inputs of one name are one input; so are the documents' only inputs when their types are the same, whatever they
  /// are called. Every output becomes a head under its own name, with the stem of the document's name before it
  /// where several documents have an output of that name.
  /// - Throws: `DocumentFailure` for what is wrong with one document, `ImportError` or `GraphError`.
  public init(_ documents: [NamedDocument], _ options: ImportOptions = ImportOptions()) throws {
    // What a model of ours said of itself when it went out comes back with it, unless it is joined with others.
    let noted = documents.count == 1 ? documents[0].model : nil
    var options = options
    if let noted, options.trunkAt.isEmpty {
      options.trunkAt = try ModelNotes.features(of: noted)
      let made = noted.graph.madeNames
      if let name = options.trunkAt.first(where: { !made.contains($0) }) {
        throw ImportError.badNote(ModelNotes.trunk, "names a value \(name) that is not there")
      }
    }
    let inlined = try documents.map { try $0.inlined(options.limits) }
    try options.check(inlined.map(\.model.graph))
    let joinsInputs = inlined.allSatisfy { document in
      document.model.graph.requiredInputs.count { options.constants[$0.name] == nil } == 1
    }
    var made = try UnionModel(inlined, options, joinsInputs: joinsInputs)
    if let noted { made.model = try ModelNotes.applied(to: made.model, from: noted) }
    model = made.model
    sizes = made.sizes
    let sharing = made.union.sharing()
    let names = made.names
    parts = inlined.indices.map { index in
      let part = made.union.parts[index]
      return Part(
        name: part.name, documentNodeCount: part.nodeCount, nodes: sharing[index].nodes,
        sharedNodes: sharing[index].sharedNodes, parameters: sharing[index].parameters,
        sharedParameters: sharing[index].sharedParameters,
        firstDifference: made.differences[index],
        joinedInput: part.joinedInput.map { Renaming(document: $0.document, model: $0.draft) },
        renamedHeads: zip(part.outputs, names[index]).compactMap { output, name in
          output.name == name ? nil : Renaming(document: output.name, model: name)
        }, textOutputs: part.textOutputs)
    }
    options = made.options
    options.trunkAt = []
    originals = Originals(
      headNames: names, options: options, joinsInputs: joinsInputs,
      inputs: made.union.draft.onlyInputs(limits: options.limits))
  }

  /// What turns the documents that a model was made of into models that compute node by node as they do.
  public struct Originals: Sendable {
    fileprivate let headNames: [[Name]]
    fileprivate let options: ImportOptions
    fileprivate let joinsInputs: Bool
    /// A draft that has the model's inputs, and nothing else.
    fileprivate let inputs: Draft

    /// What one of the documents computes, with the names that the model has for its inputs and heads.
    ///
    /// - Parameters:
    ///   - index: the document's place in `parts`.
    ///   - document: the document, which need not have been kept meanwhile.
    ///   - sizes: what the model's symbols are bound to, so that nothing that the document computes of sizes is taken for
    ///     what it is for others; nil for a model with the same symbols.
    /// - Throws: `DocumentFailure`, `ImportError` or `GraphError`.
    public func plain(
      _ index: Int, of document: NamedDocument, at sizes: SymbolSizes? = nil
    ) throws -> Model {
      var options = options
      for (symbol, size) in sizes?.sizes ?? [] { options.sizes.fix(symbol, at: size) }
      return try Model(
        plain: try document.inlined(options.limits),
        into: sizes.map { inputs.onlyInputs(at: $0, limits: options.limits) } ?? inputs, options,
        joinsInputs: joinsInputs, heads: headNames[index])
    }
  }
}

extension NamedDocument {
  /// The document with its functions' nodes in the place of calls.
  fileprivate func inlined(_ limits: ONNXLimits) throws -> NamedDocument {
    do {
      return NamedDocument(name: name, model: try model.inlined(limits: limits))
    } catch {
      throw DocumentFailure(document: name, cause: error)
    }
  }
}

/// Where a document begins to differ from others.
public struct FirstDifference: Sendable, Equatable {
  /// Why a node is not the same as one that reads the same values.
  public enum Reason: Sendable, Equatable {
    /// The nearest node is of another operator.
    case `operator`(found: String, before: String)
    /// It has other attributes.
    case attributes
    /// It has other weights, by so much at most; nil when their types differ.
    case weights(Name, largestDifference: Double?)
    /// No node of the other documents reads the same values.
    case place
  }

  /// The node.
  public let node: Name
  /// Why it is not the same.
  public let reason: Reason
}

extension FirstDifference: CustomStringConvertible {
  /// The node and the reason, in words.
  public var description: String {
    switch reason {
    case .operator(let found, let before):
      "\(node): \(found), where there is \(before) before"
    case .attributes: "\(node): other attributes"
    case .weights(let name, nil): "\(node): weights \(name) of another shape or type"
    case .weights(let name, let difference?):
      "\(node): other weights \(name), by up to \(difference)"
    case .place: "\(node): nothing before reads the same values"
    }
  }
}

/// What is wrong with one of several documents.
public struct DocumentFailure: Error, CustomStringConvertible {
  /// The document.
  public let document: String
  /// What is wrong.
  public let cause: any Error

  /// The document, and what is wrong with it.
  public var description: String { "\(document): \(cause)" }
}

extension ONNXGraph {
  /// The names of inputs, constants and outputs of nodes.
  fileprivate var madeNames: Set<Name> {
    Set(inputs.map(\.name) + initializers.map(\.name) + nodes.flatMap(\.outputs))
  }
}

extension ImportOptions {
  /// Refuses names of inputs and outputs that no document has.
  fileprivate func check(_ graphs: [ONNXGraph]) throws {
    let inputs = distinct(graphs.flatMap { $0.requiredInputs.map(\.name) })
    for name in shapes.keys.sorted() + constants.keys.sorted() where !inputs.contains(name) {
      throw ImportError.unknownInput(name, known: inputs)
    }
    let outputs = distinct(graphs.flatMap { $0.outputs.map(\.name) })
    for name in heads ?? [] where !outputs.contains(name) {
      throw ImportError.unknownOutput(name, known: outputs)
    }
  }

  private func distinct(_ names: [Name]) -> [Name] {
    var seen: Set<Name> = []
    return names.filter { seen.insert($0).inserted }
  }
}
