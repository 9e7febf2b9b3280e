import ArgumentParser
import EspalierGraph
import EspalierRecipe
import EspalierReport
import EspalierTraining
import EspalierWriter
import Foundation

/// `espalier export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export a finished training run to one compressed file.",
    discussion: """
      The file holds the trunk and all heads with the parameters of the best epoch; heads end \
      in probabilities, or in values in the target's unit. The same run gives the same bytes.

      Example:
        espalier export digits-run --out digits.espalier
      """)

  @Argument(help: ArgumentHelp("The folder that espalier train wrote.", valueName: "run"))
  var folder: String

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() throws {
    let model = try RunFolder(folder).exportedModel()
    try withFile(out) { try ModelWriter(model).write(to: out) }
    let attributes = try FileManager.default.attributesOfItem(atPath: out)
    let bytes = (attributes[.size] as? Int) ?? 0
    let raw =
      4 * ([model.trunk.graph] + model.heads.map(\.graph)).reduce(0) { $0 + $1.parameterCount }
    print(
      "\(out): trunk and \(model.heads.count) heads, \(grouped(bytes)) bytes, "
        + String(format: "%.3f", Double(bytes) / Double(max(raw, 1))) + " of the raw numbers")
  }
}
