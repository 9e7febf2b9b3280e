import EspalierGraph
import EspalierRuntime

/// The gradient of the objective by every tensor that a trained parameter flows into, beside a plan's tensors.
struct GradientTable: ~Copyable {
  private let memory: UnsafeMutableBufferPointer<Float>
  private let buffers: [UnsafeMutableBufferPointer<Float>?]
  /// Memory that one gradient rule may use while it runs.
  let scratch: UnsafeMutableBufferPointer<Float>

  /// Allocates gradients for a plan that does not reuse memory.
  init(_ plan: Plan, store: ParameterStore) {
    var isNeeded = plan.slots.map { slot in
      if case .parameter(let graph, let index) = slot.place {
        store.isTrained(graph: graph, index: index)
      } else {
        false
      }
    }
    for step in plan.steps where step.inputs.contains(where: { isNeeded[$0] }) {
      isNeeded[step.output] = plan.slots[step.output].element == .float32
    }
    var count = 0
    for (index, slot) in plan.slots.enumerated() {
      if isNeeded[index], slot.isWritten { count += slot.count }
    }
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    memory.initialize(repeating: 0)
    var next = 0
    buffers = plan.slots.enumerated().map { index, slot in
      guard isNeeded[index] else { return nil }
      switch slot.place {
      case .parameter(let graph, let position), .widened(let graph, let position):
        let start = store.offset(graph: graph, index: position)
        return UnsafeMutableBufferPointer(rebasing: store.gradients[start..<start + slot.count])
      case .arena, .part:
        defer { next += slot.count }
        return UnsafeMutableBufferPointer(rebasing: memory[next..<next + slot.count])
      }
    }
    self.memory = memory
    scratch = .allocate(capacity: plan.steps.map(\.gradientScratchCount).max() ?? 0)
    scratch.initialize(repeating: 0)
  }

  deinit {
    memory.deallocate()
    scratch.deallocate()
  }

  /// The gradient by a slot's tensor; nil where no trained parameter flows into it.
  subscript(slot: Int) -> UnsafeMutableBufferPointer<Float>? { buffers[slot] }

  /// Sets the gradients by all tensors but the parameters to zero.
  func clear() {
    memory.update(repeating: 0)
  }
}
