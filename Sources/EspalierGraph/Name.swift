/// A name or label: text kept as its UTF-8 bytes, compared and ordered byte by byte.
///
/// Bytes keep the runtime free of Unicode tables, and give files one order of names on every platform.
public struct Name: Sendable, Hashable, Comparable {
  /// The UTF-8 bytes.
  public let utf8: [UInt8]

  /// Makes a name of UTF-8 bytes.
  public init(utf8: [UInt8]) {
    self.utf8 = utf8
  }

  /// Makes a name of a string's UTF-8 bytes.
  public init(_ text: String) {
    self.utf8 = Array(text.utf8)
  }

  /// Whether the name has no bytes.
  public var isEmpty: Bool { utf8.isEmpty }

  /// Orders by bytes, a prefix before its extensions.
  public static func < (left: Name, right: Name) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Whether the bytes are well-formed UTF-8 without control characters.
  ///
  /// Control characters (U+0000 to U+001F and U+007F) are refused so that a name from a file can be printed on a
  /// terminal as it is.
  public var isPrintable: Bool {
    var index = 0
    while index < utf8.count {
      guard let length = sequenceLength(at: index) else { return false }
      index += length
    }
    return true
  }

  /// The length of the well-formed, printable UTF-8 sequence at `index` (Unicode 15, table 3-7), or nil.
  private func sequenceLength(at index: Int) -> Int? {
    let lead = utf8[index]
    func continues(_ offset: Int, from low: UInt8 = 0x80, through high: UInt8 = 0xBF) -> Bool {
      index + offset < utf8.count && utf8[index + offset] >= low && utf8[index + offset] <= high
    }
    switch lead {
    case 0x20...0x7E:
      return 1
    case 0xC2...0xDF:
      return continues(1, from: lead == 0xC2 ? 0xA0 : 0x80) ? 2 : nil
    case 0xE0...0xEF:
      let low: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
      let high: UInt8 = lead == 0xED ? 0x9F : 0xBF
      return continues(1, from: low, through: high) && continues(2) ? 3 : nil
    case 0xF0...0xF4:
      let low: UInt8 = lead == 0xF0 ? 0x90 : 0x80
      let high: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
      return continues(1, from: low, through: high) && continues(2) && continues(3) ? 4 : nil
    default:
      return nil
    }
  }
}

extension Name: ExpressibleByStringLiteral {
  /// Makes a name of a literal.
  public init(stringLiteral literal: StaticString) {
    self.utf8 = literal.withUTF8Buffer { Array($0) }
  }
}

extension Name: CustomStringConvertible {
  /// The name as a string; bytes that are not UTF-8 appear as U+FFFD.
  public var description: String { String(decoding: utf8, as: UTF8.self) }
}
