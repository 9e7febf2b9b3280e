internal import EspalierGraph

extension Importer {
  /// Recurrent layers.
  static let recurrentConverters: [String: Converter] = [
    "LSTM": { importer, node in try importer.recurrent(node, .lstm) },
    "GRU": { importer, node in try importer.recurrent(node, .gru) },
    "RNN": { importer, node in try importer.recurrent(node, .simple) },
  ]

  /// A recurrent layer; with `weights`, those of inputs and of states, instead of the node's inputs 1 and 2.
  mutating func recurrent(
    _ node: ONNXNode, _ function: Operator.Recurrent.Function,
    weights: (inputs: Operand, states: Operand)? = nil
  ) throws -> [Operand] {
    let weights = try weights ?? (try required(node, 1), try required(node, 2))
    let element = try required(node, 0).element
    try expectRank(3...3, of: try required(node, 0), "input 0")
    let isBatchFirst = try flag(node, "layout")
    // [steps, batch, size], whatever the layout is.
    let input = try value(
      try required(node, 0), order: isBatchFirst ? [1, 0, 2] : [0, 1, 2])
    let direction = try text(node, "direction", default: "forward")
    guard ["forward", "reverse", "bidirectional"].contains(direction) else {
      throw ImportProblem("its direction cannot be \(direction)")
    }
    let directions: [Operator.Recurrent.Direction] =
      direction == "forward"
      ? [.forward] : direction == "reverse" ? [.backward] : [.forward, .backward]
    var sequences: [DraftValue] = []
    var states: [DraftValue] = []
    var cells: [DraftValue] = []
    for (number, direction) in directions.enumerated() {
      let part = Part(number: number, count: directions.count)
      let rule = try rule(node, function, direction, part)
      let all = try draft.emit(
        .recurrent(rule), try operands(node, rule, input, weights, part: part, isBatchFirst))
      let size = draft.type(all).shape[2] / (rule.keepsCell ? 2 : 1)
      let hidden = rule.keepsCell ? try columns(all, from: 0, count: size) : all
      states.append(try last(hidden, direction))
      if rule.keepsCell {
        cells.append(try last(try columns(all, from: size, count: size), direction))
      }
      sequences.append(try masked(hidden, node))
    }
    // [steps, directions, batch, size] and [directions, batch, size].
    let order = isBatchFirst ? [1, 2, 0, 3] : [0, 1, 2, 3]
    let stateOrder = isBatchFirst ? [1, 0, 2] : [0, 1, 2]
    var results = [
      Operand(value: try stacked(sequences, axis: 1), order: order, element: element),
      Operand(value: try stacked(states, axis: 0), order: stateOrder, element: element),
    ]
    if !cells.isEmpty {
      results.append(
        Operand(value: try stacked(cells, axis: 0), order: stateOrder, element: element))
    }
    return results
  }

  private func rule(
    _ node: ONNXNode, _ function: Operator.Recurrent.Function,
    _ direction: Operator.Recurrent.Direction, _ part: Part
  ) throws -> Operator.Recurrent {
    let usual = function.usualActivations
    var activations = usual
    if case .strings(let names)? = node.attribute("activations") {
      guard names.count == usual.count * part.count else {
        throw ImportProblem("its activations are not \(usual.count) for each direction")
      }
      var alphas = (try numbers(node, "activation_alpha") ?? [])[...]
      var betas = (try numbers(node, "activation_beta") ?? [])[...]
      let all = try names.map { try activation("\($0)", &alphas, &betas) }
      activations = Array(all[part.number * usual.count..<(part.number + 1) * usual.count])
    }
    let clip = try self.number(node, "clip", default: .infinity)
    return Operator.Recurrent(
      function, direction: direction, activations: activations,
      clip: clip.isFinite && clip > 0 ? clip : nil, hasLengths: operand(node, 4) != nil,
      keepsCell: function == .lstm && isRead(node, output: 2),
      couplesGates: function == .lstm ? try flag(node, "input_forget") : false,
      linearBeforeReset: function == .gru ? try flag(node, "linear_before_reset") : false)
  }

  /// An activation; those that have parameters take the next ones.
  private func activation(
    _ name: String, _ alphas: inout ArraySlice<Float>, _ betas: inout ArraySlice<Float>
  ) throws -> Operator.Recurrent.Activation {
    typealias Function = Operator.Recurrent.Activation.Function
    let functions: [String: (Function, alpha: Float?, beta: Float?)] = [
      "relu": (.relu, nil, nil), "tanh": (.tanh, nil, nil), "sigmoid": (.sigmoid, nil, nil),
      "softsign": (.softsign, nil, nil), "softplus": (.softplus, nil, nil),
      "leakyrelu": (.leakyRelu, 0.01, nil), "thresholdedrelu": (.thresholdedRelu, 1, nil),
      "elu": (.elu, 1, nil), "hardsigmoid": (.hardSigmoid, 0.2, 0.5),
      "scaledtanh": (.scaledTanh, 1, 1), "affine": (.affine, 1, 0),
    ]
    guard let (function, alpha, beta) = functions[name.lowercased()] else {
      throw ImportProblem(
        "the activation \(Name(name).isPrintable ? name : "with such a name") is not supported")
    }
    return Operator.Recurrent.Activation(
      function, alpha: alpha.map { alphas.popFirst() ?? $0 },
      beta: beta.map { betas.popFirst() ?? $0 })
  }

