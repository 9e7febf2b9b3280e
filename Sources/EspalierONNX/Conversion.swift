public import EspalierGraph
internal import EspalierRuntime

/// How a document is turned into a model.
public struct ImportOptions: Sendable {
  /// The outputs that become heads; nil for all.
  public var heads: [Name]?
  /// Sizes of inputs that replace open ones of the document; -1 leaves one open.
  public var shapes: [Name: [Int]]
  /// Inputs that become constants, with their numbers.
  public var constants: [Name: ONNXTensor]
  /// Values of the document that belong to the trunk with all that they depend on.
  public var trunkAt: [Name]

  /// Makes options.
  public init(
    heads: [Name]? = nil, shapes: [Name: [Int]] = [:], constants: [Name: ONNXTensor] = [:],
    trunkAt: [Name] = []
  ) {
    self.heads = heads
    self.shapes = shapes
    self.constants = constants
    self.trunkAt = trunkAt
  }
}

/// A model made of a document, with what proves it.
public struct ImportedModel: Sendable {
  /// The model: layouts changed, constants folded, layers fused.
  public let model: Model
  /// The same computation node by node as the document has it.
  public let plain: Model
  /// The nodes of the document, functions inlined.
  public let documentNodeCount: Int
}

extension ImportedModel {
  /// Turns a document into a model.
  ///
  /// Every output becomes a head under its own name; what two or more of them share becomes the trunk.
  /// - Throws: `ImportError`, `UnconvertibleNodes`, `ONNXError` or `GraphError`.
  public init(_ document: ONNXModel, _ options: ImportOptions = ImportOptions()) throws {
    let inlined = try document.inlined()
    documentNodeCount = inlined.graph.nodes.count
    model = try Self.model(inlined, options, optimizes: true)
    plain = try Self.model(inlined, options, optimizes: false)
  }

  private static func model(
    _ document: ONNXModel, _ options: ImportOptions, optimizes: Bool
  ) throws -> Model {
    var importer = try Importer(
      document, shapes: options.shapes, constants: options.constants, optimizes: optimizes)
    let outputs = try importer.outputs(document.graph, named: options.heads)
    let values = outputs.map(\.value)
    if optimizes {
      try importer.draft.fuse(outputs: values)
    } else {
      importer.draft.removeUnused(outputs: values)
    }
    var cuts = try importer.cuts(options.trunkAt)
    if options.trunkAt.isEmpty {
      do {
        cuts = try importer.cuts(try ModelNotes.features(of: document))
      } catch ImportError.unknownValue(let name) {
        throw ImportError.badNote(ModelNotes.trunk, "names a value \(name) that is not there")
      }
    }
    let model = try importer.draft.model(outputs: outputs, trunkAt: cuts)
    return try ModelNotes.applied(to: model, from: document)
  }
}
