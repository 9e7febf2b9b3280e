package import CEspalierUnpack

/// A function of a schema that unpacks bytes into an arena.
package typealias Unpack<Message> = (
  UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<EspalierArena>?
) -> UnsafePointer<Message>?

/// Why bytes could not be unpacked.
package enum UnpackingError: Error {
  /// The machine has no memory left.
  case outOfMemory
  /// It would take this many bytes or more, which are too many.
  case overBudget(Int)
  /// The message has a field that the schema does not know, and the schema is strict.
  case unknownField
  /// The bytes are no such message.
  case badMessage
}

/// One message, unpacked into memory that goes with it.
package struct Unpacked<Message>: ~Copyable {
  private let arena: UnsafeMutablePointer<EspalierArena>
  private let message: UnsafePointer<Message>
  /// Bytes that unpacking took.
  package let memoryBytes: Int

  /// Unpacks a message.
  ///
  /// - Parameters:
  ///   - bytes: the message; nothing of it is needed afterwards.
  ///   - memory: the most bytes that it may take.
  ///   - failingCall: the allocation that is to fail, counted from 1; 0 for none.
  ///   - unpack: the function of the schema that does it.
  package init(
    _ bytes: UnsafeRawBufferPointer, memory: Int, failingCall: Int, by unpack: Unpack<Message>
  ) throws(UnpackingError) {
    arena = .allocate(capacity: 1)
    arena.initialize(
      to: EspalierArena(
        budget: memory, used: 0, failing_call: failingCall, calls: 0, live_blocks: 0,
        refused_bytes: 0, exhausted: 0, unknown_field: 0, last_block: nil))
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard let message = unpack(start, bytes.count, arena) else {
      let state = arena.pointee
      espalier_arena_release(arena)
      arena.deallocate()
      if state.exhausted != 0 { throw .outOfMemory }
      if state.refused_bytes != 0 { throw .overBudget(Int(clamping: state.refused_bytes)) }
      throw state.unknown_field != 0 ? .unknownField : .badMessage
    }
    self.message = message
    memoryBytes = arena.pointee.used
  }

  deinit {
    espalier_arena_release(arena)
    arena.deallocate()
  }

  /// Calls `body` with the message, which must not outlive the call.
  package borrowing func read<Result: ~Copyable, Failure: Error>(
    _ body: (borrowing Message) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(message.pointee)
  }
}
