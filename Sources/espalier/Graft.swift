import ArgumentParser
import EspalierGraph
import EspalierReport
import EspalierWriter

/// `espalier graft`.
struct Graft: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add heads to a model, or replace them.",
    discussion: """
      Appends the heads of other files to the model; a head of a name that the model has is \
      replaced. The heads have to be trained on the model's trunk. The trunk is neither read \
      nor written anew: where the file system can, the new file shares its bytes with the old \
      one. A crash leaves the old file or the new one. What replaced heads took stays in the \
      file until espalier pack.

      Examples:
        espalier graft road.espalier lane.espalier
        espalier graft road.espalier lane.espalier sign.espalier --out more.espalier
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Argument(help: ArgumentHelp("Files of heads, with their trunk or without.", valueName: "head"))
  var files: [String]

  @Option(name: .long, help: "The file to write; the model itself when left out.")
  var out: String?

  func run() throws {
    let target = out ?? model
    try expectNotRead(target, among: files)
    let heads = try withFile(model) { try ModelFile(path: model).graft(files, to: target) }
    try printOutput("\(target): \(counted(heads.count, "head")) grafted: \(listed(heads))")
  }
}
