internal import EspalierGraph
internal import EspalierText

/// The heads in a picture: a column of cards that read features, then columns that read heads of the one before.
package struct HeadColumns {
  /// A head, or a number of heads that are left out.
  struct Card {
    enum Content {
      /// A position in the outline's heads.
      case head(Int)
      /// How many heads are left out.
      case elided(Int)
    }

    let content: Content
    /// The box or the card on which it is drawn.
    let parent: Int
    let lines: HeadLines
    var y = 0.0

    var height: Double { lines.height }
    var middle: Double { y + height / 2 }
  }

  /// About the most cards of a column.
  static let cardLimit = 24
  static let columnLimit = 4
  /// With more cards than this in a column, cards are lower.
  private static let roomyLimit = 8
  private static let gap = 12.0

  private let outline: ModelOutline
  private let names: [String]
  private(set) var columns: [[Card]] = []
  private var x: [Double] = []

  init(_ outline: ModelOutline, _ trunk: TrunkColumns) {
    self.outline = outline
    names = shortened(outline.heads.map(\.name), to: HeadLines.nameWidth)
    var groups: [Int: [Int]] = [:]
    for (index, box) in trunk.taps.enumerated() {
      groups[box, default: []] += outline.children[.feature(index)] ?? []
    }
    while columns.count < Self.columnLimit {
      let cards = cards(groups.filter { !$0.value.isEmpty })
      if cards.isEmpty { return }
      columns.append(cards)
      groups = [:]
      for (index, card) in cards.enumerated() {
        if case .head(let head) = card.content {
          groups[index] = outline.children[.head(head)] ?? []
        }
      }
    }
  }

  /// A column of cards: for each parent its heads, as many as there is room for.
  private func cards(_ groups: [Int: [Int]]) -> [Card] {
    let room = max(1, Self.cardLimit / max(1, groups.count))
    let count = groups.values.reduce(0) { $0 + min(room, $1.count) }
    let isRoomy = count <= Self.roomyLimit
    var cards: [Card] = []
    for (parent, heads) in groups.sorted(by: { $0.key < $1.key }) {
      let shown = heads.count <= room ? heads[...] : heads.prefix(room - 1)
      for index in shown {
        let lines = HeadLines(
          outline.heads[index], name: names[index], isRoomy: isRoomy,
          notes: notes(index, level: columns.count))
        cards.append(Card(content: .head(index), parent: parent, lines: lines))
      }
      if shown.count < heads.count {
        let count = outline.total(heads[shown.count...])
        cards.append(Card(content: .elided(count), parent: parent, lines: HeadLines()))
      }
    }
    return cards
  }

  /// What a card says of lines that are not drawn.
  private func notes(_ index: Int, level: Int) -> String {
    let head = outline.heads[index]
    let others = head.sources.filter {
      if $0.parent == head.parent { return false }
      if case .feature = $0.parent { return level > 0 }
      return true
    }
    var notes: [String] = []
    if !others.isEmpty {
      notes.append("also reads " + others.map(\.name).joined(separator: ", "))
    }
    if level == Self.columnLimit - 1, outline.descendants[index] > 0 {
      notes.append("read by \(counted(outline.descendants[index], "more head"))")
    }
    return notes.joined(separator: "; ")
  }

  // MARK: - Places

  /// How far heads may stand below the trunk, so that they stand beside what they read.
  private static let overhang = 36.0

  /// What the highest column takes.
  var height: Double { columns.map(Self.height).max() ?? 0 }
  var bottom: Double { columns.compactMap { $0.last.map { $0.y + $0.height } }.max() ?? 0 }
  var right: Double { (x.last ?? 0) + HeadLines.width }

  private static func height(_ cards: [Card]) -> Double {
    cards.reduce(-gap) { $0 + $1.height + gap }
  }

  /// Puts every card as close to what it reads as the others let it.
  mutating func place(beside trunk: TrunkColumns, top: Double, height: Double) {
    for level in columns.indices {
      x.append(trunk.fanX + Picture.fan + Double(level) * (HeadLines.width + Picture.fan))
      let wanted = columns[level].map { card in
        level == 0 ? trunk.tapY(of: card.parent) : columns[level - 1][card.parent].middle
      }
      let places = Self.places(
        wanted: wanted, heights: columns[level].map(\.height), gap: Self.gap,
        within: top...top + height + (height > self.height ? Self.overhang : 0))
      for index in columns[level].indices { columns[level][index].y = places[index].rounded() }
    }
  }

  /// Upper ends of things one below the other, each as close with its middle to where it is wanted as possible.
  ///
  /// Things that would overlap move together (least squares by pooling adjacent violators: Ayer and others, 1955);
  /// then all keep within the bounds, which they have to fit in.
  package static func places(
    wanted: [Double], heights: [Double], gap: Double, within bounds: ClosedRange<Double>
  ) -> [Double] {
    var starts: [Double] = []
    var offset = 0.0
    for height in heights {
      starts.append(offset)
      offset += height + gap
    }
    var pools: [(mean: Double, count: Double)] = []
    for (index, middle) in wanted.enumerated() {
      pools.append((middle - heights[index] / 2 - starts[index], 1))
      while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
        let (last, before) = (pools.removeLast(), pools.removeLast())
        let count = last.count + before.count
        pools.append(((last.mean * last.count + before.mean * before.count) / count, count))
      }
    }
    let shifts = pools.flatMap { [Double](repeating: $0.mean, count: Int($0.count)) }
    let highest = max(bounds.lowerBound, bounds.upperBound - (offset - gap))
    return zip(shifts, starts).map { shift, start in
      min(max(shift, bounds.lowerBound), highest) + start
    }
  }

  // MARK: - Drawing

  /// Draws the lines from features and heads to the heads that read them.
  func drawCurves(from trunk: TrunkColumns, on svg: inout SVG) {
    for (level, cards) in columns.enumerated() {
      for card in cards {
        let end = (x: x[level], y: card.middle)
        var starts = [
          level == 0
            ? (x: trunk.fanX, y: trunk.tapY(of: card.parent))
            : (x: x[level - 1] + HeadLines.width, y: columns[level - 1][card.parent].middle)
        ]
        if level == 0, case .head(let index) = card.content {
          starts += otherTaps(of: index, than: card.parent, trunk).map {
            (x: trunk.fanX, y: trunk.tapY(of: $0))
          }
        }
        for (number, start) in starts.enumerated() {
          drawCurve(from: start, to: end, card, isMain: number == 0, on: &svg)
        }
      }
    }
  }

  private func otherTaps(of head: Int, than box: Int, _ trunk: TrunkColumns) -> [Int] {
    var boxes: [Int] = []
    for case .feature(let feature) in outline.heads[head].sources.map(\.parent) {
      let tap = trunk.taps[feature]
      if tap != box && !boxes.contains(tap) { boxes.append(tap) }
    }
    return boxes
  }

  private func drawCurve(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ card: Card, isMain: Bool,
    on svg: inout SVG
  ) {
    let middle = (start.x + end.x) / 2
    svg.path(
      "M\(SVG.point(start.x, start.y))C\(SVG.point(middle, start.y)) \(SVG.point(middle, end.y)) "
        + SVG.point(end.x, end.y),
      stroke: color(of: card), width: isMain ? 1.6 : 1, dashes: card.isElided ? "2 4" : nil)
  }

  /// Draws the cards.
  func drawCards(on svg: inout SVG) {
    for (level, cards) in columns.enumerated() {
      for card in cards { draw(card, x: x[level], on: &svg) }
    }
  }

  private func draw(_ card: Card, x: Double, on svg: inout SVG) {
    switch card.content {
    case .head:
      svg.box(
        x: x, y: card.y, width: HeadLines.width, height: card.height, radius: 5,
        fill: Picture.Color.paper)
      svg.path(
        "M\(SVG.point(x, card.y + 5))V\(SVG.number(card.y + card.height - 5))",
        stroke: color(of: card), width: 4)
      card.lines.draw(x: x, y: card.y, on: &svg)
    case .elided(let count):
      svg.box(
        x: x, y: card.y, width: HeadLines.width, height: card.height, radius: 5,
        fill: Picture.Color.paper, dashes: "2 4")
      svg.text(
        counted(count, "more head"), x: x + HeadLines.width / 2, y: card.middle + 4,
        width: HeadLines.width - 24, anchor: "middle")
    }
  }

  private func color(of card: Card) -> String {
    guard case .head(let index) = card.content else { return Picture.Color.line }
    return switch outline.heads[index].task {
    case .classification: Picture.Color.classification
    case .binary: Picture.Color.binary
    case .regression: Picture.Color.regression
    }
  }
}

extension HeadColumns.Card {
  fileprivate var isElided: Bool {
    if case .elided = content { true } else { false }
  }
}
