public import EspalierGraph

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
  /// The most that is done for one document.
  public var limits: ONNXLimits
  /// The sizes that open axes are tried with.
  var sizes = OpenSizes()
  /// What branches and loops are taken to be, in their order, whatever their conditions say; nil for what these say.
  var decisions: [Int]?
  /// Whether importing ends at the first node that cannot be converted.
  var stopsAtProblem = false

  /// Makes options.
  public init(
    heads: [Name]? = nil, shapes: [Name: [Int]] = [:], constants: [Name: ONNXTensor] = [:],
    trunkAt: [Name] = [], limits: ONNXLimits = ONNXLimits()
  ) {
    self.heads = heads
    self.shapes = shapes
    self.constants = constants
    self.trunkAt = trunkAt
    self.limits = limits
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
    do {
      let document = NamedDocument(name: "", model: document)
      let joined = try JoinedModel([document], options)
      documentNodeCount = joined.parts[0].documentNodeCount
      model = joined.model
      plain = try joined.originals.plain(0, of: document)
    } catch let failure as DocumentFailure {
      throw failure.cause
    }
  }
}
