internal import EspalierGraph

/// Recurrent layers of one step, as cells are written that a loop takes through a sequence.
extension TurnReader {
  /// What a recurrent layer makes of a sequence of one step.
  mutating func step(
    _ rule: Operator.Recurrent, _ inputs: [DraftValue], _ importer: inout Importer
  ) throws -> (hidden: GateSum, cell: GateSum?)? {
    let draft = importer.draft
    guard rule.clip == nil, !rule.hasLengths, !rule.couplesGates, inputs.count < 7,
      draft.sizes(inputs[0]).allSatisfy({ $0[0] == 1 }),
      let size = draft.width(inputs[2])
        .map({ $0 / rule.function.gates })
    else { return nil }
    let functions = rule.activations.map { GateFunction($0) }
    var states: [GateSum] = []
    for index in 4..<6 {
      let state = index < inputs.count ? try operand(inputs[index], size, &importer) : GateSum()
      guard let state else { return nil }
      states.append(state)
    }
    var own: [GateSum] = []
    var after: [GateSum] = []
    for gate in 0..<rule.function.gates {
      let range = gate * size..<(gate + 1) * size
      let (w, r) = (
        try importer.columns(range, of: inputs[1]), try importer.columns(range, of: inputs[2])
      )
      guard var input = try product(inputs[0], w, &importer) else { return nil }
      let state = index(4, isDependentIn: inputs) ? try product(inputs[4], r, &importer) : GateSum()
      guard var state else { return nil }
      if inputs.count > 3 {
        let biases = try importer.columns(range, of: inputs[3])
        guard
          let first = try operand(try importer.rows(0..<1, of: biases), size, &importer),
          let second = try operand(try importer.rows(1..<2, of: biases), size, &importer),
          let input1 = input.plus(first), let state1 = state.plus(second)
        else { return nil }
        (input, state) = (input1, state1)
      }
      own.append(input)
      after.append(state)
    }
    return made(rule, functions, own, after, states)
  }

  private func index(_ index: Int, isDependentIn inputs: [DraftValue]) -> Bool {
    index < inputs.count && dependents.contains(inputs[index])
  }

  /// The states after a step, of what the gates of a layer are functions of: the share of its input and that of its state.
  private mutating func made(
    _ rule: Operator.Recurrent, _ functions: [GateFunction], _ own: [GateSum], _ after: [GateSum],
    _ states: [GateSum]
  ) -> (hidden: GateSum, cell: GateSum?)? {
    func gate(_ sum: GateSum?, _ function: Int) -> GateSum? {
      sum.map { GateSum([number(.function(functions[function], $0))]) }
    }
    func whole(_ index: Int) -> GateSum? { own[index].plus(after[index]) }
    switch rule.function {
    case .simple: return gate(whole(0), 0).map { ($0, nil) }
    case .lstm:
      guard let input = gate(whole(0), 0), let output = gate(whole(1), 0),
        let forget = gate(whole(2), 0), let update = gate(whole(3), 1),
        let kept = forget.times(states[1]), let new = input.times(update),
        let cell = kept.plus(new), let hidden = gate(cell, 2)?.times(output)
      else { return nil }
      return (hidden, cell)
    case .gru:
      guard rule.linearBeforeReset, let update = gate(whole(0), 0), let reset = gate(whole(1), 0),
        let gated = reset.times(after[2]), let new = gate(own[2].plus(gated), 1),
        let lost = update.times(new), let kept = update.times(states[0]),
        let hidden = new.plus(lost, times: -1)?.plus(kept)
      else { return nil }
      return (hidden, nil)
    }
  }
}
