internal import EspalierGraph
internal import EspalierText
internal import Foundation

extension ModelSummary {
  /// The most heads, and the most sections, that the text shows.
  package static let textLimit = 50
  /// The most figures of a head, and the most splits that they are of, that the text shows.
  private static let (figureLimit, splitLimit) = (20, 8)
  /// The most columns for the name of a head in a table.
  private static let nameWidth = 24

  /// The summary for people, at most 80 columns wide where names are short.
  ///
  /// - Parameter isSelection: whether the summary is of chosen heads, which then are all shown; otherwise of many heads
  ///   the first are.
  package func text(title: String, isSelection: Bool = false) -> String {
    let shown = isSelection ? heads[...] : heads.prefix(Self.textLimit)
    var lines = [heading(title) + (isSelection ? "" : ", \(ratio) of the raw numbers"), ""]
    lines += aboutLines
    lines += trunkLines + [""]
    let names = shortened(shown.map(\.name), to: Self.nameWidth)
    lines += headLines(of: shown, names) + [""]
    lines += metricLines(of: shown, names)
    lines += sectionLines
    return lines.joined(separator: "\n")
  }

  private func heading(_ title: String) -> String {
    "\(title): format version \(format_version), \(counted(file_bytes, "byte"))"
  }

  /// The bytes of the file to those of its numbers as 32 bits each.
  private var ratio: String {
    return String(format: "%.3f", Double(file_bytes) / Double(max(4 * numbers, 1)))
  }

  private var aboutLines: [String] {
    let known = [("author", author), ("licence", licence)].filter { !$0.1.isEmpty }
    let all = known + notes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return all.isEmpty ? [] : all.flatMap { wrapped("\($0): \($1)") } + [""]
  }

  private var trunkLines: [String] {
    var lines = [
      "trunk  \(counted(trunk.parameters, "parameter")), "
        + counted(trunk.multiply_adds, "multiply-add")
    ]
    let meanings = Dictionary(grouping: trunk.column_meanings) { Name($0.input) }
    for (input, names) in zip(trunk.inputs, trunk.columns) {
      var line = "  input    \(input.name)  \(input.shapeText)"
      if let first = names.first, let last = names.last {
        line += names.count == 1 ? ", column \(first)" : ", columns \(first) to \(last)"
      }
      lines.append(line)
      if !input.scaling.isEmpty {
        lines.append("    scaled: \(input.scaling)")
      }
      lines += columnLines(meanings[Name(input.name), default: []])
    }
    lines += trunk.sizes.map { "  size     \($0.symbol): \($0.sizes)" }
    lines += trunk.features.map { "  feature  \($0.name)  \($0.shapeText)" }
    return lines
  }

  /// What the cells of an input's columns mean, where they are not numbers that are used as they are.
  private func columnLines(_ columns: [ColumnSummary]) -> [String] {
    let most = 20
    let all = columns.count <= most ? columns : columns.filter(\.isConverted)
    var lines = all.prefix(most).flatMap { column in
      var parts: [String] = []
      if !column.categories.isEmpty {
        let shown = column.categories.prefix(most).joined(separator: " ")
        let rest = column.categories.count - most
        parts.append("one of \(shown)" + (rest > 0 ? " and \(grouped(rest)) more" : ""))
      }
      if column.mean != 0 || column.deviation != 1 {
        // In digits that arrays can be made with: of a time near 1.7e9 the last ones count.
        let mean = column.mean == 0 ? "" : String(format: "less %.10g", column.mean)
        let scale =
          column.deviation == 1 ? "" : String(format: "divided by %.10g", column.deviation)
        parts.append([mean, scale].filter { !$0.isEmpty }.joined(separator: ", "))
      }
      if let least = column.least, let most = column.most {
        parts.append("seen from \(figure(least)) to \(figure(most))")
      }
      return wrapped("    \(column.name): \(parts.joined(separator: "; "))", indent: "      ")
    }
    if all.count > most { lines.append("    ... and \(counted(all.count - most, "column")) more") }
    return lines
  }

