import EspalierKernels
import EspalierRuntime

// What the gates of one step pass back: from the gradients by the states after it, to those by what the activations were
// applied to, and as far as that does not go through the recurrence, to those by the states before it.

extension RecurrentBackPass {
  /// Calls `body` with the sequences that are not over, where its gates and its states begin; the others pass everything on.
  private func forEachSequence(
    _ step: Int, _ body: (_ sequence: Int, _ gates: Int, _ states: Int) -> Void
  ) {
    let gates = gates(step)
    for sequence in 0..<layer.batch {
      let start = sequence * layer.width
      if pass.isOver(sequence, at: step) {
        gates.from(start, count: layer.width).update(repeating: 0)
      } else {
        body(sequence, start, sequence * hidden)
      }
    }
  }

  /// The derivative of a gate's activation, zero where it was clipped.
  private func derivative(_ activation: Int, _ x: Float, _ y: Float) -> Float {
    guard x.magnitude < layer.clip else { return 0 }
    return layer.activations[activation].derivative(x, y)
  }

  func goBackSimple(_ step: Int) {
    let gates = gates(step)
    let output = gradient.output.from(step * layer.batch * hidden)
    forEachSequence(step) { _, start, states in
      for index in 0..<hidden {
        let byState = state[states + index]
        gates[start + index] = byState * derivative(0, gates[start + index], output[states + index])
        state[states + index] = 0
      }
    }
  }

  func goBackLSTM(_ turn: Int) {
    let step = layer.step(at: turn)
    let gates = gates(step)
    forEachSequence(step) { sequence, start, states in
      guard let gate = gates.from(start).baseAddress, let row = memory.row.baseAddress else {
        return
      }
      let before = pass.cells(before: turn).row(sequence)
      let after = pass.cell(sequence, step: step)
      pass.activateInner(gate, row)
      pass.activateOuter(gate, row, cells: after)
      for index in 0..<hidden {
        let (i, o) = (index, hidden + index)
        let (f, g, k) = (2 * hidden + index, 3 * hidden + index, 4 * hidden + index)
        let byState = state[states + index]
        let byOutput = byState * row[k] * derivative(0, gate[o], row[o])
        var byCell = cell[states + index] + byOutput * peephole(1, index)
        byCell += byState * row[o] * layer.activations[2].derivative(after[index], row[k])
        var byInput = byCell * row[g]
        if layer.couplesGates { byInput -= byCell * before[index] }
        byInput *= derivative(0, gate[i], row[i])
        let byForget =
          layer.couplesGates ? 0 : byCell * before[index] * derivative(0, gate[f], row[f])
        gate[g] = byCell * row[i] * derivative(1, gate[g], row[g])
        (gate[i], gate[o], gate[f]) = (byInput, byOutput, byForget)
        addPeepholeGradients(
          index, input: byInput * before[index], output: byOutput * after[index],
          forget: byForget * before[index])
        cell[states + index] =
          byCell * row[f] + byInput * peephole(0, index) + byForget * peephole(2, index)
        state[states + index] = 0
      }
    }
  }

  private func peephole(_ gate: Int, _ index: Int) -> Float {
    peepholes.isEmpty ? 0 : peepholes[gate * hidden + index]
  }

  private func addPeepholeGradients(_ index: Int, input: Float, output: Float, forget: Float) {
    guard let gradient = gradient(call.firstOptional + 3) else { return }
    gradient[index] += input
    gradient[hidden + index] += output
    gradient[2 * hidden + index] += forget
  }

  func goBackGRU(_ turn: Int) {
    let step = layer.step(at: turn)
    let before = pass.states(before: turn)
    let linear = layer.linearBeforeReset ? pass.linearCandidate(before) : nil
    candidate.update(repeating: 0)
    reset.update(repeating: 0)
    goBackUpdateGate(step, before, linear)
    guard linear == nil else { return }
    // Through `(r ⊙ h) · R`: the gradient by its left side, then by r and h.
    let columns = 2 * hidden..<3 * hidden
    let gates = gates(step)
    var target = candidate.mutableSpan
    matrixProduct(
      gates.from(columns.lowerBound).span, rowStride: layer.width, columnStride: 1,
      transposed.from(columns.lowerBound * hidden).span, bStride: hidden, into: &target,
      cStride: hidden, rows: layer.batch, columns: hidden, depth: hidden)
    goBackResetGate(step, before)
    addRecurrenceGradient(
      RecurrentStates(UnsafeBufferPointer(reset), stride: hidden),
      gates.from(columns.lowerBound), stride: layer.width, columns: columns)
  }

  /// Goes back through `h′ = (1 − z) ⊙ n + z ⊙ h` and the activations of z and n; and, given `linear = h · R + bias`,
  /// through `r ⊙ linear` and the activation of r.
  private func goBackUpdateGate(
    _ step: Int, _ before: RecurrentStates, _ linear: UnsafeMutableBufferPointer<Float>?
  ) {
    let gates = gates(step)
    forEachSequence(step) { sequence, start, states in
      guard let gate = gates.from(start).baseAddress, let row = memory.row.baseAddress else {
        return
      }
      for index in 0..<3 { pass.activate(index / 2, gate + index * hidden, row + index * hidden) }
      let old = before.row(sequence)
      for index in 0..<hidden {
        let (z, r, n) = (index, hidden + index, 2 * hidden + index)
        let byState = state[states + index]
        gate[z] = byState * (old[index] - row[n]) * derivative(0, gate[z], row[z])
        gate[n] = byState * (1 - row[z]) * derivative(1, gate[n], row[n])
        state[states + index] = byState * row[z]
        if let linear {
          candidate[states + index] = gate[n] * row[r]
          gate[r] = gate[n] * linear[states + index] * derivative(0, gate[r], row[r])
        } else {
          reset[states + index] = row[r] * old[index]
        }
      }
    }
  }

  /// Goes back through `r ⊙ h` and the activation of r, from the gradient in `candidate`.
  private func goBackResetGate(_ step: Int, _ before: RecurrentStates) {
    let gates = gates(step)
    forEachSequence(step) { sequence, start, states in
      guard let gate = gates.from(start + hidden).baseAddress, let row = memory.row.baseAddress
      else { return }
      pass.activate(0, gate, row)
      let old = before.row(sequence)
      for index in 0..<hidden {
        let byProduct = candidate[states + index]
        state[states + index] += byProduct * row[index]
        gate[index] = byProduct * old[index] * derivative(0, gate[index], row[index])
      }
    }
  }
}
