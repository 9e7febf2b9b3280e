internal import EspalierText

/// One row of a drawing of many layers; layers are counted from 1.
package enum OutlineRow: Equatable {
  /// A layer by itself.
  case layer(Int)
  /// Layers that are left out because they repeat those before them a number of times.
  case repeated(ClosedRange<Int>, times: Int)
  /// Layers that are left out.
  case elided(ClosedRange<Int>)

  /// The layers that the row stands for.
  package var positions: ClosedRange<Int> {
    switch self {
    case .layer(let position): position...position
    case .repeated(let positions, _), .elided(let positions): positions
    }
  }
}

extension ModelOutline {
  /// The longest block of layers whose repetition is looked for.
  private static let longestBlock = 16

  /// The trunk's layers in at most about `limit` rows.
  ///
  /// Few layers stand one by one. Of more, blocks that repeat are shown once; if that is not enough, layers in the
  /// middle are left out. A layer that computes a feature stays as long as there are not too many.
  package func rows(limit: Int) -> [OutlineRow] {
    guard layers.count > limit else { return layers.indices.map { .layer($0 + 1) } }
    let folded = foldedRows()
    return folded.count > limit ? shortened(folded, limit: limit) : folded
  }

  private func foldedRows() -> [OutlineRow] {
    let featured = Set(features.map(\.position))
    let keys = layers.enumerated().map { index, layer in
      LayerKey(
        title: layer.title, shape: layer.shape, parameters: layer.parameters,
        reads: layer.reads.map { index + 1 - $0 },
        feature: featured.contains(index + 1) ? index : nil)
    }
    var rows: [OutlineRow] = []
    var next = 0
    while next < keys.count {
      let (block, times) = Self.bestBlock(keys, at: next)
      rows += (next..<next + block).map { .layer($0 + 1) }
      next += block
      if times > 0 {
        rows.append(.repeated(next + 1...next + block * times, times: times))
        next += block * times
      }
    }
    return rows
  }

  /// The block at a place whose repetition leaves out most layers, and how often it is repeated after the first time.
  private static func bestBlock(_ keys: [LayerKey], at start: Int) -> (block: Int, times: Int) {
    var best = (block: 1, times: 0)
    for block in 1...longestBlock where start + 2 * block <= keys.count {
      var end = start + block
      while end < keys.count, keys[end] == keys[end - block] { end += 1 }
      let times = (end - start) / block - 1
      if times * block > max(1, best.times * best.block) { best = (block, times) }
    }
    return best
  }

  private func shortened(_ rows: [OutlineRow], limit: Int) -> [OutlineRow] {
    let featured = Set(features.map(\.position))
    var kept = Set(
      rows.indices.filter { featured.contains(rows[$0].positions.upperBound) }.prefix(limit / 3))
    let room = limit - 2 * kept.count
    kept.formUnion(rows.indices.prefix(room / 2))
    kept.formUnion(rows.indices.suffix(room - room / 2))
    var result: [OutlineRow] = []
    for (index, row) in rows.enumerated() {
      if kept.contains(index) {
        result.append(row)
      } else if case .elided(let before)? = result.last {
        result[result.count - 1] = .elided(before.lowerBound...row.positions.upperBound)
      } else {
        result.append(.elided(row.positions))
      }
    }
    return result
  }
}

/// What makes two layers look the same in a drawing; one that computes a feature is like no other.
private struct LayerKey: Equatable {
  let title: String
  let shape: String
  let parameters: Int
  /// How far back lies what it reads.
  let reads: [Int]
  let feature: Int?
}
