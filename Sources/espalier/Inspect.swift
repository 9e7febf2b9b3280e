import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierWriter
import Foundation

/// `espalier inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model file holds, in words or as a drawing.",
    discussion: """
      Shows the trunk, the heads with their tasks, labels, losses and metrics, and how many \
      bytes each section of the file takes. Multiply-adds are those of one row. Of many heads \
      the first are shown; --heads chooses others, --json shows all.

      --sections prints a line in sum, a heading, and one row for each section, without loading \
      the model. Numbers are plain and names come last, for sort and awk.

      --graph draws the trunk along a line with the heads branching off it, in ASCII where the \
      locale is not UTF-8. --svg writes a picture of the same for papers and pages.

      Examples:
        espalier inspect digits.espalier
        espalier inspect digits.espalier --json --heads even,ink
        espalier inspect digits.espalier --sections
        espalier inspect digits.espalier --graph
        espalier inspect digits.espalier --svg digits.svg
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(
    name: .long,
    help: "The heads to show, \(HeadNames.help), and those that they read; all when left out.")
  var heads: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print the table of sections only.")
  var sections = false

  @Flag(help: "Draw trunk and heads in text.")
  var graph = false

  @Option(name: .long, help: "Write a picture of trunk and heads, an SVG file.")
  var svg: String?

  func validate() throws {
    guard [sections, graph, svg != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("--sections, --graph and --svg exclude each other")
    }
    if json && (graph || svg != nil) {
      throw ValidationError("a drawing is not made as JSON; leave out --json")
    }
    if sections && !heads.isEmpty {
      throw ValidationError("--sections shows all sections; leave out --heads")
    }
  }

  func run() throws {
    if let svg { try expectNotRead(svg, model) }
    let source = try withFile(model) { try FileSource(path: model) }
    var reader = try withFile(model) { try ModelReader(source) }
    if sections {
      try show(reader, fileBytes: source.byteCount)
    } else if let svg {
      let picture = Picture.svg(ModelOutline(try load(&reader)), title: name)
      try write(picture, to: svg)
    } else if graph {
      let style = LineStyle(environment: ProcessInfo.processInfo.environment)
      let lines = TextDrawing.lines(ModelOutline(try load(&reader)), style, width: Terminal.width)
      try printOutput(lines.joined(separator: "\n"))
    } else {
      let loaded = try load(&reader)
      let summary = ModelSummary(
        loaded, about: try withFile(model) { try reader.about() }, version: reader.formatVersion,
        sections: try withFile(model) { try reader.sections() },
        fileBytes: source.byteCount)
      if json {
        try printJSON(summary)
      } else {
        try printOutput(summary.text(title: model, isSelection: !heads.isEmpty))
      }
    }
  }

  private func load(_ reader: inout ModelReader<FileSource>) throws -> Model {
    try withFile(model) { try reader.load(heads: reader.heads(namedBy: heads)) }
  }

  private func show(_ reader: ModelReader<FileSource>, fileBytes: Int) throws {
    let table = SectionTable(
      version: reader.formatVersion, sections: try withFile(model) { try reader.sections() },
      fileBytes: fileBytes)
    if json { try printJSON(table) } else { try printOutput(table.text(title: model)) }
  }

  /// The file's name without folder and extension.
  private var name: String {
    URL(fileURLWithPath: model).deletingPathExtension().lastPathComponent
  }
}
