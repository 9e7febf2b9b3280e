/// The most that a reader does for one file, so that no file can exhaust the machine.
///
/// The defaults fit a workstation; a device lowers them to what it has.
public struct ReaderLimits: Sendable, Equatable {
  /// Bytes of memory for the index and for one loaded model: its weights, and for each graph what its payload and
  /// unpacking took; 16 GiB by default.
  public var memoryBytes = Int(clamping: UInt64(1) << 34)
  /// Bytes of one decoded graph payload; 16 MiB by default.
  public var graphBytes = 1 << 24
  /// Bytes of memory for unpacking one graph payload; 512 MiB by default.
  public var graphMemoryBytes = 1 << 29
  /// Sections of a file; 65,535 by default.
  public var sections = 65_535
  /// Parts of a file; 65,535 by default.
  public var parts = 65_535

  /// The defaults.
  public init() {}
}

/// What is left of a memory limit.
struct MemoryBudget {
  private let limit: Int
  private(set) var remaining: Int

  init(_ limit: Int) {
    self.limit = limit
    remaining = max(limit, 0)
  }

  /// Takes bytes that are about to be allocated.
  mutating func take(_ bytes: Int) throws(FormatError) {
    guard bytes <= remaining else {
      let (found, overflow) = (limit - remaining).addingReportingOverflow(bytes)
      throw .overLimit(.memory, found: overflow ? Int.max : found, limit: limit)
    }
    remaining -= bytes
  }
}
