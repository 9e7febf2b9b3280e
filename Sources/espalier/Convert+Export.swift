import ArgumentParser
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierONNX
import Foundation

extension Convert {
  /// Whether a file is a model of Espalier: its name says so, or how it begins.
  static func isModel(_ path: String) -> Bool {
    switch FileKind(path: path) {
    case .espalierModel: true
    case .onnx: false
    // Whoever reads all of it says what is wrong with it.
    default: path.hasSuffix(".espalier")
    }
  }

  /// Writes a model as an ONNX document that was read back and run.
  func export(_ source: String, to target: String) throws {
    let started = ContinuousClock.now
    guard inputShape.isEmpty, trunkAt.isEmpty, constants == nil else {
      throw ValidationError("--input-shape, --trunk-at and --constants are for models from ONNX")
    }
    guard !target.hasSuffix(".espalier") || FileKind(path: source) != .espalierModel else {
      throw ValidationError("\(source) is a model of Espalier already: name an .onnx file to write")
    }
    var bar = ProgressBar()
    defer { bar.clear() }
    bar.show(0, "reading")
    let (model, heads) = try withFile(source) {
      var reader = try ModelReader(FileSource(path: source))
      let heads = try reader.heads(namedBy: self.heads)
      return (try reader.load(heads: heads), heads)
    }
    bar.show(0.1, "converting")
    let document = try withDocument(source) {
      try ONNXModel(exporting: model, heads: heads, opset: opset)
    }
    bar.show(0.2, "comparing")
    let differences = try noCheck ? [] : self.differences(model, heads, document, source)
    bar.show(0.9, "writing")
    try withDocument(target) { try document.write(to: target) }
    let report = ExportReport(
      source: source, target: target, document: document, differences: differences,
      checked: !noCheck, bytes: try fileSize(target),
      seconds: (ContinuousClock.now - started) / .seconds(1))
    bar.clear()
    if json { try printJSON(report) } else { try printOutput(report.text) }
  }

  /// How far the document, read again, is from the model.
  private func differences(
    _ model: Model, _ heads: [Name]?, _ document: ONNXModel, _ source: String
  ) throws -> [HeadDifference] {
    let inputs = try givenInputs(model.trunk.graph.inputs)
    let comparison = try proof(source) {
      try ModelComparison(document, of: model, heads: heads, inputs: inputs)
    }
    try expectSmall(comparison.differences, source)
    return comparison.differences
  }
}
