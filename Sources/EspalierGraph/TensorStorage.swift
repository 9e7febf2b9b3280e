/// Bytes of parameters: one allocation on a 64-byte boundary, written once and shared from then on.
public final class TensorStorage: @unchecked Sendable {
  // Sendable is sound because the bytes are written in the initialiser only.

  /// The boundary that the first byte stands on, the width of the widest vector register.
  public static let alignment = 64

  /// The number of bytes.
  public let byteCount: Int
  private let base: UnsafeMutableRawPointer

  private init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
  }

  /// Copies numbers.
  public convenience init(_ values: [Float]) {
    self.init(copying: values)
  }

  /// Copies numbers of half the bytes.
  package convenience init(halves values: [UInt16]) {
    self.init(copying: values)
  }

  private convenience init<Element: BitwiseCopyable>(copying values: [Element]) {
    self.init(byteCount: values.count * MemoryLayout<Element>.stride)
    values.withUnsafeBytes {
      base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: $0.count)
    }
  }

  deinit {
    base.deallocate()
  }

  /// Allocates `byteCount` bytes and lets `fill` write all of them.
  package static func filled<Failure: Error>(
    byteCount: Int, by fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> TensorStorage {
    let storage = TensorStorage(byteCount: byteCount)
    try fill(UnsafeMutableRawBufferPointer(start: storage.base, count: byteCount))
    return storage
  }

  /// The bytes, little-endian numbers one after the other.
  public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      let span = RawSpan(_unsafeStart: base, byteCount: byteCount)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Calls `body` with the bytes.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }
}
