/// What separates the cells of a table.
struct CellSeparator: Sendable {
  /// The character.
  let byte: UInt8
  /// The character, in words.
  let name: String
  /// Whether the file does not say it otherwise than by its lines.
  private let isGuessed: Bool

  private static let comma = CellSeparator(UInt8(ascii: ","), "comma")
  private static let semicolon = CellSeparator(UInt8(ascii: ";"), "semicolon")
  private static let tab = CellSeparator(UInt8(ascii: "\t"), "tab")
  /// The lines that are looked at.
  private static let lineCount = 10

  private init(_ byte: UInt8, _ name: String, isGuessed: Bool = true) {
    self.byte = byte
    self.name = name
    self.isGuessed = isGuessed
  }

  /// Finds the separator of a text.
  ///
  /// A file whose name ends in .tsv or .tab has tabs. Otherwise it is the first of tab, semicolon and comma that all of
  /// the first lines have equally often, outside quotes; when there is none, the one that the first line has most often.
  init(of text: ArraySlice<UInt8>, file: String) {
    let name = file.lowercased()
    if [".tsv", ".tab", ".tsv.gz", ".tab.gz"].contains(where: name.hasSuffix) {
      self.init(Self.tab.byte, Self.tab.name, isGuessed: false)
      return
    }
    let candidates = [Self.comma, Self.semicolon, Self.tab]
    let counts = Self.counts(of: candidates.map(\.byte), in: text)
    let consistent = candidates.indices.last { index in
      counts[0][index] > 0 && counts.allSatisfy { $0[index] == counts[0][index] }
    }
    let mostFrequent = candidates.indices.max { counts[0][$0] < counts[0][$1] }
    self = candidates[consistent ?? mostFrequent ?? 0]
  }

  /// What a first line `sep=;` says, as Excel reads and writes it; nil when there is none.
  static func declaration(
    at text: ArraySlice<UInt8>
  ) -> (separator: CellSeparator, byteCount: Int)? {
    let line = text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard line.count == 5, line.starts(with: "sep=".utf8), let byte = line.last else { return nil }
    let name = [comma, semicolon, tab].first { $0.byte == byte }?.name
    let separator = CellSeparator(
      byte, name ?? String(decoding: [byte], as: UTF8.self), isGuessed: false)
    return byte == CellText.quote || byte >= 0x80 ? nil : (separator, line.count)
  }

  /// What messages say when the separator may be another than the one that was meant.
  var note: String {
    isGuessed && byte != Self.comma.byte
      ? " (cells are taken to be separated by \(name)s, which the first lines have)" : ""
  }

  /// How often bytes stand in each of the first lines, outside quotes.
  private static func counts(of bytes: [UInt8], in text: ArraySlice<UInt8>) -> [[Int]] {
    var lines = [bytes.map { _ in 0 }]
    var isQuoted = false
    var isAtStart = false
    for byte in text {
      if byte == CellText.quote { isQuoted.toggle() }
      let endsLine = !isQuoted && (byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"))
      if endsLine {
        isAtStart = true
        continue
      }
      if isAtStart {
        if lines.count == lineCount { break }
        lines.append(bytes.map { _ in 0 })
        isAtStart = false
      }
      if !isQuoted, let index = bytes.firstIndex(of: byte) { lines[lines.count - 1][index] += 1 }
    }
    return lines
  }
}
