internal import EspalierText

/// About the width in pixels that text of a sans-serif face takes, on the wide side.
package func textWidth(_ text: String, size: Double, bold: Bool = false) -> Double {
  text.reduce(0) { $0 + relativeWidth(of: $1) } * size * (bold ? 1.1 : 1)
}

/// Text cut so that it fits a width; what was cut ends in an ellipsis.
package func fitted(_ text: String, to width: Double, size: Double, bold: Bool = false) -> String {
  guard textWidth(text, size: size, bold: bold) > width else { return text }
  var result = ""
  var taken = textWidth("…", size: size, bold: bold)
  for character in text {
    taken += textWidth(String(character), size: size, bold: bold)
    guard taken <= width else { break }
    result.append(character)
  }
  return result + "…"
}

/// Widths relative to the size of the face, those of DejaVu Sans rounded up: other usual faces are narrower.
private func relativeWidth(of character: Character) -> Double {
  switch character {
  case "i", "j", "l", "I", "|", "'", ".", ",", ":", ";", " ", "!": 0.35
  case "f", "r", "t", "(", ")", "[", "]", "-", "/": 0.42
  case "m", "M", "w", "W", "@", "%", "…": 1
  case "0"..."9", "a"..."z", "_": 0.64
  case "A"..."Z": 0.76
  default: columns(of: String(character)) == 2 ? 1.05 : 0.8
  }
}
