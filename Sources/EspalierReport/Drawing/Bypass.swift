/// A line from a box of the trunk around others to one that reads it.
struct Bypass: Hashable {
  let from: Int
  let to: Int
  /// How far from the boxes the line runs, counted from 0.
  var lane = 0

  /// The most lines that run beside each other; more share the outermost.
  private static let lanes = 5

  /// The lines that an outline needs, the short ones close to the boxes.
  static func all(_ outline: ModelOutline, _ boxes: [TrunkColumns.Box]) -> [Bypass] {
    var known: Set<Bypass> = []
    for (index, box) in boxes.enumerated() {
      guard case .layer(let position) = box.content else { continue }
      for read in outline.layers[position - 1].reads {
        let bypass = Bypass(from: boxes.box(of: read), to: index)
        if bypass.from < index - 1 { known.insert(bypass) }
      }
    }
    var list = known.sorted { ($0.to - $0.from, $0.from) < ($1.to - $1.from, $1.from) }
    // For each lane but the outermost, beside which boxes there is a line already.
    var taken = (0..<lanes - 1).map { _ in boxes.map { _ in false } }
    for index in list.indices where !list[index].isAcross(boxes) {
      let range = list[index].from..<list[index].to
      let lane = taken.firstIndex { !$0[range].contains(true) }
      list[index].lane = lane ?? lanes - 1
      if let lane { for box in range { taken[lane][box] = true } }
    }
    return list
  }

  /// Whether the line leads to another column.
  func isAcross(_ boxes: [TrunkColumns.Box]) -> Bool { boxes[from].column != boxes[to].column }
}
