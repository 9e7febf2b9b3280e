package import EspalierGraph
package import EspalierKernels

/// The memory of every slot of a plan: one arena, which the table owns, and the parameters where they are.
///
/// Apart from each other, slots have memory of their own instead, which `hold` gives them and `release` takes back.
///
/// A class because a session is destroyed by the module that uses it, where Embedded Swift 6.3 finds the `deinit` of a
/// noncopyable struct only when the struct is public.
package final class TensorTable {
  private let arena: UnsafeMutableRawPointer
  private let table: UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>
  private let scratch: UnsafeMutableBufferPointer<Float>
  /// For each slot whether it has memory outside the arena, which the table owns.
  private var isHeld: [Bool]

  /// Allocates the arena, zero-filled, and finds the parameters in an executable, which must outlive the table.
  ///
  /// For comparison with others, each slot has memory of its own, inputs at once.
  package convenience init(_ executable: Executable) {
    let plan = executable.plan
    let isReference = plan.purpose == .reference
    self.init(plan: plan, apart: isReference) { graph, index in
      if let start = executable.weights.start(graph: graph, index: index) { return start }
      let parameter = executable.model.parameter(graph, index)
      return parameter.storage.withUnsafeBytes { bytes in
        // Kernels only read parameters; slots are mutable because most of them are outputs.
        let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        return (start ?? Self.nowhere) + parameter.byteOffset
      }
    }
    guard isReference else { return }
    for input in plan.inputs { hold(input.slot, byteCount: plan.slots[input.slot].byteCount) }
  }

  /// Allocates the arena, zero-filled, with parameters where `parameter(graph, index)` says.
  package init(
    plan: Plan, apart: Bool = false,
    parameters parameter: (Int, Int) -> UnsafeMutableRawPointer
  ) {
    // Apart, only scratch memory is of the arena.
    let begin = apart ? plan.scratchByteOffset : 0
    let byteCount = max(plan.arenaByteCount - begin, 1)
    arena = .allocate(byteCount: byteCount, alignment: ArenaLayout.alignment)
    arena.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    table = .allocate(capacity: plan.slots.count)
    isHeld = plan.slots.map { _ in false }
    for (index, slot) in plan.slots.enumerated() {
      let start: UnsafeMutableRawPointer? =
        switch slot.place {
        case .arena(let offset), .part(_, let offset): apart ? nil : arena + offset
        case .parameter(let graph, let position), .widened(let graph, let position):
          parameter(graph, position)
        }
      table.initializeElement(
        at: index,
        to: UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : slot.byteCount))
    }
    scratch = UnsafeMutableBufferPointer(
      start: (arena + (plan.scratchByteOffset - begin)).assumingMemoryBound(to: Float.self),
      count: plan.scratchCount)
  }

  /// Lets a slot, and the slots inside it, lie in memory that somebody else owns.
  func bind(_ slot: Int, to bytes: UnsafeMutableRawBufferPointer, in plan: Plan) {
    let before = table[slot].baseAddress
    release(slot)
    table[slot] = bytes
    guard let before, let after = bytes.baseAddress else { return }
    for part in plan.slots.indices where part != slot && plan.whole(of: part) == slot {
      guard let start = table[part].baseAddress else { continue }
      table[part] = UnsafeMutableRawBufferPointer(
        start: after + (start - before), count: table[part].count)
    }
  }

  /// Gives a slot memory of its own, unless it has some; its bytes are ones, so that what is never written shows.
  func hold(_ slot: Int, byteCount: Int) {
    guard table[slot].baseAddress == nil else { return }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(byteCount, 1), alignment: ArenaLayout.alignment)
    table[slot] = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
    table[slot].initializeMemory(as: UInt8.self, repeating: .max)
    isHeld[slot] = true
  }

  /// Takes the memory of its own from a slot.
  func release(_ slot: Int) {
    guard isHeld[slot] else { return }
    table[slot].deallocate()
    table[slot] = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    isHeld[slot] = false
  }

  deinit {
    for slot in isHeld.indices where isHeld[slot] { table[slot].deallocate() }
    table.deallocate()
    arena.deallocate()
  }

  /// The numbers of a slot of float32.
  package subscript(slot: Int) -> UnsafeMutableBufferPointer<Float> {
    elements(slot, as: Float.self)
  }

  /// The elements of a slot, which holds elements of this size.
  package func elements<Element: BitwiseCopyable>(
    _ slot: Int, as type: Element.Type
  ) -> UnsafeMutableBufferPointer<Element> {
    // Every slot is bytes that are read as what they hold, or, by those that only move them, as any type of its size.
    let bytes = table[slot]
    return UnsafeMutableBufferPointer(
      start: bytes.baseAddress?.assumingMemoryBound(to: type),
      count: bytes.count / MemoryLayout<Element>.size)
  }

  /// The integers of a slot that holds indices of an element type.
  package func indices(_ slot: Int, _ element: ElementType) -> Indices {
    element == .int32
      ? Indices(UnsafeBufferPointer(elements(slot, as: Int32.self)))
      : Indices(UnsafeBufferPointer(elements(slot, as: Int64.self)))
  }

  /// The bytes of a slot.
  package func bytes(_ slot: Int) -> UnsafeMutableRawBufferPointer { table[slot] }

  /// Memory that a step may use while it runs.
  package var scratchMemory: UnsafeMutableBufferPointer<Float> { scratch }

  private static var nowhere: UnsafeMutableRawPointer {
    preconditionFailure("a storage without memory")
  }
}
