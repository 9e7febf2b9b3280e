package import EspalierGraph
package import EspalierKernels

/// The memory of every slot of a plan: one arena, which the table owns, and the parameters where they are.
///
/// A class because a session is destroyed by the module that uses it, where Embedded Swift 6.3 finds the `deinit` of a
/// noncopyable struct only when the struct is public.
package final class TensorTable {
  private let arena: UnsafeMutableRawPointer
  private let table: UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>
  private let scratch: UnsafeMutableBufferPointer<Float>

  /// Allocates the arena, zero-filled, and finds the parameters in the model's storages, which must outlive the table;
  /// those that are stored in fewer bytes are widened.
  package convenience init(plan: Plan, model: Model) {
    func parameter(_ graph: Int, _ index: Int) -> Parameter {
      (graph == 0 ? model.trunk.graph : model.heads[graph - 1].graph).parameters[index]
    }
    self.init(plan: plan) { graph, index in
      let parameter = parameter(graph, index)
      return parameter.storage.withUnsafeBytes { bytes in
        // Kernels only read parameters; slots are mutable because most of them are outputs.
        let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        return (start ?? Self.nowhere) + parameter.byteOffset
      }
    }
    for (index, slot) in plan.slots.enumerated() {
      guard case .widened(let graph, let position, _) = slot.place else { continue }
      parameter(graph, position).copyValues(to: self[index])
    }
  }

  /// Allocates the arena, zero-filled, with parameters where `parameter(graph, index)` says.
  package init(
    plan: Plan, parameters parameter: (Int, Int) -> UnsafeMutableRawPointer
  ) {
    let byteCount = max(plan.arenaByteCount, 1)
    arena = .allocate(byteCount: byteCount, alignment: ArenaLayout.alignment)
    arena.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    table = .allocate(capacity: plan.slots.count)
    for (index, slot) in plan.slots.enumerated() {
      let start =
        switch slot.place {
        case .arena(let offset), .widened(_, _, let offset):
          arena + offset
        case .parameter(let graph, let position): parameter(graph, position)
        }
      table.initializeElement(
        at: index, to: UnsafeMutableRawBufferPointer(start: start, count: slot.byteCount))
    }
    scratch = UnsafeMutableBufferPointer(
      start: (arena + plan.scratchByteOffset).assumingMemoryBound(to: Float.self),
      count: plan.scratchCount)
  }

  deinit {
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
