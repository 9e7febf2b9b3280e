import EspalierGraph

/// Reads the literals that headers are made of, in the Python of `.npy` and the JSON of `.safetensors`.
///
/// Every step moves on or throws, so that the work is bounded by the bytes.
struct HeaderScanner {
  private let bytes: ArraySlice<UInt8>
  private let array: Name?
  /// The next byte.
  private var index: Int

  /// Scans a header.
  ///
  /// - Parameter array: the array that the header belongs to, for messages.
  init(_ bytes: ArraySlice<UInt8>, of array: Name? = nil) {
    self.bytes = bytes
    self.array = array
    index = bytes.startIndex
  }

  /// The next byte, counted from the first.
  var offset: Int { index - bytes.startIndex }

  /// An error at the next byte, or at an earlier one.
  func error(expected: String, at offset: Int? = nil) -> ArrayFileError {
    ArrayFileError(.badHeader(offset: offset ?? self.offset, expected: expected), in: array)
  }

  /// The next byte, which is taken.
  mutating func next(expected: String) throws(ArrayFileError) -> UInt8 {
    guard index < bytes.endIndex else { throw error(expected: expected) }
    defer { index += 1 }
    return bytes[index]
  }

  /// Takes a character after white space if it is there.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard index < bytes.endIndex, bytes[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  /// Takes a character after white space.
  mutating func expect(_ character: Unicode.Scalar) throws(ArrayFileError) {
    guard take(character) else { throw error(expected: "\"\(character)\"") }
  }

  /// Refuses anything but white space in what is left.
  mutating func expectEnd() throws(ArrayFileError) {
    skipSpace()
    if index < bytes.endIndex { throw error(expected: "the end of the header") }
  }

  /// A number of decimal digits, without sign and without needless zeros.
  mutating func number() throws(ArrayFileError) -> Int {
    skipSpace()
    let digits = bytes[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let number = Int(String(decoding: digits, as: UTF8.self))
    else { throw error(expected: "a number from 0 to \(Int.max)") }
    index = digits.endIndex
    return number
  }

  /// Numbers between brackets with commas between; one may follow the last.
  ///
  /// - Parameter suffix: what may follow a number and means nothing.
  mutating func numbers(
    from opening: Unicode.Scalar, to closing: Unicode.Scalar, atMost limit: Int,
    suffix: Unicode.Scalar? = nil
  ) throws(ArrayFileError) -> (numbers: [Int], endsInComma: Bool) {
    try expect(opening)
    var numbers: [Int] = []
    var endsInComma = false
    while !take(closing) {
      guard numbers.isEmpty || endsInComma else { throw error(expected: "\",\" or \"\(closing)\"") }
      guard numbers.count < limit else { throw error(expected: "at most \(limit) numbers") }
      numbers.append(try number())
      if let suffix { _ = take(suffix) }
      endsInComma = take(",")
    }
    return (numbers, endsInComma)
  }

  /// A word of letters.
  mutating func word() -> String {
    skipSpace()
    let letters = bytes[index...].prefix {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
    }
    index = letters.endIndex
    return String(decoding: letters, as: UTF8.self)
  }

  private mutating func skipSpace() {
    while index < bytes.endIndex, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
  }
}
