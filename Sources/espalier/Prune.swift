import ArgumentParser
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

  @Option(help: "The heads to keep, joined by commas.", transform: headNames)
  var keep: [Name]

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() throws {
    let kept = try withFile(model) { try ModelFile(path: model).prune(keeping: keep, to: out) }
    try printOutput("\(out): \(counted(kept.count, "head")) kept: \(list(kept))")
    let needed = kept.filter { !keep.contains($0) }
    if !needed.isEmpty { try printOutput("kept because other heads read them: \(list(needed))") }
  }
}
