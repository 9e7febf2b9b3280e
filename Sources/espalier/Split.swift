import ArgumentParser
import EspalierData
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierWriter

/// `espalier split`.
struct Split: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the trunk and each head to a file of its own.",
    discussion: """
      The files can be put together again, all or some of them, by cat, the trunk first:

        espalier split digits.espalier --out-dir parts
        cat parts/trunk.espalier parts/even.espalier > even.espalier

      A file is named after its head; characters other than letters, digits, points, hyphens \
      and underscores are written as % and two hexadecimal digits for each byte.
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(name: .long, help: "The folder to write to; made when it is missing.")
  var outDir: String

  func run() throws {
    let (file, heads) = try withFile(model) {
      (try ModelFile(path: model), try ModelReader(FileSource(path: model)).headNames())
    }
    try withFile(outDir) { try makeFolder(outDir) }
    for name in ["trunk"] + heads.map(ModelFile.fileName) {
      try expectNotRead(path(of: name), model)
    }
    try withFile(model) {
      try file.writeTrunk(to: path(of: "trunk"))
      var bar = ProgressBar()
      defer { bar.clear() }
      for (index, head) in heads.enumerated() {
        bar.show(Double(index) / Double(heads.count), "head \(index + 1)/\(heads.count)")
        try file.writeHead(head, to: path(of: ModelFile.fileName(of: head)))
      }
    }
    try printOutput("\(outDir): the trunk and \(counted(heads.count, "head"))")
  }

  private func path(of name: String) -> String { "\(outDir)/\(name).espalier" }
}
