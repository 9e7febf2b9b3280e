public import EspalierGraph

extension ONNXModel {
  /// The versions of ONNX's operators that models go out as.
  public static let writtenOpsets = 18...28
  /// The version that models go out as unless they need a newer one.
  public static let usualOpset = 20

  /// The document of a model's trunk and heads.
  ///
  /// The outputs are the heads' first outputs, named by the heads, and their further ones, named `HEAD.OUTPUT`. What
  /// the heads mean, and which columns inputs are made of, is in the notes (`ModelNotes`).
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads that go out, with what they read; nil for all.
  ///   - opset: the version of ONNX's operators; nil for the usual one, or the first one after it that has words for
  ///     everything in the model.
  /// - Throws: `ExportError`, or `UnexportableNodes` with everything that ONNX cannot express.
  public init(exporting model: Model, heads: [Name]? = nil, opset: Int? = nil) throws {
    for name in heads ?? [] where model.head(named: name) == nil {
      throw ExportError.unknownHead(name, known: model.heads.map(\.name))
    }
    do {
      try self.init(model, heads, opset: opset ?? Self.usualOpset)
    } catch let failure as UnexportableNodes {
      guard opset == nil, let needed = failure.neededOpset else { throw failure }
      try self.init(model, heads, opset: needed)
    }
  }

  private init(_ model: Model, _ heads: [Name]?, opset: Int) throws {
    guard Self.writtenOpsets.contains(opset) else { throw ExportError.unsupportedOpset(opset) }
    var export = ModelExport(model, heads: heads, opset: opset)
    try export.run()
    self = try export.document()
  }

  /// The oldest version of the file format that has a version of the operators.
  static func irVersion(opset: Int) -> Int {
    switch opset {
    case ...18: 8
    case 19...20: 9
    case 21...22: 10
    case 23: 11
    case 24: 12
    case 25...26: 13
    default: irVersions.upperBound
    }
  }
}
