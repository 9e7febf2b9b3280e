/// How files of arrays are read, and the most that is done for one.
public struct ReadingOptions: Sendable, Equatable {
  /// Bytes of memory for the numbers of one file, as the file has them.
  ///
  /// Default: 16 GiB.
  public var memoryBytes = 1 << 34
  /// Arrays of one file.
  ///
  /// Default: 1,048,576.
  public var arrays = 1 << 20
  /// Whether float64 numbers become the nearest float32 ones; those that are too large are refused.
  ///
  /// Default: false.
  public var narrowsFloat64 = false

  /// The defaults.
  public init() {}

  /// The defaults, but for float64 numbers.
  public init(narrowsFloat64: Bool) {
    self.narrowsFloat64 = narrowsFloat64
  }
}
