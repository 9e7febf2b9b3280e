import EspalierGraph

/// How the trunk is drawn.
extension TrunkColumns {
  /// Draws boxes, the lines between them, and the dots of features.
  func draw(on svg: inout SVG) {
    for bypass in bypasses where bypass.isAcross(boxes) { drawAcross(bypass, on: &svg) }
    for bypass in bypasses where !bypass.isAcross(boxes) { draw(bypass, on: &svg) }
    for (index, box) in boxes.enumerated() {
      if index > 0 { drawLink(to: index, on: &svg) }
      draw(box, on: &svg)
    }
    for repetition in repetitions { draw(repetition, on: &svg) }
    for box in Set(taps).sorted() { drawTap(box, on: &svg) }
  }

  private func draw(_ box: Box, on svg: inout SVG) {
    let (x, right) = (box.x, box.right)
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
    let (middle, end) = (below.x + Self.width / 2, below.y)
    var path = "M\(SVG.point(above.x + Self.width / 2, above.bottom))"
    if above.column != below.column {
      path +=
        "v10H\(SVG.number(foldX(before: index)))V\(SVG.number(end - 12))H\(SVG.number(middle))"
    }
    svg.path(path + "V\(SVG.number(end))", dashes: isElided ? "1 4" : nil)
    if !isElided { drawArrow(to: middle, end, on: &svg, isDown: true) }
  }

  private func drawArrow(to x: Double, _ y: Double, on svg: inout SVG, isDown: Bool) {
    let (first, second) =
      isDown
      ? (SVG.point(x - 3.5, y - 5), SVG.point(x + 3.5, y - 5))
      : (SVG.point(x - 5, y - 3.5), SVG.point(x - 5, y + 3.5))
    svg.path("M\(first)L\(SVG.point(x, y))L\(second)")
  }

  /// Draws a line to a box in a later column, which columns between hide.
  private func drawAcross(_ bypass: Bypass, on svg: inout SVG) {
    let (from, to) = (boxes[bypass.from], boxes[bypass.to])
    let (start, end) = (from.middle + 5, to.middle - 5)
    let bend = (from.right + to.x) / 2
    svg.path(
      "M\(SVG.point(from.right, start))C\(SVG.point(bend, start)) \(SVG.point(bend, end)) "
        + SVG.point(to.x, end))
    drawArrow(to: to.x, end, on: &svg, isDown: false)
  }

  private func draw(_ bypass: Bypass, on svg: inout SVG) {
    let x = boxes[bypass.to].x
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
    let (top, bottom, edge) = (first.y + 2, last.bottom - 2, last.right + 6)
    svg.path(
      "M\(SVG.point(edge, top))q6 0 6 6V\(SVG.number(bottom - 6))q0 6 -6 6",
      stroke: Picture.Color.muted)
    svg.text(
      "× \(grouped(repetition.times))", x: edge + 12, y: (top + bottom) / 2 + 4, width: 46,
      size: 12, fill: Picture.Color.ink)
  }

  private func drawTap(_ box: Int, on svg: inout SVG) {
    let y = tapY(of: box)
    let isRead = outline.features.indices.contains(where: {
      taps[$0] == box && outline.children[.feature($0)] != nil
    })
    var path = "M\(SVG.point(boxes[box].right, boxes[box].middle))"
    if y != boxes[box].middle { path += "H\(SVG.number(verticalX(of: box)))V\(SVG.number(y))" }
    svg.path(path + "H\(SVG.number(fanX))")
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
