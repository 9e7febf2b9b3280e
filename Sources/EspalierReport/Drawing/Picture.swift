import EspalierGraph

/// A picture of trunk and heads for papers and pages, as an SVG document.
///
/// The trunk is a column of boxes, one for each layer, the higher the more parameters it has. Heads fan out from the
/// features to the right, heads that read heads further to the right. Long trunks and many heads are shortened and
/// counted. The same outline makes the same bytes; there are no scripts, and no fonts or files from elsewhere.
package enum Picture {
  /// The space around the picture.
  static let margin = 20.0
  /// From the dot of a feature, or from a head, to the heads that read it.
  static let fan = 80.0

  /// The document for a model of a name.
  package static func svg(_ outline: ModelOutline, title: String) -> String {
    var trunk = TrunkColumns(outline)
    var heads = HeadColumns(outline, trunk)
    let height = max(trunk.height, heads.height)
    trunk.move(x: margin + trunk.laneWidth, y: margin + (height - trunk.height) / 2)
    heads.place(beside: trunk, top: margin, height: height)
    let right = heads.columns.isEmpty ? max(trunk.fanX, trunk.right) : heads.right
    var svg = SVG(
      width: right + margin, height: max(height + margin, heads.bottom) + margin)
    svg.add(
      "title",
      text: "\(title): a trunk of \(counted(outline.layers.count, "layer")) with "
        + counted(outline.heads.count, "head"))
    svg.add("rect", [("width", "100%"), ("height", "100%"), ("fill", Color.paper)])
    svg.begin(
      "g", [("font-family", "Helvetica, Arial, sans-serif"), ("stroke-linecap", "round")])
    heads.drawCurves(from: trunk, on: &svg)
    trunk.draw(on: &svg)
    heads.drawCards(on: &svg)
    return svg.finished()
  }

  /// The colours; those of tasks can be told apart with any kind of colour vision (Okabe and Ito, 2008).
  enum Color {
    static let paper = "#ffffff"
    static let ink = "#1f2933"
    static let muted = "#52606d"
    static let line = "#8593a3"
    static let weighted = "#e4ebf3"
    static let classification = "#0072b2"
    static let binary = "#d55e00"
    static let regression = "#009e73"
  }
}

extension SVG {
  /// Adds a text that stands on a baseline, cut to a width.
  mutating func text(
    _ text: String, x: Double, y: Double, width: Double, size: Double = 11,
    fill: String = Picture.Color.muted, bold: Bool = false, anchor: String = "start"
  ) {
    guard !text.isEmpty else { return }
    var attributes = [
      ("x", Self.number(x)), ("y", Self.number(y)), ("font-size", Self.number(size)),
      ("fill", fill),
    ]
    if bold { attributes.append(("font-weight", "bold")) }
    if anchor != "start" { attributes.append(("text-anchor", anchor)) }
    add("text", attributes, text: fitted(text, to: width, size: size, bold: bold))
  }

  /// Adds a line along a path.
  mutating func path(
    _ path: String, stroke: String = Picture.Color.line, width: Double = 1.2, dashes: String? = nil
  ) {
    var attributes = [
      ("d", path), ("fill", "none"), ("stroke", stroke), ("stroke-width", Self.number(width)),
    ]
    if let dashes { attributes.append(("stroke-dasharray", dashes)) }
    add("path", attributes)
  }

  /// Adds a rectangle with round corners.
  mutating func box(
    x: Double, y: Double, width: Double, height: Double, radius: Double, fill: String,
    stroke: String = Picture.Color.line, dashes: String? = nil
  ) {
    var attributes = [
      ("x", Self.number(x)), ("y", Self.number(y)), ("width", Self.number(width)),
      ("height", Self.number(height)), ("rx", Self.number(radius)), ("fill", fill),
      ("stroke", stroke),
    ]
    if let dashes { attributes.append(("stroke-dasharray", dashes)) }
    add("rect", attributes)
  }

  /// Coordinates of a path.
  static func point(_ x: Double, _ y: Double) -> String { "\(number(x)) \(number(y))" }
}