  private func headLines(of shown: ArraySlice<HeadSummary>, _ names: [String]) -> [String] {
    guard !heads.isEmpty else { return ["no heads"] }
    var rows = [["head", "task", "parameters", "multiply-adds", "loss (weight)"]]
    for (head, name) in zip(shown, names) {
      rows.append([
        name, head.task, grouped(head.parameters), grouped(head.multiply_adds),
        head.loss.isEmpty ? "" : "\(head.loss) (\(String(format: "%g", head.loss_weight)))",
      ])
    }
    var lines = aligned(rows, right: [2, 3])
    if heads.count > shown.count {
      lines.append(
        "... and \(counted(heads.count - shown.count, "head")) more; --heads a,b shows chosen "
          + "ones, --json all")
    }
    lines.append("")
    for head in shown {
      let outputs = head.outputs.map { "\($0.name) \($0.shapeText)" }.joined(separator: ", ")
      var line = "\(head.name): reads \(head.reads.joined(separator: ", ")); gives \(outputs)"
      if !head.labels.isEmpty { line += "; labels " + short(head.labels) }
      if !head.unit.isEmpty { line += "; unit \(head.unit)" }
      if let mean = head.target_mean, let deviation = head.target_deviation,
        mean != 0 || deviation != 1
      {
        line += "; targets \(figure(mean)) +- \(figure(deviation))"
      }
      if let threshold = head.threshold {
        line += "; \(head.labels.last ?? "yes") from \(String(format: "%g", threshold))"
      }
      if head.temperature != 1 {
        line += "; calibrated by temperature \(String(format: "%g", head.temperature))"
      }
      if !head.quantiles.isEmpty {
        line +=
          "; quantiles "
          + head.quantiles.map { String(format: "%g", $0) }
          .joined(separator: " ")
      }
      lines += wrapped(line)
    }
    return lines
  }

  private func metricLines(of shown: ArraySlice<HeadSummary>, _ names: [String]) -> [String] {
    let all = Set(shown.flatMap { $0.metrics.map { Name($0.split) } }).sorted()
    let splits = all.prefix(Self.splitLimit)
    guard !splits.isEmpty else { return [] }
    var isWhole = all.count == splits.count
    var rows = [["head", "figure"] + splits.map(\.description)]
    for (head, name) in zip(shown, names) {
      var values: [Name: [Name: Double]] = [:]
      for metric in head.metrics {
        values[Name(metric.name), default: [:]][Name(metric.split)] = metric.value
      }
      let figures = values.keys.sorted()
      isWhole = isWhole && figures.count <= Self.figureLimit
      for (index, figureName) in figures.prefix(Self.figureLimit).enumerated() {
        rows.append(
          [index == 0 ? name : "", "\(figureName)"]
            + splits.map { values[figureName]?[$0].map(figure) ?? "-" })
      }
    }
    return aligned(rows, right: Set(2..<2 + splits.count))
      + (isWhole ? [] : ["... and more figures; --json shows all"]) + [""]
  }

  private var sectionLines: [String] {
    var rows = [["section", "codec", "raw bytes", "stored bytes", "name"]]
    for section in sections.prefix(Self.textLimit) {
      rows.append([
        section.kind, section.codec, grouped(section.raw_bytes), grouped(section.stored_bytes),
        section.name,
      ])
    }
    var lines = aligned(rows, right: [2, 3])
    if sections.count > Self.textLimit {
      lines.append(
        "... and \(counted(sections.count - Self.textLimit, "section")) more; --sections shows all")
    }
    return lines
  }

  private func short(_ labels: [String]) -> String {
    labels.count <= 12
      ? labels.joined(separator: " ")
      : labels.prefix(10).joined(separator: " ") + " ... (\(labels.count))"
  }
}

extension ModelSummary.TensorSummary {
  /// The shape and element type, such as `batch x 8 x 8 x 1 float32`.
  var shapeText: String { shape.joined(separator: " x ") + " " + element }
}

extension ModelSummary.InputSummary {
  /// The shape and element type, such as `batch x 8 x 8 x 1 float32`.
  var shapeText: String { shape.joined(separator: " x ") + " " + element }
}
