internal import EspalierGraph
internal import Foundation

/// The most columns that a report takes where names are short.
package let reportWidth = 80

/// A figure with four significant digits.
package func figure(_ value: Double) -> String {
  if value == 0 || !value.isFinite { return value == 0 ? "0" : "\(value)" }
  let digits = 4 - Int(log10(abs(value)).rounded(.down)) - 1
  if abs(value) < 1e-4 || abs(value) >= 1e6 { return String(format: "%.3e", value) }
  return String(format: "%.\(max(0, digits))f", value)
}

/// A time such as `0.8 s`, `12 s` or `3 min 20 s`.
package func duration(_ seconds: Double) -> String {
  if seconds < 10 { return String(format: "%.1f s", seconds) }
  let whole = Int(seconds.rounded())
  if whole < 120 { return "\(whole) s" }
  if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}

/// The columns that text takes on a terminal: two for a wide character of East Asian scripts and for an emoji.
package func columns(of text: String) -> Int {
  text.reduce(0) { $0 + columns(of: $1) }
}

private func columns(of character: Character) -> Int {
  switch character.unicodeScalars.first?.value ?? 0 {
  case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
    2
  default: 1
  }
}

/// Whether text takes more columns than `width`; looks at no more of it than that takes.
private func isWider(_ text: String, than width: Int) -> Bool {
  var taken = 0
  for character in text {
    taken += columns(of: character)
    if taken > width { return true }
  }
  return false
}

/// Text cut at its end so that it takes at most `width` columns; three dots stand for what was cut.
package func cut(_ text: String, to width: Int) -> String {
  guard isWider(text, than: width) else { return text }
  return beginning(of: text, columns: width - 3) + "..."
}

/// A name cut in its middle so that it takes at most `width` columns; three dots stand for what was cut.
package func shortened(_ name: String, to width: Int) -> String {
  guard isWider(name, than: width) else { return name }
  let front = beginning(of: name, columns: (width - 3 + 1) / 2)
  let back = beginning(of: name.reversed(), columns: width - 3 - columns(of: front))
  return front + "..." + String(back.reversed())
}

/// Names cut to about `width` columns each, so that those that differ go on to differ.
///
/// Names that look alike once their middle is cut keep the place where they begin to differ instead of their ends; where
/// that is not enough, the later ones are numbered.
package func shortened(_ names: [String], to width: Int) -> [String] {
  var result = names.map { shortened($0, to: width) }
  // Names are bytes: two that differ in them only, as in how an accent is written, are both whole.
  let cut = names.indices.filter { isWider(names[$0], than: width) }
  for group in Dictionary(grouping: cut, by: { Array(result[$0].utf8) }).values
  where group.count > 1 {
    let sorted = group.sorted { names[$0] < names[$1] }
    for (place, index) in sorted.enumerated() {
      let neighbours = [place - 1, place + 1].filter(sorted.indices.contains).map { sorted[$0] }
      let common = neighbours.map { names[index].commonPrefix(with: names[$0]).count }.max() ?? 0
      let rest = names[index].dropFirst(max(common - 2, 0))
      result[index] = EspalierText.cut(
        beginning(of: names[index], columns: width / 4) + "..." + rest, to: width)
    }
  }
  var seen: [[UInt8]: Int] = [:]
  for index in cut {
    let number = seen[Array(result[index].utf8), default: 0] + 1
    seen[Array(result[index].utf8)] = number
    if number > 1 { result[index] += " (\(number))" }
  }
  return result
}

private func beginning(of text: some Sequence<Character>, columns width: Int) -> String {
  var result = ""
  var taken = 0
  for character in text {
    taken += columns(of: character)
    guard taken <= width else { break }
    result.append(character)
  }
  return result
}

/// A line broken at spaces so that none takes more than 80 columns; what follows the first is set in.
package func wrapped(_ line: String, indent: String = "  ") -> [String] {
  let leading = String(line.prefix { $0 == " " })
  var lines: [String] = []
  for word in line.split(separator: " ") {
    if let last = lines.last, columns(of: last) + 1 + columns(of: String(word)) <= reportWidth {
      lines[lines.count - 1] += " \(word)"
    } else {
      lines.append((lines.isEmpty ? leading : indent) + word)
    }
  }
  return lines
}

/// Rows of cells as lines, each column as wide as its widest cell; the columns in `right` are set flush right.
package func aligned(_ rows: [[String]], right: Set<Int> = []) -> [String] {
  let rows = rows.map { $0.map { visible($0) } }
  var widths: [Int] = []
  for row in rows {
    for (column, cell) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], columns(of: cell))
    }
  }
  return rows.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - columns(of: cell))
      let isLast = column == row.count - 1
      line += (column == 0 ? "" : "  ")
      line += right.contains(column) ? padding + cell : isLast ? cell : cell + padding
    }
    return line
  }
}
