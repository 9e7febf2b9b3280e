internal import Foundation

/// The trunk in a picture: where its boxes stand.
struct TrunkColumn {
  /// What a box shows.
  enum Content {
    /// A position in the outline's inputs.
    case input(Int)
    /// A layer, counted from 1.
    case layer(Int)
    /// A number of layers that are left out.
    case elided(Int)
  }

  /// A box with the positions of the layers, or of the input, that it stands for.
  struct Box {
    let content: Content
    var positions: ClosedRange<Int>
    let height: Double
    var y = 0.0

    var middle: Double { y + height / 2 }
  }

  /// Boxes that stand for several times as many layers.
  struct Repetition {
    let boxes: ClosedRange<Int>
    let times: Int
  }

  /// The most rows of layers.
  static let layerLimit = 20
  static let width = 240.0
  private static let gap = 16.0
  private static let laneDistance = 12.0
  private static let widestLabel = 120.0

  let outline: ModelOutline
  private(set) var boxes: [Box] = []
  private(set) var repetitions: [Repetition] = []
  private(set) var x = 0.0
  /// For each feature the box that it leaves.
  let taps: [Int]
  let bypasses: [Bypass]
  private let lead: Double

  init(_ outline: ModelOutline) {
    self.outline = outline
    let (boxes, repetitions) = Self.boxes(outline)
    self.boxes = boxes
    self.repetitions = repetitions
    let taps = outline.features.map { boxes.box(of: $0.position) }
    self.taps = taps
    bypasses = Bypass.all(outline, boxes)
    let labels = Set(taps).map { Self.label(of: $0, taps, outline) }
    let widest = labels.map { textWidth($0, size: 11) }.max() ?? 0
    lead = max(min(widest, Self.widestLabel) + 20, repetitions.isEmpty ? 0 : 64)
  }

  var right: Double { x + Self.width }
  /// Where the dots of features stand, from which heads fan out.
  var fanX: Double { right + lead }
  var height: Double { boxes.last.map { $0.y + $0.height - boxes[0].y } ?? 0 }
  /// The space that lines around boxes take on the left.
  var laneWidth: Double {
    bypasses.isEmpty ? 0 : Double((bypasses.map(\.lane).max() ?? 0) + 1) * Self.laneDistance + 4
  }

  /// Puts the upper left corner of the boxes somewhere.
  mutating func move(x: Double, y: Double) {
    self.x = x
    for index in boxes.indices { boxes[index].y += y }
  }

  /// The names of the features that leave a box.
  private static func label(of box: Int, _ taps: [Int], _ outline: ModelOutline) -> String {
    outline.features.indices.filter { taps[$0] == box }.map { outline.features[$0].name }
      .joined(separator: ", ")
  }

  // MARK: - Boxes

  private static func boxes(_ outline: ModelOutline) -> ([Box], [Repetition]) {
    var boxes: [Box] = []
    var repetitions: [Repetition] = []
    for index in outline.inputs.indices {
      let position = index - outline.inputs.count + 1
      boxes.append(Box(content: .input(index), positions: position...position, height: 30))
    }
    let largest = outline.layers.map(\.parameters).max() ?? 0
    for row in outline.rows(limit: layerLimit) {
      switch row {
      case .layer(let position):
        let height = height(outline.layers[position - 1], largest)
        boxes.append(
          Box(content: .layer(position), positions: row.positions, height: height))
      case .repeated(let positions, let times):
        if let block = boxes.block(of: positions.count / times, before: positions.lowerBound) {
          repetitions.append(Repetition(boxes: block, times: times + 1))
          boxes[block.upperBound].positions =
            boxes[block.upperBound].positions.lowerBound...positions.upperBound
        } else {
          boxes.append(
            Box(content: .elided(positions.count), positions: positions, height: 34))
        }
      case .elided(let positions):
        boxes.append(Box(content: .elided(positions.count), positions: positions, height: 34))
      }
    }
    var y = 0.0
    for index in boxes.indices {
      boxes[index].y = y
      y += boxes[index].height + gap
    }
    return (boxes, repetitions)
  }

  /// 28 without parameters, otherwise 38 to 58 by their logarithm.
  private static func height(_ layer: Layer, _ largest: Int) -> Double {
    guard layer.parameters > 0 else { return 28 }
    let share = log(1 + Double(layer.parameters)) / log(1 + Double(largest))
    return (38 + 20 * share).rounded()
  }

  // MARK: - Drawing

  func draw(on svg: inout SVG) {
    for bypass in bypasses { draw(bypass, on: &svg) }
    for (index, box) in boxes.enumerated() {
      if index > 0 { drawLink(to: index, on: &svg) }
      draw(box, on: &svg)
    }
    for repetition in repetitions { draw(repetition, on: &svg) }
    for box in Set(taps).sorted() { drawTap(box, on: &svg) }
  }

