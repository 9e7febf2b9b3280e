internal import EspalierGraph

/// A recurrent layer that a turn of a loop is a step of.
struct RecurrentCell {
  /// What a source or state is multiplied by: a matrix, or some columns of the identity.
  struct Weight {
    var matrix: DraftValue?
    var columns: Range<Int>?
    var share: Double
  }

  /// What a function of a gate is applied to.
  struct Gate {
    var inputs: [(source: [Int], weight: Weight)] = []
    var recurrence: [Weight] = []
    /// Vectors, or a number where there is none, and what they are multiplied by.
    var bias: [(vector: DraftValue?, share: Double)] = []
    var peepholes: [(vector: DraftValue, share: Double)] = []

    /// What makes `1 − σ(a)` of `σ(a)`.
    func negated() -> Gate {
      var gate = self
      for index in inputs.indices { gate.inputs[index].weight.share.negate() }
      for index in recurrence.indices { gate.recurrence[index].share.negate() }
      for index in bias.indices { gate.bias[index].share.negate() }
      return gate
    }
  }

  let function: Operator.Recurrent.Function
  let activations: [GateFunction?]
  var couplesGates = false
  var linearBeforeReset = false
  /// The state that the layer gives.
  let hidden: Int
  /// The state of the cells of an LSTM.
  var cell: Int?
  /// The gates in the order of the operator.
  let gates: [Gate]
  /// The bias of a GRU's recurrence that the reset gate is applied to.
  var resetBias: [(vector: DraftValue?, share: Double)] = []
}

/// Finds recurrent layers in what a turn of a loop makes of its states.
struct CellMatcher {
  private let reader: TurnReader

  init(_ reader: TurnReader) { self.reader = reader }

  /// The layer that has a state for its own; nil when there is none.
  func cell(of state: Int, among states: Range<Int>) -> RecurrentCell? {
    guard let sum = reader.results[state] else { return nil }
    if let cell = simple(state, sum) ?? gru(state, sum) { return cell }
    for hidden in states where hidden != state {
      if let cell = lstm(cell: state, hidden: hidden, sum) { return cell }
    }
    return nil
  }

  // MARK: layers

  private func simple(_ state: Int, _ sum: GateSum) -> RecurrentCell? {
    let function = sum.single.flatMap { functions($0) }
    guard let gate = gate(function?.sum ?? sum, of: state), !gate.recurrence.isEmpty else {
      return nil
    }
    return RecurrentCell(
      function: .simple, activations: [function?.function], hidden: state, gates: [gate])
  }

  private func lstm(cell: Int, hidden: Int, _ sum: GateSum) -> RecurrentCell? {
    let old = reader.number(state: cell)
    guard let (outputGate, squash) = outputs(of: hidden, cell: cell) else { return nil }
    var terms = sum.terms
    let forgets = terms.keys.filter { $0.contains(old) }
    for factors in forgets { terms[factors] = nil }
    guard terms.count == 1, let (written, share) = terms.first, share == 1, written.count == 2
    else { return nil }
    for (inputGate, new) in [(written[0], written[1]), (written[1], written[0])] {
      guard let i = functions(inputGate), let g = functions(new), let o = functions(outputGate),
        i.function == o.function
      else { continue }
      var forgetSum = GateSum()
      let couples = forgets.count == 2 && sum.terms[[old]] == 1
      if couples {
        guard sum.terms[[old, inputGate].sorted()] == -1 else { continue }
      } else {
        guard forgets.count == 1, forgets[0].count == 2, sum.terms[forgets[0]] == 1,
          let forget = forgets[0].first(where: { $0 != old }), let f = functions(forget),
          f.function == i.function
        else { continue }
        forgetSum = f.sum
      }
      let next = reader.number(next: cell)
      guard let input = gate(i.sum, of: hidden, cell: old),
        let output = gate(o.sum, of: hidden, cell: next),
        let forget = gate(forgetSum, of: hidden, cell: old), let update = gate(g.sum, of: hidden)
      else { continue }
      return RecurrentCell(
        function: .lstm, activations: [i.function, g.function, squash], couplesGates: couples,
        hidden: hidden, cell: cell, gates: [input, output, forget, update])
    }
    return nil
  }

  /// The output gate of an LSTM, and the function of the cells that it lets through, nil for the cells as they are.
  private func outputs(of hidden: Int, cell: Int) -> (gate: Int, squash: GateFunction?)? {
    guard let sum = reader.results[hidden], sum.terms.count == 1,
      let (factors, share) = sum.terms.first,
      share == 1, factors.count == 2
    else { return nil }
    let next = reader.number(next: cell)
    for (gate, shown) in [(factors[0], factors[1]), (factors[1], factors[0])] {
      if shown == next { return (gate, nil) }
      if let squashed = functions(shown),
        squashed.sum.single == next || squashed.sum == reader.results[cell]
      {
        return (gate, squashed.function)
      }
    }
    return nil
  }

