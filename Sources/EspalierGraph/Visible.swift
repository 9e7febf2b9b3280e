/// Text with every character that does not show, or that changes how others show, written as `\n` or `\u{202E}`:
/// control characters, marks that turn the direction of what follows, and characters of no width.
///
/// Everything that is printed for people passes through here, so that no name in a file or a table can hide a part of a
/// message or forge one. Names themselves stay as they are.
///
/// - Parameters:
///   - text: any text.
///   - keepingLines: whether line breaks stay.
package func visible(_ text: String, keepingLines: Bool = false) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += keepingLines ? "\n" : "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where isInvisible(scalar.value): result += "\\u{" + hexadecimal(scalar.value) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Whether a character does not show, or changes how others show.
///
/// Controls of Unicode's category Cc, its separators of lines and paragraphs, and its default ignorable characters (15.1,
/// DerivedCoreProperties.txt) but for the selectors of variants, which choose between two forms of the character before.
package func isInvisible(_ scalar: UInt32) -> Bool {
  switch scalar {
  case 0x00...0x1F, 0x7F...0x9F: true  // controls
  case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // direction
  case 0xAD, 0x034F, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180E: true
  case 0x200B...0x200D, 0x2028...0x2029, 0x2060...0x2065, 0x206A...0x206F: true
  case 0x3164, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB: true
  case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE00FF, 0xE01F0...0xE0FFF: true
  default: false
  }
}

private func hexadecimal(_ number: UInt32) -> String {
  let digits = "0123456789ABCDEF".utf8
  var text: [UInt8] = []
  var rest = number
  repeat {
    text.append(digits[digits.index(digits.startIndex, offsetBy: Int(rest % 16))])
    rest /= 16
  } while rest > 0
  return String(decoding: text.reversed(), as: UTF8.self)
}
