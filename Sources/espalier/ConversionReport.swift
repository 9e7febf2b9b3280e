import EspalierGraph
import EspalierONNX
import EspalierReport
import EspalierText
import Foundation

/// What a conversion did, for people and as JSON.
struct ConversionReport: Encodable {
  struct Part: Encodable {
    let name: String
    let nodes: Int
    let parameters: Int
    /// The largest difference from the document; nil when it was not run, and for the trunk.
    fileprivate(set) var absolute_difference: Double?
    /// The same by the largest magnitude of the head's output.
    fileprivate(set) var relative_difference: Double?
  }

  /// An open size of the documents, and what the model takes for it.
  struct Size: Encodable {
    let name: String
    let least: Int
    let step: Int
    /// The largest; nil where there is none.
    let most: Int?
    /// Sizes that are this one.
    let same: [String]
    private let words: String

    private enum CodingKeys: CodingKey { case name, least, step, most, same }

    fileprivate init(_ size: OpenSize) {
      let range = size.range
      (name, least, step, most) = ("\(size.symbol)", range.least, range.step, range.most)
      same = size.same.map { "\($0)" }
      words =
        (range.least == range.most ? "\(range), which the model has as a number" : "\(range)")
        + (same.isEmpty ? "" : "; the same for \(listed(size.same))")
    }

    /// The line of a report.
    fileprivate var row: [String] { [name, words] }
  }

  /// What is known of a conversion before its file is written.
  struct Summary {
    let sources: [Source]
    let trunk: Part
    private(set) var heads: [Part]
    let sizes: [Size]
    private(set) var checked = false

    init(_ joined: JoinedModel) {
      sizes = joined.sizes.map { Size($0) }
      sources = joined.parts.map { Source($0) }
      let graph = joined.model.trunk.graph
      trunk = Part(
        name: "trunk", nodes: graph.nodes.count, parameters: graph.parameterCount,
        absolute_difference: nil, relative_difference: nil)
      heads = joined.model.heads.map { head in
        Part(
          name: "\(head.name)", nodes: head.graph.nodes.count,
          parameters: head.graph.parameterCount, absolute_difference: nil,
          relative_difference: nil)
      }
    }

    /// Adds by how much heads were found to differ.
    mutating func add(_ differences: [HeadDifference]) {
      checked = true
      let found = Dictionary(
        differences.map { ($0.head, $0) }, uniquingKeysWith: { first, _ in first })
      for index in heads.indices {
        guard let difference = found[Name(heads[index].name)] else { continue }
        heads[index].absolute_difference = difference.absolute
        heads[index].relative_difference = difference.relative
      }
    }
  }

  let sources: [Source]
  let file: String
  let file_bytes: Int
  let document_nodes: Int
  let trunk: Part
  let heads: [Part]
  let sizes: [Size]
  let checked: Bool
  let seconds: Double

  init(target: String, _ summary: Summary, bytes: Int, seconds: Double) {
    sources = summary.sources
    file = target
    file_bytes = bytes
    document_nodes = sources.reduce(0) { $0 + $1.document_nodes }
    trunk = summary.trunk
    heads = summary.heads
    sizes = summary.sizes
    checked = summary.checked
    self.seconds = seconds
  }

  /// The report in lines of at most 80 columns, where names are short.
  var text: String {
    let nodes = trunk.nodes + heads.reduce(0) { $0 + $1.nodes }
    let documents = sources.count == 1 ? "document" : "documents"
    var lines = [
      (sources.count == 1 ? sources[0].file : "\(sources.count) models")
        + ": \(counted(document_nodes, "node")) became \(grouped(nodes)) in "
        + String(format: "%.1f s", seconds), "",
    ]
    let shown = heads.prefix(50)
    var rows = [
      ["", "nodes", "parameters"] + (checked ? ["difference", "relative"] : []),
      ["trunk", grouped(trunk.nodes), grouped(trunk.parameters)],
    ]
    for head in shown {
      var cells = [head.name, grouped(head.nodes), grouped(head.parameters)]
      if let absolute = head.absolute_difference, let relative = head.relative_difference {
        cells += [number(absolute), number(relative)]
      }
      rows.append(cells)
    }
    lines += table(rows)
    if heads.count > shown.count {
      lines.append("  and \(counted(heads.count - shown.count, "more head"))")
    }
    lines.append("")
    if !sizes.isEmpty {
      let rows = aligned([["size", "takes"]] + sizes.map(\.row)).map { "  " + $0 }
      lines += rows + [""]
    }
    if sources.count > 1 { lines += sharing }
    lines += sources.flatMap(\.textLines)
    if trunk.nodes == 0, heads.count == 1 {
      lines.append("One output shares nothing; --trunk-at VALUE says where a trunk shall end.")
    } else if trunk.nodes == 0 {
      lines.append("The heads share no node: the trunk only hands the inputs on.")
    }
    lines.append(
      checked
        ? "Checked node by node: outputs differ by at most "
          + number(heads.compactMap(\.relative_difference).max() ?? 0) + " of the largest number."
        : "Not run against the \(documents).")
    lines.append("\(file): \(counted(file_bytes, "byte"))")
    return lines.joined(separator: "\n")
  }
}

/// Rows of cells in columns, the first of names.
func table(_ rows: [[String]], widths: [Int] = [8, 13, 13, 13]) -> [String] {
  let rows = rows.map { $0.map { visible($0) } }
  let width = max(5, rows.map { columns(of: $0[0]) }.max() ?? 0)
  return rows.map { cells in
    guard cells.count > 1 else { return "  " + cells[0] }
    return "  " + cells[0] + String(repeating: " ", count: width - columns(of: cells[0]))
      + zip(cells.dropFirst(), widths).map { cell, width in
        String(repeating: " ", count: max(width - cell.count, 1)) + cell
      }.joined()
  }
}

/// A difference in two digits.
func number(_ value: Double) -> String {
  value == 0 ? "0" : String(format: "%.2g", value)
}
