import EspalierGraph
import EspalierONNX
import EspalierReport
import Foundation

/// What a conversion to ONNX did, for people and as JSON.
struct ExportReport: Encodable {
  struct Head: Encodable {
    let name: String
    /// The largest difference from the model; nil when it was not run.
    let absolute_difference: Double?
    /// The same by the largest magnitude of the head's output.
    let relative_difference: Double?
  }

  let source: String
  let file: String
  let file_bytes: Int
  let opset: Int
  let document_nodes: Int
  let heads: [Head]
  let checked: Bool
  let seconds: Double

  init(
    source: String, target: String, document: ONNXModel,
    differences: [HeadDifference], checked: Bool, bytes: Int, seconds: Double
  ) {
    self.source = source
    file = target
    file_bytes = bytes
    opset = document.opset() ?? 0
    document_nodes = document.graph.nodes.count
    let found = Dictionary(
      differences.map { ($0.head, $0) }, uniquingKeysWith: { first, _ in first })
    heads = document.graph.outputs.map { output in
      let difference = found[output.name]
      return Head(
        name: "\(output.name)", absolute_difference: difference?.absolute,
        relative_difference: difference?.relative)
    }
    self.checked = checked
    self.seconds = seconds
  }

  /// The report in lines of at most 80 columns, where names are short.
  var text: String {
    var lines = [
      "\(source): \(counted(heads.count, "head")) became \(counted(document_nodes, "node")) "
        + "of opset \(opset) in " + String(format: "%.1f s", seconds), "",
    ]
    let shown = heads.prefix(50)
    let rows = shown.map { head in
      [head.name]
        + [head.absolute_difference, head.relative_difference].compactMap { $0.map(number) }
    }
    lines += table((checked ? [["", "difference", "relative"]] : []) + rows, widths: [13, 13])
    if heads.count > shown.count {
      lines.append("  and \(counted(heads.count - shown.count, "more head"))")
    }
    lines.append("")
    lines.append(
      checked
        ? "Read back and run: outputs differ by at most "
          + number(heads.compactMap(\.relative_difference).max() ?? 0) + " of the largest number."
        : "Not run against the model.")
    lines.append("\(file): \(counted(file_bytes, "byte"))")
    return lines.joined(separator: "\n")
  }
}
