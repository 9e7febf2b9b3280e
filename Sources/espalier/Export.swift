import ArgumentParser
import EspalierGraph
import EspalierRecipe
import EspalierReport
import EspalierRuntime
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

      With --weights fp16 or bf16 the weights take half the bytes; the runtime computes in \
      fp32 with the rounded numbers.

      Examples:
        espalier export digits-run --out digits.espalier
        espalier export digits-run --out small.espalier --weights bf16
      """)

  @Argument(help: ArgumentHelp("The folder that espalier train wrote.", valueName: "run"))
  var folder: String

  @Option(name: .long, help: "The file to write.")
  var out: String

  @Option(help: "How the weights are stored: \(WeightsFormat.list).")
  var weights = WeightsFormat.fp32

  @Flag(help: "Store the weights as they are, so that they are mapped into memory.")
  var mapped = false

  @Flag(help: "Export the best epoch of a run that is not finished.")
  var bestSoFar = false

  func run() throws {
    try expectNotRead(out, among: RunFolder(folder).files)
    let run = try RunFolder(folder).export(bestSoFar: bestSoFar)
    let model = run.model.storing(weights.element)
    if let name = model.firstOverflow {
      throw CommandError(
        "parameter \(name) has numbers that \(weights.rawValue) cannot hold; use bf16 or fp32")
    }
    try withFile(out) {
      let writer = ModelWriter(
        model, weights: mapped ? .none : .planes, about: run.about,
        example: try model.example(inputs: run.inputs))
      try writer.write(to: out)
    }
    let bytes = try fileSize(out)
    let raw =
      4 * ([model.trunk.graph] + model.heads.map(\.graph)).reduce(0) { $0 + $1.parameterCount }
    try printOutput(
      "\(out): trunk and \(counted(model.heads.count, "head")), \(counted(bytes, "byte")), "
        + String(format: "%.3f", Double(bytes) / Double(max(raw, 1))) + " of the raw numbers")
  }
}

/// A number format of weights.
enum WeightsFormat: String, ExpressibleByArgument, CaseIterable {
  case fp32, fp16, bf16

  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  var element: ElementType {
    switch self {
    case .fp32: .float32
    case .fp16: .float16
    case .bf16: .bfloat16
    }
  }
}
