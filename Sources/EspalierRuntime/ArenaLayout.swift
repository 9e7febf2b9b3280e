/// Places tensors in one allocation so that those that live at the same time do not overlap.
///
/// First fit in the order in which they begin to live: each tensor takes the lowest gap between the tensors that are
/// still alive. Finding the best layout is NP-hard; first fit is within a few per cent of the peak of the live tensors on
/// chain-like networks, takes one pass, and gives the same layout everywhere. `firstOverlap` checks every result.
struct ArenaLayout {
  /// The boundary that tensors start on: a cache line, and the widest vector register.
  static let alignment = 64

  /// A tensor that is placed: its bytes, and the steps from the first through the last at which it has to be there.
  struct Tenant {
    let byteCount: Int
    let steps: ClosedRange<Int>
  }

  /// The offset of each tenant, in the order given.
  private(set) var offsets: [Int]
  /// The bytes that the arena needs; nil when they cannot be counted.
  private(set) var byteCount: Int?

  /// Places tenants, which may be given in any order.
  init(_ tenants: [Tenant]) {
    offsets = tenants.map { _ in 0 }
    let coming = tenants.indices.sorted {
      let (left, right) = (tenants[$0].steps.lowerBound, tenants[$1].steps.lowerBound)
      return left == right ? $0 < $1 : left < right
    }
    let leaving = tenants.indices.sorted {
      tenants[$0].steps.upperBound < tenants[$1].steps.upperBound
    }
    var free = FreeRanges()
    var next = 0
    var end = 0
    for index in coming {
      while tenants[leaving[next]].steps.upperBound < tenants[index].steps.lowerBound {
        let offset = offsets[leaving[next]]
        free.give(offset..<offset + Self.roundedSize(tenants[leaving[next]].byteCount))
        next += 1
      }
      let size = Self.roundedSize(tenants[index].byteCount)
      guard let offset = free.take(size) else { return }
      offsets[index] = offset
      end = max(end, offset + size)
    }
    byteCount = end
  }

  private static func roundedSize(_ bytes: Int) -> Int {
    guard bytes <= Int.max - alignment else { return Int.max }
    return (max(bytes, 1) + alignment - 1) / alignment * alignment
  }
}
