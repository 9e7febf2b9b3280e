import ArgumentParser
import EspalierFormat
import EspalierGraph
import Foundation

/// `espalier inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model file holds.",
    discussion: """
      Shows the trunk, the heads with their tasks, labels, losses and metrics, and how many \
      bytes each section of the file takes. Multiply-adds are those of one row.

      Examples:
        espalier inspect digits.espalier
        espalier inspect digits.espalier --json
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let summary = try withFile(model) {
      let source = try FileSource(path: model)
      var reader = try ModelReader(source)
      return ModelSummary(
        try reader.load(), version: reader.formatVersion, sections: try reader.sections(),
        fileBytes: source.byteCount)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(summary), as: UTF8.self))
    } else {
      print(summary.text(title: model))
    }
  }
}