  private func draw(_ box: Box, on svg: inout SVG) {
    let inner = Self.width - 28
    let baseline = box.middle + 4
    func line(_ text: String, _ shape: String, y: Double, bold: Bool = false) {
      let used = textWidth(shape, size: 11)
      svg.text(
        text, x: x + 14, y: y, width: inner - used - 10, size: 12, fill: Picture.Color.ink,
        bold: bold)
      svg.text(shape, x: right - 14, y: y, width: inner / 2, anchor: "end")
    }
    switch box.content {
    case .input(let index):
      svg.box(
        x: x, y: box.y, width: Self.width, height: box.height, radius: box.height / 2,
        fill: Picture.Color.paper)
      line(
        outline.inputs[index].name, pictured(outline.inputs[index].shape), y: baseline, bold: true)
    case .layer(let position):
      let layer = outline.layers[position - 1]
      let isWeighted = layer.parameters > 0
      svg.box(
        x: x, y: box.y, width: Self.width, height: box.height, radius: 5,
        fill: isWeighted ? Picture.Color.weighted : Picture.Color.paper)
      line(pictured(layer.title), pictured(layer.shape), y: isWeighted ? baseline - 7 : baseline)
      if isWeighted {
        svg.text(
          counted(layer.parameters, "parameter"), x: x + 14, y: baseline + 9, width: inner, size: 10
        )
      }
    case .elided(let count):
      let layers = box.positions.reduce(0) { $0 + outline.layers[$1 - 1].parameters }
      svg.text(
        counted(count, "layer") + (layers > 0 ? ", " + counted(layers, "parameter") : ""),
        x: x + Self.width / 2, y: baseline, width: inner, anchor: "middle")
    }
  }

  /// The line from the box above, where something is read from it.
  private func drawLink(to index: Int, on svg: inout SVG) {
    let (above, below) = (boxes[index - 1], boxes[index])
    var isElided = false
    if case .elided = below.content { isElided = true }
    if case .elided = above.content { isElided = true }
    if case .layer(let position) = below.content {
      guard outline.layers[position - 1].reads.contains(where: above.positions.contains) || isElided
      else { return }
    } else if !isElided {
      return
    }
    let (middle, end) = (x + Self.width / 2, below.y)
    svg.path(
      "M\(SVG.point(middle, above.y + above.height))V\(SVG.number(end))",
      dashes: isElided ? "1 4" : nil)
    if !isElided { drawArrow(to: middle, end, on: &svg, isDown: true) }
  }

  private func drawArrow(to x: Double, _ y: Double, on svg: inout SVG, isDown: Bool) {
    let (first, second) =
      isDown
      ? (SVG.point(x - 3.5, y - 5), SVG.point(x + 3.5, y - 5))
      : (SVG.point(x - 5, y - 3.5), SVG.point(x - 5, y + 3.5))
    svg.path("M\(first)L\(SVG.point(x, y))L\(second)")
  }

  private func draw(_ bypass: Bypass, on svg: inout SVG) {
    let (from, to) = (boxes[bypass.from].middle + 5, boxes[bypass.to].middle - 5)
    let lane = x - Double(bypass.lane + 1) * Self.laneDistance
    svg.path(
      "M\(SVG.point(x, from))H\(SVG.number(lane + 6))Q\(SVG.point(lane, from)) "
        + "\(SVG.point(lane, from + 6))V\(SVG.number(to - 6))Q\(SVG.point(lane, to)) "
        + "\(SVG.point(lane + 6, to))H\(SVG.number(x))")
    drawArrow(to: x, to, on: &svg, isDown: false)
  }

  private func draw(_ repetition: Repetition, on svg: inout SVG) {
    let first = boxes[repetition.boxes.lowerBound]
    let last = boxes[repetition.boxes.upperBound]
    let (top, bottom, edge) = (first.y + 2, last.y + last.height - 2, right + 6)
    svg.path(
      "M\(SVG.point(edge, top))q6 0 6 6V\(SVG.number(bottom - 6))q0 6 -6 6",
      stroke: Picture.Color.muted)
    svg.text(
      "× \(grouped(repetition.times))", x: edge + 12, y: (top + bottom) / 2 + 4, width: lead - 18,
      size: 12, fill: Picture.Color.ink)
  }

  private func drawTap(_ box: Int, on svg: inout SVG) {
    let y = boxes[box].middle
    let isRead = outline.features.indices.contains(where: {
      taps[$0] == box && outline.children[.feature($0)] != nil
    })
    svg.path("M\(SVG.point(right, y))H\(SVG.number(fanX))")
    svg.text(
      Self.label(of: box, taps, outline), x: right + 8, y: y - 6, width: lead - 12,
      fill: Picture.Color.ink)
    svg.add(
      "circle",
      [
        ("cx", SVG.number(fanX)), ("cy", SVG.number(y)), ("r", "3.5"),
        ("fill", isRead ? Picture.Color.muted : Picture.Color.paper),
        ("stroke", Picture.Color.muted),
      ])
  }
}

/// Shapes and windows with the sign for times between their numbers.
func pictured(_ text: String) -> String {
  var result = ""
  let characters = Array(text)
  for (index, character) in characters.enumerated() {
    let isBetween =
      index > 0 && index + 1 < characters.count && characters[index - 1].isNumber
      && characters[index + 1].isNumber
    result.append(character == "x" && isBetween ? "×" : character)
  }
  return result
}

extension [TrunkColumn.Box] {
  /// The box that stands for the layer or input of a position.
  func box(of position: Int) -> Int {
    firstIndex { $0.positions.contains(position) } ?? 0
  }

  /// The last boxes when they are single layers right before a position, as many as a block has.
  fileprivate func block(of count: Int, before position: Int) -> ClosedRange<Int>? {
    guard self.count >= count else { return nil }
    let block = self.count - count...self.count - 1
    let isWhole = block.allSatisfy {
      if case .layer(position - (self.count - $0)) = self[$0].content { true } else { false }
    }
    return isWhole ? block : nil
  }
}
