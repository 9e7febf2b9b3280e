import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierReport

/// `espalier diff`.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show in what two models differ.",
    discussion: """
      Compares trunks and heads of one name: their graphs, their weights with the largest \
      difference, and what they mean and reached. Prints "same" or "differ" first. Files that \
      hold one model in other parts or codecs are the same; what differs in them is shown.

      Exit status: 0 when the models are the same, 1 when they differ, or for an error, which \
      goes to standard error; 2 for a wrong call.

      Examples:
        espalier diff old.espalier new.espalier
        espalier diff old.espalier new.espalier --json
      """)

  @Argument(help: "The first model, an .espalier file.")
  var a: String

  @Argument(help: "The second model, an .espalier file.")
  var b: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let (first, second) = (try load(a), try load(b))
    let report = DifferenceReport(
      a: a, b: b,
      models: ModelDifference(
        first.model, second.model, about: (first.about, second.about)),
      storage: StorageDifference.all(first.sections, second.sections))
    if json { try printJSON(report) } else { try printOutput(report.text) }
    if !report.same { throw ExitCode.failure }
  }

  private func load(
    _ path: String
  ) throws -> (model: Model, about: About?, sections: [SectionInfo]) {
    try withFile(path) {
      var reader = try ModelReader(FileSource(path: path))
      return (try reader.load(), try reader.about(), try reader.sections())
    }
  }
}
