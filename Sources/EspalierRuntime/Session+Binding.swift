public import EspalierGraph

/// Inputs and outputs in memory of the caller, without copies.
extension Session {
  /// Reads an input where it lies from now on, instead of copying it.
  ///
  /// - Parameters:
  ///   - name: the input.
  ///   - element: what the elements are.
  ///   - bytes: the elements, little-endian and row-major; they must stay where they are until the last run, and must
  ///     not change while one runs.
  /// - Throws: `RuntimeError.unknownInput`, `.wrongElement`, `.wrongCount` or `.misaligned`.
  public mutating func bindInput(
    _ name: Name, element: ElementType, to bytes: UnsafeRawBufferPointer
  ) throws(RuntimeError) {
    let index = try index(ofInput: name, element: element)
    let slot = plan.inputs[index].slot
    try expectFitting(bytes, name, element, slot)
    // Steps only read inputs; slots are mutable because most of them are outputs.
    tensors.bind(slot, to: UnsafeMutableRawBufferPointer(mutating: bytes), in: plan)
    isGiven[index] = true
  }

  /// Writes an output where the caller wants it from now on.
  ///
  /// - Parameters:
  ///   - head: a chosen head.
  ///   - name: which of its outputs; the first when nil.
  ///   - bytes: memory for the elements, row-major; it must stay until the last run, and overlap no other that is bound.
  /// - Throws: `RuntimeError.unknownOutput`, `.wrongCount` or `.misaligned`.
  public mutating func bindOutput(
    of head: Name, _ name: Name? = nil, to bytes: UnsafeMutableRawBufferPointer
  ) throws(RuntimeError) {
    guard let index = plan.index(ofOutput: name, of: head) else {
      throw .unknownOutput(head: head, output: name ?? "")
    }
    let output = plan.outputs[index]
    try expectFitting(
      UnsafeRawBufferPointer(bytes), output.name, output.element, output.slot)
    boundOutputs[index] = bytes
    if plan.isWrittenFor(output: index) { tensors.bind(output.slot, to: bytes, in: plan) }
  }

  /// Where an output of the plan lies, until it is bound elsewhere or the session ends.
  package func address(ofOutput index: Int) -> UnsafeRawPointer? {
    UnsafeRawPointer(tensors.bytes(plan.outputs[index].slot).baseAddress)
  }

  private func expectFitting(
    _ bytes: UnsafeRawBufferPointer, _ name: Name, _ element: ElementType, _ slot: Int
  ) throws(RuntimeError) {
    let size = element.byteCount
    guard bytes.count == plan.slots[slot].byteCount else {
      throw .wrongCount(name, found: bytes.count / size, expected: plan.slots[slot].count)
    }
    guard Int(bitPattern: bytes.baseAddress) % size == 0 else {
      throw .misaligned(name, boundary: size)
    }
  }

  /// Copies outputs that no step writes for themselves: inputs and parameters that are handed on, and outputs that are
  /// the same as others.
  func fillBoundOutputs() {
    for (index, bytes) in boundOutputs.enumerated() {
      guard let bytes else { continue }
      let source = tensors.bytes(plan.outputs[index].slot)
      if source.baseAddress != bytes.baseAddress { bytes.copyMemory(from: .init(source)) }
    }
  }
}

extension Plan {
  /// Whether steps write an output's memory, and it is the first of those that lie there.
  fileprivate func isWrittenFor(output index: Int) -> Bool {
    let slot = outputs[index].slot
    return slots[slot].isWritten && !inputs.contains { $0.slot == slot }
      && outputs.firstIndex { $0.slot == slot } == index
  }
}
