import EspalierGraph
import EspalierONNX
import EspalierReport
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
    let renamed: [String: String]
    /// Outputs that are text, and the heads whose labels tell it.
    let texts: [String: [String]]

    init(_ part: JoinedModel.Part) {
      file = part.name
      document_nodes = part.documentNodeCount
      nodes = part.nodes
      shared_nodes = part.sharedNodes
      parameters = part.parameters
      shared_parameters = part.sharedParameters
      first_difference = part.firstDifference.map { "\($0)" }
      renamed = ((part.joinedInput.map { [$0] } ?? []) + part.renamedHeads)
        .reduce(into: [:]) { $0["\($1.document)"] = "\($1.model)" }
      texts = part.textOutputs.reduce(into: [:]) { texts, output in
        texts["\(output.name)"] = output.heads.map { head in
          "\(part.renamedHeads.first { $0.document == head }?.model ?? head)"
        }
      }
    }

    /// What became of outputs that are text.
    var textLines: [String] {
      texts.sorted { $0.key < $1.key }.flatMap { name, heads in
        wrapped(
          "Output \(name) is text and no head: its texts are the labels of "
            + "\(list(heads.map { Name($0) })).", indent: "")
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
      for (old, new) in source.renamed.sorted(by: { $0.key < $1.key }) {
        lines.append("\(old) of \(name) is \(new) in the result.")
      }
    }
    if lines.last != "" { lines.append("") }
    return lines
  }
}
