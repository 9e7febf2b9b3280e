import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// Every step's gates and cells, and what goes back from step to step.
  static func recurrentScratchCount(_ layer: RecurrentLayer) -> Int {
    let transposed = layer.width * max(layer.hidden, layer.inputs)
    return RecurrentMemory.count(layer, keepsSteps: true) + transposed
      + 4 * layer.batch * layer.hidden
  }

  /// Goes through the steps again, keeping what the activations were applied to, `a`, and then back through time: from
  /// `∂h′` and `∂c′` of a step follow `∂a`, which takes the place of `a`, and with it `∂h += ∂a · Rᵀ`, `∂R += hᵀ · ∂a`; at
  /// the end `∂x += ∂a · Wᵀ`, `∂W += xᵀ · ∂a` and `∂bias += Σ ∂a` for all steps at once (Werbos 1990).
  func recurrent(_ call: RecurrentCall) {
    let layer = call.layer
    var rest = scratch
    func take(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      defer { rest = rest.from(count) }
      return rest.from(0, count: count)
    }
    let memory = RecurrentMemory(
      layer, keepsSteps: true, take(RecurrentMemory.count(layer, keepsSteps: true)))
    let operands = call.operands(
      { $0 < inputs.count ? inputs[$0] : .init(start: nil, count: 0) },
      lengths: call.lengthElement.map { tensors.indices(step.inputs[3], $0) })
    let pass = RecurrentPass(layer, operands, memory, output: output)
    pass.run()
    let states = layer.batch * layer.hidden
    let back = RecurrentBackPass(
      pass: pass, call: call, gradient: self, memory: memory, peepholes: operands.peepholes,
      state: take(states), cell: take(states), candidate: take(states), reset: take(states),
      transposed: rest)
    back.run()
  }
}

/// The way back through time of one recurrent layer.
struct RecurrentBackPass {
  let pass: RecurrentPass
  let call: RecurrentCall
  let gradient: StepGradient
  /// Of the way there: first what activations were applied to, in the end the gradients by it.
  let memory: RecurrentMemory
  let peepholes: UnsafeBufferPointer<Float>
  /// The gradients by the states and by the cells, `[batch, hidden]`, after the step that is next.
  let state: UnsafeMutableBufferPointer<Float>
  let cell: UnsafeMutableBufferPointer<Float>
  /// For a GRU: the gradient by what the last gate takes from the state, and the state after the reset gate.
  let candidate: UnsafeMutableBufferPointer<Float>
  let reset: UnsafeMutableBufferPointer<Float>
  /// Room for transposed weights or recurrence.
  let transposed: UnsafeMutableBufferPointer<Float>

  var layer: RecurrentLayer { call.layer }
  var hidden: Int { layer.hidden }

  /// The gradient by an operand that may be absent or not wanted.
  func gradient(_ place: Int) -> UnsafeMutableBufferPointer<Float>? {
    place < gradient.inputGradients.count ? gradient.inputGradients[place] : nil
  }

  /// What activations were applied to, or the gradients by it, for all sequences at a step.
  func gates(_ step: Int) -> UnsafeMutableBufferPointer<Float> {
    memory.gates.from(step * layer.batch * layer.width, count: layer.batch * layer.width)
  }

  func run() {
    state.update(repeating: 0)
    cell.update(repeating: 0)
    transpose(gradient.inputs[2], rows: hidden)
    for turn in (0..<layer.steps).reversed() { goBack(turn) }
    addInitial(state, to: gradient(call.firstOptional + 1))
    if layer.function == .lstm { addInitial(cell, to: gradient(call.firstOptional + 2)) }
    addWeightGradients()
  }

  private func transpose(_ matrix: UnsafeMutableBufferPointer<Float>, rows: Int) {
    var target = transposed.from(0, count: matrix.count).mutableSpan
    EspalierKernels.transpose(
      matrix.span, output: &target, rows: rows, columns: layer.width)
  }

