/// The number that UTF-8 text writes in decimal, such as `-3`, `0.25`, `.5` or `1e-3`.
///
/// - Returns: nil for all other text, hexadecimal numbers, `nan`, `inf`, spaces and the empty text included; an
///   infinity when the number is too large for a `Double`.
package func decimalNumber(_ text: Span<UInt8>) -> Double? {
  var scanner = DecimalScanner(text: text)
  guard let isWhole = scanner.scanNumber() else { return nil }
  if isWhole && text.count <= 15 { return Double(scanner.value) }
  var copy: [UInt8] = []
  for index in text.indices { copy.append(text[index]) }
  return Double(String(decoding: copy, as: UTF8.self))
}

/// The number that text writes in decimal.
package func decimalNumber(_ text: String) -> Double? {
  decimalNumber(Array(text.utf8).span)
}

/// Checks `[sign] digits [. digits] [e [sign] digits]`, where one side of the point may be empty.
private struct DecimalScanner: ~Escapable {
  let text: Span<UInt8>
  var index = 0
  /// The signed number of a text of at most 15 digits without point and exponent.
  var value = 0

  @_lifetime(copy text)
  init(text: Span<UInt8>) {
    self.text = text
  }

  /// Whether the number is without point and exponent; nil when the text is not a number.
  mutating func scanNumber() -> Bool? {
    let isNegative = scanSign()
    var digits = scanDigits()
    let isWhole = index == text.count
    if scan(UInt8(ascii: ".")) { digits += scanDigits() }
    guard digits > 0 else { return nil }
    if scan(UInt8(ascii: "e")) || scan(UInt8(ascii: "E")) {
      _ = scanSign()
      guard scanDigits() > 0 else { return nil }
    }
    if isNegative { value = -value }
    // A negative zero is left to the general case, which keeps its sign.
    return index == text.count ? isWhole && !(isNegative && value == 0) : nil
  }

  private mutating func scan(_ byte: UInt8) -> Bool {
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func scanSign() -> Bool {
    if scan(UInt8(ascii: "-")) { return true }
    _ = scan(UInt8(ascii: "+"))
    return false
  }

  private mutating func scanDigits() -> Int {
    let start = index
    while index < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) {
      value = value &* 10 &+ Int(text[index] - UInt8(ascii: "0"))
      index += 1
    }
    return index - start
  }
}
