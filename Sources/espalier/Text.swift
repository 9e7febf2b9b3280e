import EspalierFormat
import EspalierGraph
import Foundation

/// A figure with four significant digits.
func figure(_ value: Double) -> String {
  if value == 0 { return "0" }
  let digits = 4 - Int(log10(abs(value)).rounded(.down)) - 1
  if abs(value) < 1e-4 || abs(value) >= 1e6 { return String(format: "%.3e", value) }
  return String(format: "%.\(max(0, digits))f", value)
}

/// A whole number with its thousands apart, such as `74,240`.
func grouped(_ number: Int) -> String {
  var text = ""
  for (index, digit) in String(number).reversed().enumerated() {
    if index > 0 && index % 3 == 0 && digit != "-" { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}

/// A time such as `0.8 s`, `12 s` or `3 min 20 s`.
func duration(_ seconds: Double) -> String {
  if seconds < 10 { return String(format: "%.1f s", seconds) }
  let whole = Int(seconds.rounded())
  if whole < 120 { return "\(whole) s" }
  if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole % 3600 / 60) min"
}

/// Rows of cells as lines, each column as wide as its widest cell; the columns in `right` are set flush right.
func aligned(_ rows: [[String]], right: Set<Int> = []) -> [String] {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      let isLast = column == row.count - 1
      line += (column == 0 ? "" : "  ")
      line += right.contains(column) ? padding + cell : isLast ? cell : cell + padding
    }
    return line
  }
}

/// A number of things, such as `1 head` or `3 heads`.
func counted(_ count: Int, _ thing: String) -> String {
  "\(grouped(count)) \(thing)\(count == 1 ? "" : "s")"
}

/// Names joined by commas, the first twenty of them.
func list(_ names: [Name]) -> String {
  let shown = names.prefix(20).map(\.description).joined(separator: ", ")
  return names.count > 20 ? "\(shown) and \(grouped(names.count - 20)) more" : shown
}

/// The bytes of a file.
func fileSize(_ path: String) throws -> Int {
  try withFile(path) { try FileSource(path: path).byteCount }
}
