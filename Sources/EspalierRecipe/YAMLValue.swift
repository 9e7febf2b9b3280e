/// A value that is written as YAML: maps over several lines, the elements of lists on one line each.
indirect enum YAMLValue {
  case text(String)
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case flag(Bool)
  case list([YAMLValue])
  case map([(key: String, value: YAMLValue)])

  /// The lines of the value, without those of the map that it may stand in.
  func lines(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    switch self {
    case .map(let entries) where !entries.isEmpty:
      return entries.map { key, value in
        let key = margin + Self.scalar(key) + ":"
        return value.isNested
          ? "\(key)\n\(value.lines(indent: indent + 2))" : "\(key) \(value.line)\n"
      }.joined()
    case .list(let elements) where isNested:
      return elements.map { "\(margin)- \($0.elementLine)\n" }.joined()
    default:
      return "\(margin)\(line)\n"
    }
  }

  /// Whether the value has lines of its own: maps, and lists of maps.
  private var isNested: Bool {
    switch self {
    case .map(let entries): !entries.isEmpty
    case .list(let elements): elements.contains(where: \.isNested)
    default: false
    }
  }

  /// The value on one line.
  private var line: String {
    switch self {
    case .text(let text): Self.scalar(text)
    case .integer(let number): "\(number)"
    case .unsigned(let number): "\(number)"
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let elements): "[\(elements.map(\.line).joined(separator: ", "))]"
    case .map(let entries): "{\(Self.pairs(entries))}"
    }
  }

  /// The value on the line of a list; a map of one key needs no braces there.
  private var elementLine: String {
    if case .map(let entries) = self, entries.count == 1 { Self.pairs(entries) } else { line }
  }

  private static func pairs(_ entries: [(key: String, value: YAMLValue)]) -> String {
    entries.map { "\(scalar($0.key)): \($0.value.line)" }.joined(separator: ", ")
  }

  /// Words that other readers of YAML take for something else than text.
  private static let reserved: Set = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

  /// Text as it is when it is a simple word, otherwise in double quotes.
  private static func scalar(_ text: String) -> String {
    let startsWithLetter = text.utf8.first.map { isWordByte($0) && $0 > UInt8(ascii: "9") } ?? false
    let isWord = startsWithLetter && text.utf8.allSatisfy(isWordByte)
    if isWord && !reserved.contains(text.lowercased()) { return text }
    return "\"\(text.unicodeScalars.map(escaped).joined())\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
    func padded(_ count: Int) -> String {
      String(repeating: "0", count: count - hexadecimal.count) + hexadecimal
    }
    switch scalar.value {
    case 0x22, 0x5C: return "\\\(scalar)"
    // An & is escaped because our reader takes it for an anchor.
    case 0..<0x20, 0x26, 0x7F..<0xA0: return "\\x\(padded(2))"
    case 0x2028, 0x2029, 0xE000..<0xF900, 0xFEFF, 0xFFFE, 0xFFFF: return "\\u\(padded(4))"
    default: return "\(scalar)"
    }
  }
}
