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

  private struct Place {
    let offset: Int
    let end: Int
    let lastStep: Int
  }

  /// The offset of each tenant, in the order given.
  private(set) var offsets: [Int]
  /// The bytes that the arena needs; `Int.max` when they cannot be counted.
  private(set) var byteCount = 0
  /// The tenants that are alive, by offset.
  private var places: [Place] = []

  /// Places tenants, which may be given in any order.
  init(_ tenants: [Tenant]) {
    offsets = tenants.map { _ in 0 }
    let order = tenants.indices.sorted {
      let (left, right) = (tenants[$0].steps.lowerBound, tenants[$1].steps.lowerBound)
      return left == right ? $0 < $1 : left < right
    }
    for index in order { offsets[index] = place(tenants[index]) }
  }

  private mutating func place(_ tenant: Tenant) -> Int {
    places.removeAll { $0.lastStep < tenant.steps.lowerBound }
    let size = Self.roundedSize(tenant.byteCount)
    var offset = 0
    var position = 0
    while position < places.count && places[position].offset - offset < size {
      offset = places[position].end
      position += 1
    }
    let (end, overflow) = offset.addingReportingOverflow(size)
    let place = Place(
      offset: offset, end: overflow ? Int.max : end, lastStep: tenant.steps.upperBound)
    places.insert(place, at: position)
    byteCount = max(byteCount, place.end)
    return offset
  }

  private static func roundedSize(_ bytes: Int) -> Int {
    guard bytes <= Int.max - alignment else { return Int.max }
    return (max(bytes, 1) + alignment - 1) / alignment * alignment
  }
}
