/// A line from a box of the trunk around others to one that reads it.
struct Bypass: Equatable {
  let from: Int
  let to: Int
  /// How far from the boxes the line runs, counted from 0.
  var lane = 0

  /// The most lines that run beside each other; more share the outermost.
  private static let lanes = 5

  /// The lines that an outline needs, the short ones close to the boxes.
  static func all(_ outline: ModelOutline, _ boxes: [TrunkColumns.Box]) -> [Bypass] {
    var list: [Bypass] = []
    for (index, box) in boxes.enumerated() {
      guard case .layer(let position) = box.content else { continue }
      for read in outline.layers[position - 1].reads {
        let bypass = Bypass(from: boxes.box(of: read), to: index)
        if bypass.from < index - 1, !list.contains(bypass) { list.append(bypass) }
      }
    }
    list.sort { ($0.to - $0.from, $0.from) < ($1.to - $1.from, $1.from) }
    for index in list.indices {
      guard !list[index].isAcross(boxes) else { continue }
      let others = list[..<index].filter { !$0.isAcross(boxes) && $0.overlaps(list[index]) }
      let taken = Set(others.map(\.lane))
      list[index].lane = (0..<lanes - 1).first { !taken.contains($0) } ?? lanes - 1
    }
    return list
  }

  /// Whether the line leads to another column.
  func isAcross(_ boxes: [TrunkColumns.Box]) -> Bool { boxes[from].column != boxes[to].column }

  private func overlaps(_ other: Bypass) -> Bool {
    from < other.to && other.from < to
  }
}
