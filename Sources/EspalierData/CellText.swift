/// The text of a table, and where its cells and lines end.
struct CellText: Sendable {
  static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  let bytes: [UInt8]
  let separator: UInt8

  /// The bytes of the line end at a place, LF, CRLF or CR; 0 when there is none.
  func lineEndLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] == Self.lineFeed { return 1 }
    guard bytes[index] == Self.carriageReturn else { return 0 }
    return index + 1 < bytes.count && bytes[index + 1] == Self.lineFeed ? 2 : 1
  }

  /// Whether a cell ends at a place, unless it stands in quotes.
  func isCellEnd(_ index: Int) -> Bool {
    guard index < bytes.count else { return true }
    let byte = bytes[index]
    return byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  /// The first place from another on without a space or a tab that separates nothing.
  func skippingSpaces(from start: Int) -> Int {
    var index = start
    while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    return index
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 && separator != 0x09
  }

  /// The bytes of the cell that begins at a place: with its quotes, without spaces around them.
  func cell(_ start: UInt32) -> Range<Int> {
    let first = skippingSpaces(from: Int(start))
    var end = first
    if end < bytes.count, bytes[end] == Self.quote {
      repeat {
        end += 1
        while bytes[end] != Self.quote { end += 1 }
        end += 1
      } while end < bytes.count && bytes[end] == Self.quote
      return first..<end
    }
    while !isCellEnd(end) { end += 1 }
    while end > first, isSpace(bytes[end - 1]) { end -= 1 }
    return first..<end
  }

  /// Whether nothing stands in the cell that begins at a place, or nothing in quotes.
  func isEmpty(_ start: UInt32) -> Bool {
    let range = cell(start)
    return range.isEmpty || range.count == 2 && bytes[range.lowerBound] == Self.quote
  }

  /// The text of a cell without its quotes; nil when it is not UTF-8.
  func content(_ start: UInt32) -> String? {
    let raw = bytes[cell(start)]
    guard raw.first == Self.quote else { return String(validating: raw, as: UTF8.self) }
    // By bytes: as characters, a quote and a combining mark after it are one.
    var text: [UInt8] = []
    var isSecondQuote = false
    for byte in raw.dropFirst().dropLast() {
      isSecondQuote = byte == Self.quote && !isSecondQuote
      if !isSecondQuote { text.append(byte) }
    }
    return String(validating: text, as: UTF8.self)
  }

  /// The number of a cell, in quotes or without; nil when it is none.
  func number(_ start: UInt32) -> Double? {
    var range = cell(start)
    if range.count >= 2, bytes[range.lowerBound] == Self.quote {
      range = range.lowerBound + 1..<range.upperBound - 1
      while let byte = bytes[range].first, byte == 0x20 || byte == 0x09 {
        range = range.lowerBound + 1..<range.upperBound
      }
      while let byte = bytes[range].last, byte == 0x20 || byte == 0x09 {
        range = range.lowerBound..<range.upperBound - 1
      }
    }
    return decimalNumber(bytes.span.extracting(range))
  }

  /// The line, from 1, of a place.
  func line(at offset: Int) -> Int {
    var line = 1
    var index = 0
    while index < offset {
      let length = lineEndLength(at: index)
      if length > 0 { line += 1 }
      index += max(length, 1)
    }
    return line
  }
}
