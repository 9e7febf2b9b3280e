import EspalierFormat
import EspalierGraph
import EspalierONNX
import EspalierRuntime
import EspalierWriter
import FuzzSupport

/// What has to hold for every document that reads.
///
/// 1. Importing ends, with an error that says where in the document, or with a model, and the same document node by node.
/// 2. Both can be written; what is written loads as the same model.
/// 3. Both run on the same inputs, or are refused because they take too much.
/// 4. Exporting the model ends, with an error that says something or with a document that can be written and read.
/// 5. What was exported and imports again has the heads that it had, and the same inputs.
enum ImportCheck {
  static func run(_ document: ONNXModel, _ limits: ONNXLimits) {
    do {
      let options = ImportOptions(limits: limits)
      let imported = try ImportedModel(document, options)
      expectRoundTrip(imported.model)
      expectRoundTrip(imported.plain)
      expectRun(imported, limits)
      expectExport(imported.model, options)
    } catch {
      demand(!"\(error)".isEmpty, "an error says nothing")
      demand(
        error is ONNXError || error is ImportError || error is UnconvertibleNodes,
        "an error does not say where in the document: \(error)")
    }
  }

  private static func expectRoundTrip(_ model: Model) {
    do {
      let written = try ModelWriter(model).encode()
      var reader = try ModelReader(MemorySource(written))
      expectSame(try reader.load(), model)
    } catch {
      fatalError("what was imported cannot be written and loaded: \(error)")
    }
  }

  /// Numbers may differ: what a file computes with numbers that are none is its own affair.
  private static func expectRun(_ imported: ImportedModel, _ limits: ONNXLimits) {
    do {
      _ = try ModelComparison(imported.model, imported.plain, limits: limits)
    } catch {
      demand(error is ProofError || error is RuntimeError, "\(error)")
    }
  }

  private static func expectExport(_ model: Model, _ options: ImportOptions) {
    let document: ONNXModel
    do {
      document = try ONNXModel(exporting: model)
    } catch {
      return demand(!"\(error)".isEmpty, "an error says nothing")
    }
    do {
      let read = try ONNXModel(document.encoded())
      guard let again = try? ImportedModel(read, options).model else { return }
      demand(
        again.heads.map(\.name) == model.heads.map(\.name),
        "heads differ: \(again.heads.map(\.name)), \(model.heads.map(\.name))")
    } catch {
      fatalError("what was exported cannot be written and read: \(error)")
    }
  }
}
