import Foundation

extension ModelSummary {
  /// The summary for people, at most 80 columns wide where names are short.
  func text(title: String) -> String {
    var lines = [heading(title), ""]
    lines += trunkLines + [""]
    lines += headLines + [""]
    lines += metricLines
    lines += sectionLines
    return lines.joined(separator: "\n")
  }

  private func heading(_ title: String) -> String {
    let numbers = trunk.parameters + heads.reduce(0) { $0 + $1.parameters }
    let ratio = String(format: "%.3f", Double(file_bytes) / Double(max(4 * numbers, 1)))
    return "\(title): format version \(format_version), \(grouped(file_bytes)) bytes, "
      + "\(ratio) of the raw numbers"
  }

  private var trunkLines: [String] {
    var lines = [
      "trunk  \(grouped(trunk.parameters)) parameters, "
        + "\(grouped(trunk.multiply_adds)) multiply-adds"
    ]
    for (input, names) in zip(trunk.inputs, trunk.columns) {
      var line = "  input    \(input.name)  \(input.shapeText)"
      if let first = names.first, let last = names.last {
        line += names.count == 1 ? ", column \(first)" : ", columns \(first) to \(last)"
      }
      lines.append(line)
    }
    lines += trunk.features.map { "  feature  \($0.name)  \($0.shapeText)" }
    return lines
  }

  private var headLines: [String] {
    var rows = [["head", "task", "parameters", "multiply-adds", "loss (weight)"]]
    for head in heads {
      rows.append([
        head.name, head.task, grouped(head.parameters), grouped(head.multiply_adds),
        "\(head.loss) (\(String(format: "%g", head.loss_weight)))",
      ])
    }
    var lines = aligned(rows, right: [2, 3])
    lines.append("")
    for head in heads {
      let outputs = head.outputs.map { "\($0.name) \($0.shapeText)" }.joined(separator: ", ")
      var line = "\(head.name): reads \(head.reads.joined(separator: ", ")); gives \(outputs)"
      if !head.labels.isEmpty { line += "; labels " + shortened(head.labels) }
      if !head.unit.isEmpty { line += "; unit \(head.unit)" }
      if let mean = head.target_mean, let deviation = head.target_deviation,
        mean != 0 || deviation != 1
      {
        line += "; targets \(figure(mean)) +- \(figure(deviation))"
      }
      if let threshold = head.threshold {
        line += "; \(head.labels.last ?? "yes") from \(String(format: "%g", threshold))"
      }
      lines += wrapped(line)
    }
    return lines
  }

  private var metricLines: [String] {
    let splits = Set(heads.flatMap { $0.metrics.map(\.split) }).sorted()
    guard !splits.isEmpty else { return [] }
    var rows = [["head", "figure"] + splits]
    for head in heads {
      let names = Set(head.metrics.map(\.name)).sorted()
      for (index, name) in names.enumerated() {
        rows.append(
          [index == 0 ? head.name : "", name]
            + splits.map { split in
              head.metrics.first { $0.name == name && $0.split == split }
                .map { figure($0.value) } ?? "-"
            })
      }
    }
    return aligned(rows, right: Set(2..<2 + splits.count)) + [""]
  }

  private var sectionLines: [String] {
    var rows = [["section", "name", "codec", "raw bytes", "stored bytes"]]
    for section in sections {
      rows.append([
        section.kind, section.name, section.codec, grouped(section.raw_bytes),
        grouped(section.stored_bytes),
      ])
    }
    return aligned(rows, right: [3, 4])
  }

  /// A line broken at spaces so that none is longer than 80 columns; what follows the first is set in.
  private func wrapped(_ line: String) -> [String] {
    var lines: [String] = []
    for word in line.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(lines.isEmpty ? String(word) : "  \(word)")
      }
    }
    return lines
  }

  private func shortened(_ labels: [String]) -> String {
    labels.count <= 12
      ? labels.joined(separator: " ")
      : labels.prefix(10).joined(separator: " ") + " ... (\(labels.count))"
  }
}

extension ModelSummary.TensorSummary {
  /// The shape and element type, such as `batch x 8 x 8 x 1 float32`.
  var shapeText: String { shape.joined(separator: " x ") + " " + element }
}
