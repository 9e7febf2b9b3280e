import EspalierGraph

/// Builds an SVG document of elements whose attributes and texts are escaped.
package struct SVG {
  private var lines: [String] = []
  private var open: [String] = []

  /// Begins a document of a size in pixels.
  package init(width: Double, height: Double) {
    begin(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("role", "img"), ("width", Self.number(width)),
        ("height", Self.number(height)),
        ("viewBox", "0 0 \(Self.number(width)) \(Self.number(height))"),
      ])
  }

  /// Adds an element without children but a text.
  package mutating func add(
    _ name: String, _ attributes: [(String, String)] = [], text: String? = nil
  ) {
    let content = text.map { ">\(Self.escaped($0))</\(name)>" } ?? "/>"
    lines.append(indent + Self.tag(name, attributes) + content)
  }

  /// Begins an element with children.
  package mutating func begin(_ name: String, _ attributes: [(String, String)] = []) {
    lines.append(indent + Self.tag(name, attributes) + ">")
    open.append(name)
  }

  /// Ends the element that was begun last.
  package mutating func end() {
    guard let name = open.popLast() else { preconditionFailure("no element is open") }
    lines.append(indent + "</\(name)>")
  }

  /// Ends all elements; the document.
  package consuming func finished() -> String {
    while !open.isEmpty { end() }
    return lines.joined(separator: "\n") + "\n"
  }

  private var indent: String { String(repeating: " ", count: open.count) }

  private static func tag(_ name: String, _ attributes: [(String, String)]) -> String {
    "<" + name + attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// A coordinate with at most one digit behind the point.
  package static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let whole = "\(sign)\(abs(tenths) / 10)"
    return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
  }

  /// Text as character data or as an attribute's value; what does not show is escaped, and the two other characters that
  /// XML 1.0 does not allow become U+FFFD.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in visible(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