  private func gru(_ state: Int, _ sum: GateSum) -> RecurrentCell? {
    let old = reader.number(state: state)
    guard sum.terms.count == 3 else { return nil }
    // z · (h − n) + n, or z · (n − h) + h.
    let single = sum.terms.keys.first { $0.count == 1 && sum.terms[$0] == 1 }
    guard let kept = single?[0] else { return nil }
    let mixed = sum.terms.filter { $0.key.count == 2 }
    guard mixed.count == 2, let lost = mixed.first(where: { $0.value == -1 })?.key,
      let gained = mixed.first(where: { $0.value == 1 })?.key, lost.contains(kept)
    else { return nil }
    for update in Set(lost) where update != kept || lost[0] == lost[1] {
      guard gained.contains(update), let other = gained.first(where: { $0 != update }),
        let new = [kept, other].first(where: { $0 != old }), [kept, other].contains(old),
        let z = functions(update), let n = functions(new), var gate = gate(z.sum, of: state),
        let (hidden, reset) = hiddenGate(n.sum, of: state, z.function)
      else { continue }
      if kept == old {
        guard z.function.function == .sigmoid else { continue }
        gate = gate.negated()
      }
      return RecurrentCell(
        function: .gru, activations: [z.function, n.function],
        linearBeforeReset: hidden.isAfter, hidden: state, gates: [gate, reset, hidden.gate],
        resetBias: hidden.bias)
    }
    return nil
  }

  private struct HiddenGate {
    var gate = Gate()
    var isAfter = false
    var bias: [(vector: DraftValue?, share: Double)] = []
  }

  private typealias Gate = RecurrentCell.Gate

  /// What the new state of a GRU is made of, and its reset gate, which is applied to the state or to its product.
  private func hiddenGate(
    _ sum: GateSum, of state: Int, _ function: GateFunction
  ) -> (HiddenGate, reset: Gate)? {
    let old = reader.number(state: state)
    var result = HiddenGate()
    var resets: Set<Int> = []
    var isBefore = false
    for (factors, share) in sum.ordered {
      if factors.count == 1, case .product(let source, let matrix) = reader[factors[0]],
        source.count == 2, source.contains(old)
      {
        isBefore = true
        resets.formUnion(source.filter { $0 != old })
        result.gate.recurrence.append(.init(matrix: matrix, share: share))
      } else if let reset = factors.first(where: { functions($0) != nil && !reader.isOfSteps($0) })
      {
        var rest = factors
        rest.remove(at: rest.firstIndex(of: reset) ?? 0)
        guard let part = gate(GateSum(rest, times: share), of: state), part.inputs.isEmpty else {
          return nil
        }
        result.isAfter = true
        resets.insert(reset)
        result.gate.recurrence += part.recurrence
        result.bias += part.bias
      } else {
        guard let part = gate(GateSum(factors, times: share), of: state), part.recurrence.isEmpty
        else { return nil }
        result.gate.inputs += part.inputs
        result.gate.bias += part.bias
      }
    }
    guard resets.count == 1, isBefore != result.isAfter, let reset = functions(resets.first ?? 0),
      reset.function == function, let gate = gate(reset.sum, of: state)
    else { return nil }
    return (result, gate)
  }

  // MARK: gates

  private func functions(_ factor: Int) -> (function: GateFunction, sum: GateSum)? {
    guard case .function(let function, let sum) = reader[factor] else { return nil }
    return (function, sum)
  }

  /// A sum as what a gate of a layer can be a function of.
  ///
  /// - Parameters:
  ///   - hidden: the state that the layer gives.
  ///   - cell: the factor that peepholes look at.
  private func gate(_ sum: GateSum, of hidden: Int, cell: Int? = nil) -> Gate? {
    let old = reader.number(state: hidden)
    var gate = Gate()
    for (factors, share) in sum.ordered {
      guard factors.count == 1 else {
        guard add(factors, share, cell, to: &gate) else { return nil }
        continue
      }
      switch reader[factors[0]] {
      case .given(let vector): gate.bias.append((vector, share))
      case .state(hidden): gate.recurrence.append(.init(share: share))
      case .columns(old, let range): gate.recurrence.append(.init(columns: range, share: share))
      case .product([old], let matrix):
        gate.recurrence.append(.init(matrix: matrix, share: share))
      case .product(let source, let matrix) where source.allSatisfy(reader.isOfSteps):
        gate.inputs.append((source, .init(matrix: matrix, share: share)))
      case .columns(let base, let range) where reader.isOfSteps(base):
        gate.inputs.append(([base], .init(columns: range, share: share)))
      default:
        guard add(factors, share, cell, to: &gate) else { return nil }
      }
    }
    return gate
  }

  /// Adds a number, a peephole, or a product of what does not depend on states.
  private func add(
    _ factors: [Int], _ share: Double, _ cell: Int?, to gate: inout Gate
  ) -> Bool {
    if factors.isEmpty {
      gate.bias.append((nil, share))
    } else if let cell, factors.count == 2, let other = factors.first(where: { $0 != cell }),
      factors.contains(cell), case .given(let vector) = reader[other]
    {
      gate.peepholes.append((vector, share))
    } else if factors.allSatisfy(reader.isOfSteps) {
      gate.inputs.append((factors, .init(share: share)))
    } else {
      return false
    }
    return true
  }
}
