extension RecurrentPass {
  /// Computes a sequence's state after a step from what its activations are applied to.
  func finish(
    _ sequence: Int, _ turn: Int, _ before: UnsafePointer<Float>,
    _ gates: UnsafeMutablePointer<Float>
  ) {
    let step = layer.step(at: turn)
    let state = output + (step * layer.batch + sequence) * layer.outputWidth
    guard let row = memory.row.baseAddress else { return }
    if isOver(sequence, at: step) {
      state.update(from: before, count: layer.hidden)
      if layer.function == .lstm {
        cell(sequence, step: step).update(
          from: cells(before: turn).row(sequence), count: layer.hidden)
      }
      return
    }
    switch layer.function {
    case .lstm:
      finishLSTM(
        gates, row, state, before: cells(before: turn).row(sequence),
        after: cell(sequence, step: step))
    case .gru:
      finishGRU(gates, row, state, before, sequence)
    case .simple:
      clip(gates, count: layer.hidden)
      layer.activations[0].apply(gates, state, count: layer.hidden, kernels: kernels)
    }
  }

  /// With `row` the gates after their activations and the cells after theirs.
  private func finishLSTM(
    _ gates: UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>,
    _ state: UnsafeMutablePointer<Float>, before: UnsafePointer<Float>,
    after: UnsafeMutablePointer<Float>
  ) {
    let hidden = layer.hidden
    addPeephole(0, before, to: gates)
    addPeephole(2, before, to: gates + 2 * hidden)
    activateInner(gates, row)
    for index in 0..<hidden {
      after[index] =
        row[2 * hidden + index] * before[index] + row[index] * row[3 * hidden + index]
    }
    addPeephole(1, after, to: gates + hidden)
    activateOuter(gates, row, cells: after)
    for index in 0..<hidden { state[index] = row[hidden + index] * row[4 * hidden + index] }
  }

  private func finishGRU(
    _ gates: UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>,
    _ state: UnsafeMutablePointer<Float>, _ before: UnsafePointer<Float>, _ sequence: Int
  ) {
    let hidden = layer.hidden
    activate(0, gates, row)
    if layer.linearBeforeReset {
      activate(0, gates + hidden, row + hidden)
      for index in 0..<hidden {
        gates[2 * hidden + index] +=
          row[hidden + index] * memory.candidate[sequence * hidden + index]
      }
    }
    activate(1, gates + 2 * hidden, row + 2 * hidden)
    for index in 0..<hidden {
      state[index] = (1 - row[index]) * row[2 * hidden + index] + row[index] * before[index]
    }
  }

  /// Applies the activations to the gates of an LSTM that its cells depend on.
  package func activateInner(
    _ gates: UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>
  ) {
    let hidden = layer.hidden
    activate(0, gates, row)
    if layer.couplesGates {
      for index in 0..<hidden { row[2 * hidden + index] = 1 - row[index] }
    } else {
      activate(0, gates + 2 * hidden, row + 2 * hidden)
    }
    activate(1, gates + 3 * hidden, row + 3 * hidden)
  }

  /// Applies the activations to the output gate of an LSTM and to its cells.
  package func activateOuter(
    _ gates: UnsafeMutablePointer<Float>, _ row: UnsafeMutablePointer<Float>,
    cells: UnsafePointer<Float>
  ) {
    let hidden = layer.hidden
    activate(0, gates + hidden, row + hidden)
    layer.activations[2].apply(cells, row + 4 * hidden, count: hidden, kernels: kernels)
  }

  /// Applies an activation to one gate, which is clipped before.
  package func activate(
    _ activation: Int, _ gate: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>
  ) {
    clip(gate, count: layer.hidden)
    layer.activations[activation].apply(gate, result, count: layer.hidden, kernels: kernels)
  }

  private func addPeephole(
    _ gate: Int, _ cells: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>
  ) {
    guard !operands.peepholes.isEmpty else { return }
    let start = gate * layer.hidden
    for index in 0..<layer.hidden {
      values[index] += operands.peepholes[start + index] * cells[index]
    }
  }
}
