/// Bytes of parameters on a 64-byte boundary, written once and shared from then on.
///
/// They are an allocation of its own, or borrowed: bytes of a mapped file, of flash.
public final class TensorStorage: @unchecked Sendable {
  // Sendable is sound because own bytes are written before they are shared, borrowed ones never.

  /// The boundary that the first byte stands on, the width of the widest vector register.
  public static let alignment = 64

  /// The number of bytes.
  public let byteCount: Int
  private let base: UnsafeRawPointer
  /// Gives borrowed bytes back; nil for an allocation of its own.
  private let release: (@Sendable () -> Void)?

  /// Takes over an allocation.
  private init(owning bytes: UnsafeMutableRawBufferPointer) {
    base = Self.base(of: UnsafeRawBufferPointer(bytes))
    byteCount = bytes.count
    release = nil
  }

  /// Copies elements.
  public convenience init<Element: TensorElement>(_ values: [Element]) {
    self.init(copying: values)
  }

  /// Copies numbers of half the bytes.
  package convenience init(halves values: [UInt16]) {
    self.init(copying: values)
  }

  private convenience init<Element: BitwiseCopyable>(copying values: [Element]) {
    let bytes = Self.allocate(values.count * MemoryLayout<Element>.stride)
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    self.init(owning: bytes)
  }

  /// Borrows bytes that stay where they are and do not change until `release` is called, which is once.
  ///
  /// - Precondition: the bytes begin on a boundary of `alignment`.
  public init(
    borrowing bytes: UnsafeRawBufferPointer, release: @escaping @Sendable () -> Void
  ) {
    base = Self.base(of: bytes)
    precondition(
      Int(bitPattern: base) % Self.alignment == 0,
      "borrowed bytes that are not on a boundary of \(Self.alignment)")
    byteCount = bytes.count
    self.release = release
  }

  deinit {
    if let release { release() } else { base.deallocate() }
  }

  private static func allocate(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let base = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: alignment)
    return UnsafeMutableRawBufferPointer(start: base, count: byteCount)
  }

  private static func base(of bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    guard let base = bytes.baseAddress else { preconditionFailure("bytes that are nowhere") }
    return base
  }

  /// Allocates `byteCount` bytes and lets `fill` write all of them.
  package static func filled<Failure: Error>(
    byteCount: Int, by fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> TensorStorage {
    let bytes = allocate(byteCount)
    let storage = TensorStorage(owning: bytes)
    try fill(bytes)
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
  package func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }
}
