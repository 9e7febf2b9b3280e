/// Places tensors in one allocation so that those that live at the same time do not overlap.
///
/// First fit in the order of the steps: each tensor takes the lowest gap between the tensors that are still alive.
/// Finding the best layout is NP-hard; first fit is within a few per cent of the peak of the live tensors on chain-like
/// networks, takes one pass, and gives the same layout everywhere. Property tests check that live tensors never
/// overlap.
struct ArenaLayout {
  /// The boundary that tensors start on: a cache line, and the widest vector register.
  static let alignment = 64

  private struct Tenant {
    let offset: Int
    let end: Int
    let lastStep: Int
  }

  /// The tensors that are alive, by offset.
  private var tenants: [Tenant] = []
  /// The bytes that the arena needs; `Int.max` when they cannot be counted.
  private(set) var byteCount = 0

  /// The offset of a tensor of a number of bytes that lives from one step through another.
  ///
  /// - Precondition: `firstStep` never falls from call to call.
  mutating func place(_ bytes: Int, from firstStep: Int, through lastStep: Int) -> Int {
    tenants.removeAll { $0.lastStep < firstStep }
    let size = Self.roundedSize(bytes)
    var offset = 0
    var position = 0
    while position < tenants.count && tenants[position].offset - offset < size {
      offset = tenants[position].end
      position += 1
    }
    let (end, overflow) = offset.addingReportingOverflow(size)
    let tenant = Tenant(offset: offset, end: overflow ? Int.max : end, lastStep: lastStep)
    tenants.insert(tenant, at: position)
    byteCount = max(byteCount, tenant.end)
    return offset
  }

  private static func roundedSize(_ bytes: Int) -> Int {
    guard bytes <= Int.max - alignment else { return Int.max }
    return (max(bytes, 1) + alignment - 1) / alignment * alignment
  }
}