  /// Adds the gradients by initial states, their sum where all sequences have one.
  private func addInitial(
    _ states: UnsafeMutableBufferPointer<Float>, to gradient: UnsafeMutableBufferPointer<Float>?
  ) {
    guard let gradient else { return }
    for index in states.indices { gradient[index % gradient.count] += states[index] }
  }

  private func goBack(_ turn: Int) {
    let step = layer.step(at: turn)
    addOutputGradient(step)
    switch layer.function {
    case .lstm: goBackLSTM(turn)
    case .gru: goBackGRU(turn)
    case .simple: goBackSimple(step)
    }
    let recurrent = layer.function == .gru ? 0..<2 * hidden : 0..<layer.width
    addThroughRecurrence(gates(step), stride: layer.width, turn, columns: recurrent)
    if layer.function == .gru && layer.linearBeforeReset {
      addThroughRecurrence(candidate, stride: hidden, turn, columns: 2 * hidden..<3 * hidden)
    }
  }

  private func addOutputGradient(_ step: Int) {
    let width = layer.outputWidth
    let output = gradient.outputGradient.from(step * layer.batch * width)
    for sequence in 0..<layer.batch {
      for index in 0..<hidden {
        state[sequence * hidden + index] += output[sequence * width + index]
        if layer.keepsCell {
          cell[sequence * hidden + index] += output[sequence * width + hidden + index]
        }
      }
    }
  }

  /// `∂h += ∂a · Rᵀ` and `∂R += hᵀ · ∂a` for some columns, with the biases of the recurrence.
  private func addThroughRecurrence(
    _ gates: UnsafeMutableBufferPointer<Float>, stride: Int, _ turn: Int, columns: Range<Int>
  ) {
    var target = state.mutableSpan
    matrixProduct(
      gates.span, rowStride: stride, columnStride: 1,
      transposed.from(columns.lowerBound * hidden).span, bStride: hidden, into: &target,
      cStride: hidden, rows: layer.batch, columns: hidden, depth: columns.count, accumulate: true)
    addRecurrenceGradient(pass.states(before: turn), gates, stride: stride, columns: columns)
  }

  /// `∂R += hᵀ · ∂a` for some columns, with the biases of the recurrence.
  func addRecurrenceGradient(
    _ states: RecurrentStates, _ gates: UnsafeMutableBufferPointer<Float>, stride: Int,
    columns: Range<Int>
  ) {
    if let gradient = gradient(2) {
      var target = gradient.from(columns.lowerBound).mutableSpan
      matrixProduct(
        states.matrix(rows: layer.batch, columns: hidden).span, rowStride: 1,
        columnStride: states.stride, gates.span, bStride: stride, into: &target,
        cStride: layer.width, rows: hidden, columns: columns.count, depth: layer.batch,
        accumulate: true)
    }
    if let gradient = gradient(call.firstOptional) {
      for sequence in 0..<layer.batch {
        for column in columns {
          gradient[layer.width + column] += gates[sequence * stride + column - columns.lowerBound]
        }
      }
    }
  }

  private func addWeightGradients() {
    let rows = layer.steps * layer.batch
    if let gradient = gradient(0) {
      transpose(self.gradient.inputs[1], rows: layer.inputs)
      var target = gradient.mutableSpan
      matrixProduct(
        memory.gates.span, rowStride: layer.width, columnStride: 1, transposed.span,
        bStride: layer.inputs, into: &target, cStride: layer.inputs, rows: rows,
        columns: layer.inputs, depth: layer.width, accumulate: true)
    }
    if let gradient = gradient(1) {
      var target = gradient.mutableSpan
      matrixProduct(
        self.gradient.inputs[0].span, rowStride: 1, columnStride: layer.inputs,
        memory.gates.span, bStride: layer.width, into: &target, cStride: layer.width,
        rows: layer.inputs, columns: layer.width, depth: rows, accumulate: true)
    }
    if let gradient = gradient(call.firstOptional) {
      addColumnSums(memory.gates, columns: layer.width, to: gradient.from(0, count: layer.width))
    }
  }
}
