import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierWriter

/// `espalier prune`.
struct Prune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a model of some heads only.",
    discussion: """
      Writes the trunk, the heads to keep, and the heads that these read.

      Example:
        espalier prune digits.espalier --keep even,ink --out small.espalier
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(help: "The heads to keep, \(HeadNames.help).")
  var keep: [String]

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() throws {
    let (kept, keep) = try withFile(model) {
      let file = try ModelFile(path: model)
      let keep = try ModelReader(FileSource(path: model)).heads(namedBy: self.keep) ?? []
      return (try file.prune(keeping: keep, to: out), keep)
    }
    try printOutput("\(out): \(counted(kept.count, "head")) kept: \(listed(kept))")
    let needed = kept.filter { !keep.contains($0) }
    if !needed.isEmpty { try printOutput("kept because other heads read them: \(listed(needed))") }
  }
}
