/// The most that a reader does for one file, so that no file can exhaust the machine.
///
/// The defaults fit a workstation; a device lowers them to what it has.
public struct ReaderLimits: Sendable, Equatable {
  /// Bytes of memory for the index and for one loaded model, however large the file is.
  ///
  /// Bounds the time, too, because every byte that a load decodes counts, and payloads hardly exceed what they become.
  /// Counts the decoded weights, those apart that the source lends, and for each graph its decoded payload and what
  /// unpacking took, which stands for the structures that are made of it. Default: 16 GiB.
  public var memoryBytes = Int(clamping: UInt64(1) << 34)
  /// Bytes of memory for each byte of the file, so that a small file cannot ask for much.
  ///
  /// Bounds the bytes of all parameters, too, each counted by itself although several may share their numbers: whoever
  /// writes or compares parameters goes through them one by one. Default: 32, some times what compressed weights and
  /// graphs need.
  public var memoryBytesOfFileByte = 32
  /// Bytes of memory, and of parameters, that each file may take, however small it is, unless `memoryBytes` is less.
  ///
  /// Default: 256 MiB.
  public var leastMemoryBytes = 1 << 28
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

  /// The bytes of memory that a file of so many bytes may take.
  public func memoryBytes(ofFileOf byteCount: Int) -> Int {
    min(memoryBytes, parameterBytes(ofFileOf: byteCount))
  }

  /// The bytes that the parameters of a file of so many bytes may have, whether they take memory or are lent.
  public func parameterBytes(ofFileOf byteCount: Int) -> Int {
    let (product, overflow) = byteCount.multipliedReportingOverflow(by: memoryBytesOfFileByte)
    return max(overflow ? Int.max : product, leastMemoryBytes)
  }
}

/// What is left of a limit on bytes.
package struct ByteBudget: Sendable {
  private let kind: LimitKind
  private let limit: Int
  /// How many bytes are left.
  private(set) var remaining: Int

  /// Starts with all of a limit.
  package init(_ limit: Int, of kind: LimitKind = .memory) {
    self.kind = kind
    self.limit = limit
    remaining = max(limit, 0)
  }

  /// Takes bytes that are about to be allocated, or done work for.
  ///
  /// - Throws: `FormatError.overLimit` when so many are not left.
  package mutating func take(_ bytes: Int) throws(FormatError) {
    guard bytes <= remaining else {
      let (found, overflow) = (limit - remaining).addingReportingOverflow(bytes)
      throw .overLimit(kind, found: overflow ? Int.max : found, limit: limit)
    }
    remaining -= bytes
  }
}
