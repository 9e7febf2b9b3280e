import ArgumentParser
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierWriter
import Foundation

/// `espalier pack`.
struct Pack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rewrite a model as one part, without replaced heads.",
    discussion: """
      A model that was put together by cat or espalier graft has several parts, each with an \
      index. Packing leaves behind what no longer counts and writes one index. Sections that \
      this version does not know are kept.

      With --recover the longest whole beginning of a damaged file is packed, such as what a \
      cat left that was cut off. Every other command refuses such a file.

      Examples:
        espalier pack road.espalier
        espalier pack cut.espalier --recover --out saved.espalier
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(name: .long, help: "The file to write; the model itself when left out.")
  var out: String?

  @Flag(help: "Pack what is whole of a file that was cut off.")
  var recover = false

  func run() throws {
    let target = out ?? model
    let before = try fileSize(model)
    if recover {
      let lost = try withFile(model) { try ModelFile.recover(model, to: target) }
      try printOutput(
        "\(target): recovered; the last \(counted(lost, "byte")) of \(model) \(lost == 1 ? "was" : "were") left behind"
      )
    } else {
      try withFile(model) {
        do {
          try ModelFile(path: model).pack(to: target)
        } catch WriterError.unreadable(.noTrailer(let offset))
          where FileKind(path: model) == .espalierModel
        {
          throw CommandError(
            "\(model): \(FormatError.noTrailer(offset: offset)); --recover saves what is whole")
        }
      }
      try printOutput(
        "\(target): packed, \(counted(before, "byte")) became \(grouped(try fileSize(target)))")
    }
  }
}
