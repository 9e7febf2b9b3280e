internal import EspalierGraph
internal import EspalierText

/// A drawing of trunk and heads in lines.
///
/// The trunk's layers stand along a stem, numbered, with the shape of what they compute and their parameters. Features
/// branch off the stem below their layer, heads off the features, and heads that read heads off these. What would take
/// more than a few screens is left out and counted.
package struct TextDrawing {
  /// The most rows for layers.
  static let layerLimit = 30
  /// The most rows for features.
  static let featureLimit = 30
  /// About the most rows for heads.
  static let headLimit = 60
  /// How deep heads on heads are drawn.
  static let depthLimit = 8
  /// The fewest columns that lines are made for.
  package static let leastWidth = 40
  /// About the most columns for the name of a head or feature.
  private static let nameWidth = 28

  private let outline: ModelOutline
  private let style: LineStyle
  private let width: Int
  private let headNames: [String]
  private let featureNames: [String]
  private var lines: [String] = []

  /// The lines of the drawing of a model, none of which takes more columns than `width`, or `leastWidth` if that is
  /// more.
  package static func lines(
    _ outline: ModelOutline, _ style: LineStyle, width: Int = reportWidth
  ) -> [String] {
    var drawing = TextDrawing(outline, style, max(width, leastWidth))
    drawing.draw()
    return drawing.lines
  }

  private init(_ outline: ModelOutline, _ style: LineStyle, _ width: Int) {
    self.outline = outline
    self.style = style
    self.width = width
    let nameWidth = min(Self.nameWidth, width / 3)
    headNames = shortened(outline.heads.map(\.name), to: nameWidth)
    featureNames = shortened(outline.features.map(\.name), to: nameWidth)
  }

  private mutating func draw() {
    for input in outline.inputs { row("     \(input.name)", shape: input.shape) }
    let branches = featureBranches()
    var next = 0
    for row in outline.rows(limit: Self.layerLimit) {
      while next < branches.count, branches[next].position < row.positions.lowerBound {
        draw(branches[next], isLast: false)
        next += 1
      }
      draw(row)
    }
    for index in next..<branches.count {
      draw(branches[index], isLast: index == branches.count - 1)
    }
  }

  // MARK: - Layers

  private mutating func draw(_ row: OutlineRow) {
    switch row {
    case .layer(let position):
      let layer = outline.layers[position - 1]
      var text = number(position) + style.stem + " " + layer.title
      if layer.reads != [position - 1] {
        text += " \(style.arrow) " + layer.reads.map(source).joined(separator: ", ")
      }
      self.row(text, shape: layer.shape, parameters: layer.parameters)
    case .repeated(let positions, let times):
      let block = counted(positions.count / times, "layer")
      elision("\(block), \(counted(times, "more time"))", positions)
    case .elided(let positions):
      elision("\(counted(positions.count, "layer"))", positions)
    }
  }

  private mutating func elision(_ text: String, _ positions: ClosedRange<Int>) {
    let parameters = positions.reduce(0) { $0 + outline.layers[$1 - 1].parameters }
    row(
      "     \(style.gap) ... \(text) (\(positions.lowerBound) to \(positions.upperBound))",
      shape: outline.layers[positions.upperBound - 1].shape, parameters: parameters)
  }

  private func source(_ position: Int) -> String {
    position > 0 ? "\(position)" : outline.inputs[outline.inputs.count - 1 + position].name
  }

  private func number(_ position: Int) -> String {
    let text = "\(position)"
    return String(repeating: " ", count: max(0, 4 - text.count)) + text + " "
  }

  // MARK: - Features and heads

  /// A feature, or a number of features that are left out, with the heads on it.
  private struct Branch {
    let title: String
    let shape: String
    let position: Int
    let heads: [Int]
    let room: Int
  }

  private func featureBranches() -> [Branch] {
    let order = outline.features.indices.sorted {
      (outline.features[$0].position, $0) < (outline.features[$1].position, $1)
    }
    let shown = order.prefix(Self.featureLimit)
    let room = max(2, Self.headLimit / max(1, shown.count))
    var branches = shown.map { index in
      let feature = outline.features[index]
      return Branch(
        title: featureNames[index], shape: feature.shape, position: feature.position,
        heads: outline.children[.feature(index)] ?? [], room: room)
    }
    if shown.count < order.count {
      let heads = order.dropFirst(shown.count).flatMap { outline.children[.feature($0)] ?? [] }
      branches.append(
        Branch(
          title: "... \(counted(order.count - shown.count, "more feature"))", shape: "",
          position: outline.layers.count, heads: heads, room: 0))
    }
    return branches
  }

  private mutating func draw(_ branch: Branch, isLast: Bool) {
    row(
      "     " + (isLast ? style.lastBranch : style.branch) + " " + branch.title, shape: branch.shape
    )
    var room = branch.room
    drawHeads(branch.heads, indent: "     " + (isLast ? "   " : style.stem + "  "), 1, &room)
  }

  private mutating func drawHeads(
    _ heads: [Int], indent: String, _ depth: Int, _ room: inout Int
  ) {
    for (place, index) in heads.enumerated() {
      let isLast = place == heads.count - 1
      guard depth <= Self.depthLimit, room > 0 else {
        let count = outline.total(heads[place...])
        row(indent + style.lastBranch + " ... \(counted(count, "more head"))")
        return
      }
      room -= 1
      let head = outline.heads[index]
      let line = indent + (isLast ? style.lastBranch : style.branch) + " " + words(of: index)
      row(line, shape: head.shape, parameters: head.parameters)
      drawHeads(
        outline.children[.head(index)] ?? [],
        indent: indent + (isLast ? "   " : style.stem + "  "), depth + 1, &room)
    }
  }

  private func words(of index: Int) -> String {
    let head = outline.heads[index]
    let sources = head.sources.map { shortened($0.name, to: Self.nameWidth) }
    let reads = sources.count > 1 ? " \(style.arrow) " + sources.joined(separator: ", ") : ""
    return "\(headNames[index])\(reads)  \(head.task.label): \(head.layers.words)"
  }

  // MARK: - Rows

  /// A row with the sizes and the number of parameters set flush right.
  private mutating func row(_ text: String, shape: String = "", parameters: Int = 0) {
    let figures = parameters > 0 ? grouped(parameters) : ""
    let right = padded(shape, to: 11) + padded(figures, to: width < reportWidth ? 10 : 12)
    let room = width - columns(of: right) - 1
    let left = cut(style.shown(text), to: room)
    let gap = String(repeating: " ", count: room - columns(of: left) + 1)
    var line = left + gap + style.shown(right)
    while line.last == " " { line.removeLast() }
    lines.append(line)
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(1, width - columns(of: text))) + text
  }
}
