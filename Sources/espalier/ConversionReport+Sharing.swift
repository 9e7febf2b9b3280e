import EspalierGraph
import EspalierONNX
import EspalierReport
import EspalierText
import Foundation

extension ConversionReport {
  /// A model that was read, and how much of it others have, too.
  struct Source: Encodable {
    let file: String
    let document_nodes: Int
    /// The nodes of the result that its heads need, and those that heads of other models need, too.
    let nodes: Int
    let shared_nodes: Int
    let parameters: Int
    let shared_parameters: Int
    /// Where it begins to differ from the models before it; nil for the first, and when it does not.
    let first_difference: String?
    /// Names that the result has for the same things, where they are others.
    let renamed: [Renaming]
    /// Outputs that are text.
    let texts: [TextOutput]

    /// What is called otherwise in the result.
    struct Renaming: Encodable {
      let document: String
      let model: String
    }

    /// An output that is text, and the heads whose labels tell it.
    struct TextOutput: Encodable {
      let output: String
      let heads: [String]
    }

    init(_ part: JoinedModel.Part) {
      file = part.name
      document_nodes = part.documentNodeCount
      nodes = part.nodes
      shared_nodes = part.sharedNodes
      parameters = part.parameters
      shared_parameters = part.sharedParameters
      first_difference = part.firstDifference.map { "\($0)" }
      renamed = ((part.joinedInput.map { [$0] } ?? []) + part.renamedHeads)
        .sorted { $0.document < $1.document }
        .map { Renaming(document: "\($0.document)", model: "\($0.model)") }
      let names = Dictionary(
        part.renamedHeads.map { ($0.document, $0.model) }, uniquingKeysWith: { first, _ in first })
      texts = part.textOutputs.sorted { $0.name < $1.name }.map { output in
        TextOutput(
          output: "\(output.name)", heads: output.heads.map { "\(names[$0] ?? $0)" })
      }
    }

    /// What became of outputs that are text.
    var textLines: [String] {
      texts.flatMap { text in
        wrapped(
          "Output \(text.output) is text and no head: its texts are the labels of "
            + "\(listed(text.heads.map { Name($0) })).", indent: "")
      }
    }
  }

  /// How much the models share, where they part, and what is called otherwise than in them.
  var sharing: [String] {
    // The last components of the paths, where these tell the files apart.
    let components = sources.map { URL(fileURLWithPath: $0.file).lastPathComponent }
    let names = Set(components).count == sources.count ? components : sources.map(\.file)
    var lines = table(
      [["", "nodes", "shared", "parameters", "shared"]]
        + zip(names, sources).map { name, source in
          [
            name, grouped(source.nodes), grouped(source.shared_nodes), grouped(source.parameters),
            grouped(source.shared_parameters),
          ]
        })
    lines.append("")
    for (name, source) in zip(names, sources) {
      if let difference = source.first_difference {
        lines.append("\(name) parts from the models before it at")
        lines.append("  \(difference)")
      }
      for renaming in source.renamed {
        lines.append("\(renaming.document) of \(name) is \(renaming.model) in the result.")
      }
    }
    if lines.last != "" { lines.append("") }
    return lines
  }
}