  /// What the operator reads for one direction.
  private mutating func operands(
    _ node: ONNXNode, _ rule: Operator.Recurrent, _ input: DraftValue,
    _ given: (inputs: Operand, states: Operand), part: Part, _ isBatchFirst: Bool
  ) throws -> [DraftValue] {
    // The document has [directions, gates · size, inputs].
    let weights = try transpose(try one(given.inputs, 1, rank: 3, part), [1, 0])
    let recurrence = try transpose(try one(given.states, 2, rank: 3, part), [1, 0])
    let size = draft.type(recurrence).shape[0]
    let width = size * rule.function.gates
    var values = [input, weights, recurrence]
    if let lengths = operand(node, 4) { values.append(lengths.value) }
    // Biases, states and peepholes: what comes before the last that is there must be there, too.
    var optional: [DraftValue?] = [nil, nil, nil, nil]
    if operand(node, 3) != nil {
      let biases = try one(required(node, 3), 3, rank: 2, part)
      optional[0] = try reshape(biases, to: [[2, width], [2, width]])
    }
    for (place, index) in [(1, 5), (2, 6)] {
      guard let state = operand(node, index) else { continue }
      let plain = try value(state, order: isBatchFirst ? [1, 0, 2] : [0, 1, 2])
      // Models take one state for all rows, documents one for each.
      let (rows, states) = (draft.sizes(input).map { $0[1] }, draft.sizes(plain).map { $0[1] })
      guard rows == states || draft.known(plain) != nil else {
        throw ImportProblem("its input \(index) has \(states[0]) states for \(rows[0]) sequences")
      }
      optional[place] = try one(plain, index, part)
    }
    if operand(node, 7) != nil {
      let peepholes = try one(required(node, 7), 7, rank: 2, part)
      optional[3] = try reshape(peepholes, to: [[3, size], [3, size]])
    }
    let count = (optional.lastIndex { $0 != nil } ?? -1) + 1
    let shapes = [[2, width], [1, size], [1, size]]
    for place in 0..<count {
      values.append(try optional[place] ?? filled([shapes[place]], Constant(0, .float32)))
    }
    return values
  }

  /// What an input has for one direction.
  private mutating func one(
    _ operand: Operand, _ index: Int, rank: Int, _ part: Part
  ) throws -> DraftValue {
    try expectRank(rank...rank, of: operand, "input \(index)")
    return try one(try plainValue(operand), index, part)
  }

  /// One of the first axis, without that axis, which has one for each direction.
  private mutating func one(
    _ value: DraftValue, _ index: Int, _ part: Part
  ) throws -> DraftValue {
    let counts = draft.sizes(value).map { $0[0] }
    guard try fixed(counts, "the first axis of its input \(index)") == part.count else {
      throw ImportProblem(
        "the first axis of its input \(index) is \(counts[0]), but must be \(part.count), one for "
          + "each direction")
    }
    var ranges = Array(repeating: Operator.Slice.Range(), count: draft.rank(value))
    ranges[0] = .init(start: part.number, count: 1)
    let piece = part.count == 1 ? value : try draft.emit(.slice(.init(ranges)), [value])
    return try reshape(piece, to: draft.sizes(piece).map { Array($0.dropFirst()) })
  }

  private mutating func columns(
    _ value: DraftValue, from start: Int, count: Int
  ) throws -> DraftValue {
    try draft.emit(
      .slice(.init([.init(), .init(), .init(start: start, count: count)])), [value])
  }

  /// The state after the last step, `[batch, size]`.
  mutating func last(
    _ value: DraftValue, _ direction: Operator.Recurrent.Direction
  ) throws -> DraftValue {
    let steps = draft.sizes(value).map { $0[0] }
    let piece: DraftValue
    if direction == .backward {
      piece = try draft.emit(
        .slice(.init([.init(start: 0, count: 1), .init(), .init()])), [value])
    } else if steps.allSatisfy({ $0 == steps[0] }) {
      piece = try draft.emit(
        .slice(.init([.init(start: steps[0] - 1, count: 1), .init(), .init()])), [value])
    } else {
      // An index that counts from the end, where the end is open.
      let end = draft.addConstant(Constant([1], [Int64(-1)]))
      piece = try draft.emit(.gather(.init(axis: 0)), [value, end])
    }
    return try reshape(piece, to: draft.sizes(piece).map { Array($0.dropFirst()) })
  }

  /// Zeros after the end of each sequence.
  private mutating func masked(_ value: DraftValue, _ node: ONNXNode) throws -> DraftValue {
    guard let lengths = operand(node, 4) else { return value }
    let steps = try draft.addCounts(draft.sizes(value).map { $0[0] }) { [$0, 1, 1] }
    let ends = try reshape(
      try cast(lengths.value, to: .int64),
      to: draft.sizes(lengths.value).map { $0 + [1] })
    let isInside = try binary(.less, steps, ends)
    return try draft.emit(.select(.init()), [isInside, value, try number(0, like: value)])
  }

  /// Values side by side along a new axis.
  private mutating func stacked(_ values: [DraftValue], axis: Int) throws -> DraftValue {
    var raised: [DraftValue] = []
    for value in values {
      raised.append(
        try reshape(
          value,
          to: draft.sizes(value).map { Array($0[..<axis]) + [1] + Array($0[axis...]) }))
    }
    return raised.count == 1
      ? raised[0] : try draft.emit(.concatenate(.init(axis: axis)), raised)
  }
}

/// One of the directions of a layer.
private struct Part {
  let number: Int
  let count: Int
}
