internal import Foundation

/// The trunk in a picture: where its boxes stand, one below the other, and those of a tall trunk in several columns.
struct TrunkColumns {
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
    var column = 0
    var x = 0.0
    var y = 0.0

    var right: Double { x + TrunkColumns.width }
    var bottom: Double { y + height }

    var middle: Double { y + height / 2 }
  }

  /// Boxes that stand for several times as many layers.
  struct Repetition {
    let boxes: ClosedRange<Int>
    let times: Int
  }

  /// The most rows of layers.
  static let layerLimit = 44
  static let width = 240.0
  static let laneDistance = 12.0
  private static let gap = 16.0
  private static let widestLabel = 120.0
  /// A trunk that is higher is folded.
  private static let highest = 1000.0
  private static let foldedHeight = 800.0
  private static let columnLimit = 4
  /// What a line costs that a fold cuts, in pixels by which the columns may differ instead.
  private static let cutCost = 150.0
  /// Between the lines above the columns that lead to the features of those that are not the last.
  private static let channelDistance = 20.0

  let outline: ModelOutline
  private(set) var boxes: [Box] = []
  private(set) var repetitions: [Repetition] = []
  /// For each feature the box that it leaves.
  let taps: [Int]
  let bypasses: [Bypass]
  /// The boxes of features that are not in the last column, whose lines run above the columns.
  let channels: [Int]
  let lead: Double

  init(_ outline: ModelOutline) {
    self.outline = outline
    var (boxes, repetitions) = Self.boxes(outline)
    Self.fold(&boxes, repetitions, Bypass.all(outline, boxes))
    self.repetitions = repetitions
    let taps = outline.features.map { boxes.box(of: $0.position) }
    self.taps = taps
    bypasses = Bypass.all(outline, boxes)
    let last = boxes.last?.column ?? 0
    let tapped = Set(taps).sorted()
    channels = tapped.filter { boxes[$0].column < last }
    self.boxes = boxes
    let labels = Set(taps).map { Self.label(of: $0, taps, outline) }
    let widest = labels.map { textWidth($0, size: 11) }.max() ?? 0
    lead = max(min(widest, Self.widestLabel) + 20, repetitions.isEmpty ? 0 : 64)
  }

  var right: Double { boxes.map(\.right).max() ?? 0 }
  /// Where the dots of features stand, from which heads fan out.
  var fanX: Double { right + lead }
  var height: Double { (boxes.map(\.bottom).max() ?? 0) - (boxes.first?.y ?? 0) + head }
  /// The space that lines above the columns take.
  private var head: Double { Double(channels.count) * Self.channelDistance }
  /// The space that lines around boxes take on the left.
  var laneWidth: Double {
    let lanes = bypasses.filter { !$0.isAcross(boxes) }.map(\.lane)
    return lanes.isEmpty ? 0 : Double((lanes.max() ?? 0) + 1) * Self.laneDistance + 4
  }

  /// Puts the upper left corner of all somewhere.
  mutating func move(x: Double, y: Double) {
    let lefts = columnLefts
    for index in boxes.indices {
      boxes[index].x = x + lefts[boxes[index].column]
      boxes[index].y += y + head
    }
  }

  /// Where the columns begin, from the first one on.
  private var columnLefts: [Double] {
    var lefts = [0.0]
    for column in 0..<(boxes.last?.column ?? 0) {
      lefts.append(lefts[column] + Self.width + gap(behind: column))
    }
    return lefts
  }

  /// Between a column and the next: counts of repetitions, lines to features, the line to the next box, and lanes.
  private func gap(behind column: Int) -> Double {
    let isRepeated = repetitions.contains { boxes[$0.boxes.lowerBound].column == column }
    return (isRepeated ? 64 : 16) + Double(verticals(behind: column).count) * 6 + 30 + laneWidth
  }

  /// The boxes of a column whose lines lead to features above it.
  private func verticals(behind column: Int) -> [Int] {
    channels.filter { boxes[$0].column == column }
  }

  /// Where the line from a box to its features turns upwards.
  func verticalX(of box: Int) -> Double {
    let column = boxes[box].column
    let place = verticals(behind: column).firstIndex(of: box) ?? 0
    return boxes[box].right + gap(behind: column) - laneWidth - 30 - Double(place) * 6
  }

  /// Where the line to the first box of a column comes up.
  func foldX(before box: Int) -> Double { boxes[box].x - laneWidth - 16 }

  /// The height of the dot of the features that leave a box.
  func tapY(of box: Int) -> Double {
    guard let channel = channels.firstIndex(of: box) else { return boxes[box].middle }
    return boxes[0].y - head + (Double(channel) + 0.5) * Self.channelDistance
  }

  /// The names of the features that leave a box.
  static func label(of box: Int, _ taps: [Int], _ outline: ModelOutline) -> String {
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

  /// Divides boxes that are too high together among columns of about the same height.
  ///
  /// Repetitions are not divided, and a fold that cuts lines around boxes has to be worth it.
  private static func fold(
    _ boxes: inout [Box], _ repetitions: [Repetition], _ bypasses: [Bypass]
  ) {
    let total = boxes.last?.bottom ?? 0
    guard total > highest else { return }
    let count = min(columnLimit, Int((total / foldedHeight).rounded(.up)))
    var first = 1
    for column in 1..<count {
      let target = total * Double(column) / Double(count)
      let places = boxes.indices.filter { place in
        place >= first
          && !repetitions.contains { $0.boxes.contains(place) && $0.boxes.lowerBound < place }
      }
      func cost(_ place: Int) -> Double {
        let cut = bypasses.count { $0.from < place && place <= $0.to }
        return abs(boxes[place].y - target) + Double(cut) * cutCost
      }
      guard let place = places.min(by: { cost($0) < cost($1) }) else { break }
      for index in place..<boxes.count { boxes[index].column = column }
      first = place + 1
    }
    for index in boxes.indices.dropFirst() where boxes[index].column != boxes[index - 1].column {
      let shift = boxes[index].y - boxes[0].y
      for later in index..<boxes.count { boxes[later].y -= shift }
    }
  }

  /// 28 without parameters, otherwise 38 to 58 by their logarithm.
  private static func height(_ layer: Layer, _ largest: Int) -> Double {
    guard layer.parameters > 0 else { return 28 }
    let share = log(1 + Double(layer.parameters)) / log(1 + Double(largest))
    return (38 + 20 * share).rounded()
  }
}

extension [TrunkColumns.Box] {
  /// The box that stands for the layer or input of a position.
  func box(of position: Int) -> Int {
    // The positions of boxes ascend.
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].positions.upperBound < position { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].positions.contains(position) ? low : 0
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
