/// States of all sequences: rows that are a stride apart.
package struct RecurrentStates {
  let start: UnsafePointer<Float>
  /// How far apart rows are; 0 where there is one for all.
  package let stride: Int

  /// Sees rows of some memory.
  package init(_ memory: UnsafeBufferPointer<Float>, stride: Int) {
    guard let start = memory.baseAddress else { preconditionFailure("states of nothing") }
    self.start = start
    self.stride = stride
  }

  /// The state of a sequence.
  package func row(_ sequence: Int) -> UnsafePointer<Float> { start + sequence * stride }

  /// The rows of a number of sequences, as a matrix with the stride.
  package func matrix(rows: Int, columns: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: start, count: (rows - 1) * stride + columns)
  }
}

/// A recurrent layer at work on its operands.
///
/// The products of the input and the weights are computed for a block of steps at once, those of the state and the
/// recurrence step by step; both add to what the activations are then applied to, sequence by sequence. A sequence's
/// results depend on no other sequence and not on the size of the blocks.
package struct RecurrentPass {
  /// What is computed.
  package let layer: RecurrentLayer
  let operands: RecurrentOperands
  let memory: RecurrentMemory
  let output: UnsafeMutablePointer<Float>
  let kernels: Kernels

  /// Prepares a layer; `output` is [steps, batch, outputWidth].
  package init(
    _ layer: RecurrentLayer, _ operands: RecurrentOperands, _ memory: RecurrentMemory,
    output: UnsafeMutableBufferPointer<Float>, using kernels: Kernels = .best
  ) {
    operands.require(layer)
    requireMatrix(output.count, layer.steps * layer.batch, layer.outputWidth, "output")
    guard let start = output.baseAddress else { preconditionFailure("an output of nothing") }
    self.layer = layer
    self.operands = operands
    self.memory = memory
    self.output = start
    self.kernels = kernels
  }

  /// Computes the output.
  package func run() {
    for first in stride(from: 0, to: layer.steps, by: memory.blockSteps) {
      let count = min(memory.blockSteps, layer.steps - first)
      let lowest = layer.isBackward ? layer.steps - first - count : first
      project(lowest..<lowest + count)
      for turn in first..<first + count { take(turn, lowest: lowest) }
    }
  }

  /// Whether a sequence ends before a step.
  package func isOver(_ sequence: Int, at step: Int) -> Bool {
    operands.lengths.map { step >= $0[sequence] } ?? false
  }

  /// The states before a turn.
  package func states(before turn: Int) -> RecurrentStates {
    guard turn > 0 else { return initial(operands.state) }
    let before = layer.step(at: turn - 1) * layer.batch * layer.outputWidth
    return RecurrentStates(
      UnsafeBufferPointer(start: output + before, count: layer.batch * layer.outputWidth),
      stride: layer.outputWidth)
  }

  /// The states of the cells before a turn.
  package func cells(before turn: Int) -> RecurrentStates {
    guard turn > 0 else { return initial(operands.cell) }
    let stride = layer.keepsCell ? layer.outputWidth : layer.hidden
    let cells = cell(0, step: layer.step(at: turn - 1))
    return RecurrentStates(UnsafeBufferPointer(start: cells, count: layer.hidden), stride: stride)
  }

  private func initial(_ states: UnsafeBufferPointer<Float>) -> RecurrentStates {
    RecurrentStates(
      states.isEmpty ? UnsafeBufferPointer(memory.zeros) : states,
      stride: states.count > layer.hidden ? layer.hidden : 0)
  }

  /// The state of the cells of a sequence after a step.
  package func cell(_ sequence: Int, step: Int) -> UnsafeMutablePointer<Float> {
    if layer.keepsCell {
      return output + (step * layer.batch + sequence) * layer.outputWidth + layer.hidden
    }
    guard let start = memory.cells.baseAddress else { preconditionFailure("no cells") }
    let isKept = memory.cells.count > layer.batch * layer.hidden
    return start + ((isKept ? step : 0) * layer.batch + sequence) * layer.hidden
  }

  /// Computes `x · W + bias` for a block of steps.
  private func project(_ steps: Range<Int>) {
    let (batch, width) = (layer.batch, layer.width)
    var gates = memory.gates.mutableSpan
    let start = steps.lowerBound * batch * layer.inputs
    matrixProduct(
      operands.input.span.extracting(start..<start + steps.count * batch * layer.inputs),
      rowStride: layer.inputs, columnStride: 1, operands.weights.span, bStride: width,
      into: &gates, cStride: width, rows: steps.count * batch, columns: width,
      depth: layer.inputs, bias: biases(0, 0..<width).span, using: kernels)
  }

  /// Some biases of the weights, 0, or the recurrence, 1.
  private func biases(_ row: Int, _ columns: Range<Int>) -> UnsafeBufferPointer<Float> {
    guard !operands.biases.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
    let start = row * layer.width
    return UnsafeBufferPointer(
      rebasing: operands.biases[start + columns.lowerBound..<start + columns.upperBound])
  }

  private func take(_ turn: Int, lowest: Int) {
    let step = layer.step(at: turn)
    let before = states(before: turn)
    let place = (step - lowest) * layer.batch * layer.width
    let count = layer.batch * layer.width
    let gates = UnsafeMutableBufferPointer(rebasing: memory.gates[place..<place + count])
    if layer.function == .gru {
      addRecurrence(before, columns: 0..<2 * layer.hidden, to: gates)
      prepareCandidate(before, gates)
    } else {
      addRecurrence(before, columns: 0..<layer.width, to: gates)
    }
    for sequence in 0..<layer.batch {
      guard let start = gates.baseAddress else { continue }
      finish(sequence, turn, before.row(sequence), start + sequence * layer.width)
    }
  }

  /// Adds some columns of `h · R + bias` to what the activations are applied to.
  private func addRecurrence(
    _ states: RecurrentStates, columns: Range<Int>, to gates: UnsafeMutableBufferPointer<Float>
  ) {
    var target = UnsafeMutableBufferPointer(rebasing: gates[columns.lowerBound...]).mutableSpan
    matrixProduct(
      states.matrix(rows: layer.batch, columns: layer.hidden).span, rowStride: states.stride,
      columnStride: 1, recurrence(columns).span, bStride: layer.width, into: &target,
      cStride: layer.width, rows: layer.batch, columns: columns.count, depth: layer.hidden,
      bias: biases(1, columns).span, accumulate: true, using: kernels)
  }

  private func recurrence(_ columns: Range<Int>) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(rebasing: operands.recurrence[columns.lowerBound...])
  }

  /// Computes what the last gate of a GRU takes from the state, `h · R + bias`; or adds it for `r ⊙ h`.
  private func prepareCandidate(
    _ before: RecurrentStates, _ gates: UnsafeMutableBufferPointer<Float>
  ) {
    let hidden = layer.hidden
    if layer.linearBeforeReset {
      linearCandidate(before)
      return
    }
    guard let candidate = memory.candidate.baseAddress, let start = gates.baseAddress,
      let reset = memory.row.baseAddress
    else { return }
    for sequence in 0..<layer.batch {
      let row = start + sequence * layer.width + hidden
      let state = before.row(sequence)
      clip(row, count: hidden)
      layer.activations[0].apply(row, reset, count: hidden, kernels: kernels)
      for index in 0..<hidden { candidate[sequence * hidden + index] = reset[index] * state[index] }
    }
    addRecurrence(
      RecurrentStates(UnsafeBufferPointer(memory.candidate), stride: hidden),
      columns: 2 * hidden..<3 * hidden, to: gates)
  }

  /// Computes `h · R + bias` of the last gate of a GRU.
  @discardableResult
  package func linearCandidate(_ before: RecurrentStates) -> UnsafeMutableBufferPointer<Float> {
    let columns = 2 * layer.hidden..<3 * layer.hidden
    var target = memory.candidate.mutableSpan
    matrixProduct(
      before.matrix(rows: layer.batch, columns: layer.hidden).span, rowStride: before.stride,
      columnStride: 1, recurrence(columns).span, bStride: layer.width, into: &target,
      cStride: layer.hidden, rows: layer.batch, columns: layer.hidden, depth: layer.hidden,
      bias: biases(1, columns).span, using: kernels)
    return memory.candidate
  }

  func clip(_ values: UnsafeMutablePointer<Float>, count: Int) {
    guard layer.clip < .infinity else { return }
    for index in 0..<count { values[index] = min(max(values[index], -layer.clip), layer.clip) }
  }
}
