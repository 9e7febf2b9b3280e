internal import EspalierGraph

/// What stands on the card of a head, line by line.
struct HeadLines {
  /// The width of a card.
  static let width = 300.0
  private static let inner = width - 30
  /// The columns that the name of a head takes, of letters of usual width.
  static let nameWidth = 21

  /// A text on the left, and one on the right of the same line.
  struct Line {
    let left: String
    let right: String
  }

  let name: String
  let task: String
  let lines: [Line]

  /// The lines of a head: name and task; layers; answers and parameters; notes.
  init(_ head: ModelOutline.Head, name: String, isRoomy: Bool, notes: String) {
    self.name = name
    task = head.task.label
    let layers = pictured(head.layers.words)
    let parameters = counted(head.parameters, "parameter")
    let answers = Self.answers(
      head, width: isRoomy ? Self.inner - textWidth(parameters, size: 11) - 12 : Self.inner * 0.45)
    var lines =
      isRoomy
      ? [Line(left: layers, right: ""), Line(left: answers, right: parameters)]
      : [Line(left: layers, right: answers)]
    if !notes.isEmpty { lines.append(Line(left: notes, right: "")) }
    self.lines = lines
  }

  /// No lines, for heads that are left out.
  init() {
    (name, task, lines) = ("", "", [])
  }

  var height: Double { lines.isEmpty ? 32 : 32 + 16 * Double(lines.count) }

  /// The labels, counted where they do not fit; without labels how many numbers there are, and their unit.
  private static func answers(_ head: ModelOutline.Head, width: Double) -> String {
    guard !head.labels.isEmpty else {
      let values = head.shape == "1" ? "1 value" : "\(pictured(head.shape)) values"
      return fitted(values + (head.unit.isEmpty ? "" : " in \(head.unit)"), to: width, size: 11)
    }
    let labels = head.labels.prefix(100).joined(separator: ", ")
    let count = " (\(grouped(head.labels.count)))"
    return head.labels.count <= 100 && textWidth(labels, size: 11) <= width
      ? labels : fitted(labels, to: width - textWidth(count, size: 11), size: 11) + count
  }

  /// Draws the lines on a card whose upper left corner is given.
  func draw(x: Double, y: Double, on svg: inout SVG) {
    let (left, right, inner) = (x + 16, x + Self.width - 14, Self.inner)
    let taskWidth = textWidth(task, size: 11)
    svg.text(
      name, x: left, y: y + 21, width: inner - taskWidth - 12, size: 13, fill: Picture.Color.ink,
      bold: true)
    svg.text(task, x: right, y: y + 21, width: taskWidth, anchor: "end")
    for (index, line) in lines.enumerated() {
      let baseline = y + 39 + 16 * Double(index)
      let used = line.right.isEmpty ? 0 : textWidth(line.right, size: 11) + 12
      svg.text(
        line.left, x: left, y: baseline, width: inner - used,
        fill: index == 0 ? Picture.Color.ink : Picture.Color.muted)
      svg.text(line.right, x: right, y: baseline, width: inner, anchor: "end")
    }
  }
}
