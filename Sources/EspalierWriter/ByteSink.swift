/// Where bytes are written, one after the other.
package protocol ByteSink {
  /// Writes bytes after those that were written before.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(WriterError)
}

extension ByteSink {
  /// Writes bytes after those that were written before.
  package mutating func write(_ bytes: [UInt8]) throws(WriterError) {
    var failure: WriterError?
    bytes.withUnsafeBytes {
      do throws(WriterError) { try write($0) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

/// Keeps what is written.
package struct ArraySink: ByteSink {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// Begins with nothing.
  package init() {}

  /// Appends bytes.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) {
    self.bytes.append(contentsOf: bytes)
  }
}
