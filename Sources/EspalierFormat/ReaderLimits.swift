/// The most that a reader does for one file, so that no file can exhaust the machine.
///
/// The defaults fit a workstation; a device lowers them to what it has.
public struct ReaderLimits: Sendable, Equatable {
  /// Bytes of memory for the index and for one loaded model.
  ///
  /// Bounds the time, too, because every byte that a load decodes counts, and payloads hardly exceed what they become.
  /// Counts the decoded weights, those apart that the source lends, and for each graph its decoded payload and what unpacking took, which stands for
  /// the structures that are made of it. Default: 16 GiB.
  public var memoryBytes = Int(clamping: UInt64(1) << 34)
  /// Bytes of one decoded graph payload.
  ///
  /// Default: 16 MiB.
  public var graphBytes = 1 << 24
  /// Bytes of memory for unpacking one graph payload.
  ///
  /// Default: 512 MiB.
  public var graphMemoryBytes = 1 << 29
  /// Sections of a file.
  ///
  /// Default: 65,535.
  public var sections = 65_535
  /// Parts of a file.
  ///
  /// Default: 65,535.
  public var parts = 65_535
  /// Threads that decode large weights, the calling one included.
  ///
  /// What is read, and which error is thrown, does not depend on it. Each takes about 400 KB of memory. Default: 1.
  public var threads = 1

  /// The allocation of unpacking a graph that fails, counted from 1; 0 for none.
  ///
  /// Lets tests see what happens when memory runs out.
  @_spi(Testing) public var failingAllocation = 0

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
