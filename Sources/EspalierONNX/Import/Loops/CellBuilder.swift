internal import EspalierGraph

/// Puts recurrent layers together out of what a turn of a loop computes.
struct CellBuilder {
  /// What all turns give, `[turns, batch, size]`.
  private struct Track {
    var value: DraftValue
    /// Whether that of the last turn comes first.
    var isBackward: Bool
  }

  /// The most states of loops that are read.
  private static let mostStates = 64

  private let turn: LoopTurn
  private let reader: TurnReader
  /// What factors are in all turns.
  private var tracks: [Int: Track] = [:]
  /// The size of the batch in each world.
  private let batch: [Int]
  /// The states that are read when the loop has ended, or collected.
  private var kept: Set<Int>

  /// The values that depend on the turn.
  var dependents: Set<DraftValue> { reader.dependents }

  /// - Parameter isRead: whether a state of the turn is read after the loop.
  init(
    _ turn: LoopTurn, isRead: (_ state: Int) -> Bool, _ importer: inout Importer
  ) throws {
    guard let main = turn.before.first, importer.draft.rank(main) > 0,
      turn.states.count <= Self.mostStates
    else { throw NoRecurrence() }
    self.turn = turn
    var reader = TurnReader(
      states: zip(turn.before, turn.after).map { (before: $0, after: $1.value) },
      steps: turn.parts, in: importer.draft)
    reader.read(Array(importer.draft.nodes[turn.nodes]), &importer)
    self.reader = reader
    batch = importer.draft.rows(main).map { $0.reduce(1, *) }
    kept = Set(turn.states.indices.filter(isRead))
    for collected in turn.collected {
      guard let sum = reader.sum(of: collected.value, in: importer.draft) else {
        throw NoRecurrence()
      }
      for factor in sum.terms.keys.joined() { kept.formUnion(reader.nextStates(in: factor)) }
    }
    // The cells of an LSTM are given only where something beside its own output reads them.
    for sum in reader.results.values {
      for case .function(_, let gate) in sum.terms.keys.joined().map({ reader[$0] })
      where gate.single == nil {
        for factor in gate.terms.keys.joined() { kept.formUnion(reader.nextStates(in: factor)) }
      }
    }
  }

  /// What the loop gives: its states after the last turn, then what it collects.
  mutating func results(of loop: DocumentLoop, _ importer: inout Importer) throws -> [Operand] {
    try addCells(loop, &importer)
    var results: [Operand] = []
    for (place, state) in loop.states.enumerated() {
      if let known = turn.known[place] {
        results.append(known)
      } else if let index = turn.states.firstIndex(of: place), kept.contains(index) {
        let track = try track(ofState: index, &importer)
        let last = try importer.last(track.value, track.isBackward ? .backward : .forward)
        let shaped = try importer.reshape(last, to: importer.sizes(turn.after[index]))
        results.append(importer.plain(shaped, state.initial.element))
      } else {
        // Nobody reads it.
        results.append(state.initial)
      }
    }
    for (result, rule) in zip(turn.collected, loop.collected) {
      guard let sum = reader.sum(of: result.value, in: importer.draft) else {
        throw NoRecurrence()
      }
      let all = try turned(
        try track(of: sum, &importer), isBackward: rule.isBackward, &importer)
      let sizes = zip(turn.count, importer.sizes(result)).map { [$0] + $1 }
      let axis = try importer.axis(rule.axis, rank: sizes[0].count)
      results.append(
        Operand(
          value: try importer.reshape(all.value, to: sizes),
          order: [axis] + sizes[0].indices.filter { $0 != axis }, element: result.element))
    }
    return results
  }

  // MARK: layers

  /// Makes the layers, each after those that it reads.
  private mutating func addCells(_ loop: DocumentLoop, _ importer: inout Importer) throws {
    let matcher = CellMatcher(reader)
    let cells = turn.states.indices.compactMap { matcher.cell(of: $0, among: turn.states.indices) }
    guard !cells.isEmpty else { throw NoRecurrence() }
    var waiting = cells
    while let index = waiting.firstIndex(where: isReady) {
      try add(waiting.remove(at: index), loop, &importer)
    }
  }

  private func isReady(_ cell: RecurrentCell) -> Bool {
    cell.gates.flatMap(\.inputs).allSatisfy { input in
      input.source.allSatisfy { factor in
        reader.nextStates(in: factor).allSatisfy { tracks[reader.number(next: $0)] != nil }
      }
    }
  }

  private mutating func add(
    _ cell: RecurrentCell, _ loop: DocumentLoop, _ importer: inout Importer
  ) throws {
    guard let size = importer.draft.width(turn.before[cell.hidden]) else { throw NoRecurrence() }
    var sources: [[Int]] = []
    for input in cell.gates.flatMap(\.inputs) where !sources.contains(input.source) {
      sources.append(input.source)
    }
    var parts: [Track] = []
    for source in sources { parts.append(try track(of: GateSum(source), &importer)) }
    let isBackward = !parts.isEmpty && parts.allSatisfy(\.isBackward)
    for index in parts.indices {
      parts[index] = try turned(parts[index], isBackward: isBackward, &importer)
    }
    let input = try joined(parts, &importer)
    var weights: [DraftValue] = []
    for (source, part) in zip(sources, parts) {
      guard let rows = importer.draft.width(part.value) else { throw NoRecurrence() }
      let gates = cell.gates.map { $0.inputs.filter { $0.source == source }.map(\.weight) }
      weights.append(try matrix(gates, rows: rows, columns: size, &importer))
    }
    if weights.isEmpty {
      weights = [try matrix(cell.gates.map { _ in [] }, rows: 1, columns: size, &importer)]
    }
    let recurrence = try matrix(
      cell.gates.map(\.recurrence), rows: size, columns: size, &importer)
    var operands = [input, try importer.joined(weights, axis: 0), recurrence]
    operands += try optionalOperands(cell, loop, size, &importer)
    let keepsCell = cell.cell.map(kept.contains) ?? false
    let rule = Operator.Recurrent(
      cell.function, direction: isBackward ? .backward : .forward,
      activations: cell.activations.map { $0?.activation ?? .init(.affine) },
      keepsCell: keepsCell, couplesGates: cell.couplesGates,
      linearBeforeReset: cell.linearBeforeReset)
    let all = try importer.draft.emit(.recurrent(rule), operands)
    tracks[reader.number(next: cell.hidden)] = Track(
      value: try importer.columns(0..<size, of: all), isBackward: isBackward)
    if let state = cell.cell, keepsCell {
      tracks[reader.number(next: state)] = Track(
        value: try importer.columns(size..<2 * size, of: all), isBackward: isBackward)
    }
  }

  /// Sequences side by side; where there are none, zeros.
  private func joined(_ parts: [Track], _ importer: inout Importer) throws -> DraftValue {
    guard !parts.isEmpty else {
      return try importer.filled(
        zip(turn.count, batch).map { [$0, $1, 1] }, Constant(0, .float32))
    }
    return try importer.joined(parts.map(\.value), axis: 2)
  }

  /// Biases, states and peepholes, as many as there must be.
  private func optionalOperands(
    _ cell: RecurrentCell, _ loop: DocumentLoop, _ size: Int, _ importer: inout Importer
  ) throws -> [DraftValue] {
    let width = size * cell.gates.count
    var optional: [DraftValue?] = [nil, nil, nil, nil]
    if cell.gates.contains(where: { !$0.bias.isEmpty }) || !cell.resetBias.isEmpty {
      let own = try row(cell.gates.map(\.bias), size, &importer)
      let after = cell.gates.indices.map { $0 == 2 ? cell.resetBias : [] }
      optional[0] = try importer.joined([own, try row(after, size, &importer)], axis: 0)
    }
    for (place, state) in [(1, cell.hidden), (2, cell.cell)] {
      guard let state else { continue }
      let initial = try importer.plainValue(loop.states[turn.states[state]].initial)
      let isZero = importer.draft.known(initial)?.allSatisfy { $0.holdsOnly(0) } ?? false
      if !isZero { optional[place] = try importer.reshape(initial, to: batch.map { [$0, size] }) }
    }
    if cell.gates.contains(where: { !$0.peepholes.isEmpty }) {
      let rows = try cell.gates.prefix(3).map { gate in
        try row([gate.peepholes.map { ($0.vector, $0.share) }], size, &importer)
      }
      optional[3] = try importer.joined(rows, axis: 0)
    }
    let count = (optional.lastIndex { $0 != nil } ?? -1) + 1
    let shapes = [[2, width], [1, size], [1, size], [3, size]]
    var values: [DraftValue] = []
    for place in 0..<count {
      values.append(try optional[place] ?? importer.zeros(shapes[place]))
    }
    return values
  }

  /// For each gate the sum of what a source is multiplied by, side by side.
  private func matrix(
    _ gates: [[RecurrentCell.Weight]], rows: Int, columns: Int, _ importer: inout Importer
  ) throws -> DraftValue {
    var parts: [DraftValue] = []
    for weights in gates {
      var sum: DraftValue?
      for weight in weights {
        var matrix = try weight.matrix ?? importer.identity(rows, columns: weight.columns)
        if weight.share != 1 {
          matrix = try importer.binary(.multiply, matrix, number: weight.share)
        }
        sum = try sum.map { try importer.binary(.add, $0, matrix) } ?? matrix
      }
      parts.append(try sum ?? importer.zeros([rows, columns]))
    }
    return try importer.joined(parts, axis: 1)
  }

  /// For each gate the sum of its vectors, side by side as a matrix of one row.
  private func row(
    _ gates: [[(vector: DraftValue?, share: Double)]], _ size: Int, _ importer: inout Importer
  ) throws -> DraftValue {
    var parts: [DraftValue] = []
    for bias in gates {
      var sum = try importer.zeros([1, size])
      for (vector, share) in bias {
        if let vector {
          let row = try importer.row(vector)
          sum = try importer.binary(
            .add, sum, share == 1 ? row : try importer.binary(.multiply, row, number: share))
        } else {
          sum = try importer.binary(.add, sum, number: share)
        }
      }
      parts.append(sum)
    }
    return try importer.joined(parts, axis: 1)
  }

  // MARK: what all turns give

  /// A state after each turn.
  private mutating func track(
    ofState index: Int, _ importer: inout Importer
  ) throws -> Track {
    guard let sum = reader.sum(of: turn.after[index].value, in: importer.draft) else {
      throw NoRecurrence()
    }
    guard case .next(let state)? = sum.single.map({ reader[$0] }),
      tracks[reader.number(next: state)] == nil, let made = reader.results[state]
    else { return try track(of: sum, &importer) }
    return try track(of: made, &importer)
  }

  private mutating func track(of sum: GateSum, _ importer: inout Importer) throws -> Track {
    var result: Track?
    var numbers: [(vector: DraftValue?, share: Double)] = []
    for (factors, share) in sum.ordered {
      guard var term = try track(ofProduct: factors, &importer) else {
        guard factors.count < 2 else { throw NoRecurrence() }
        numbers.append((try factors.first.map { try vector($0, &importer) }, share))
        continue
      }
      if share != 1 { term.value = try importer.binary(.multiply, term.value, number: share) }
      result = try result.map { try combined(.add, $0, term, &importer) } ?? term
    }
    guard var result else { throw NoRecurrence() }
    for (vector, share) in numbers {
      guard let vector else {
        result.value = try importer.binary(.add, result.value, number: share)
        continue
      }
      let term = share == 1 ? vector : try importer.binary(.multiply, vector, number: share)
      result.value = try importer.binary(.add, result.value, term)
    }
    return result
  }

  /// Nil when all of it is the same in every turn.
  private mutating func track(
    ofProduct factors: [Int], _ importer: inout Importer
  ) throws -> Track? {
    var result: Track?
    var vectors: [DraftValue] = []
    for factor in factors {
      if case .given = reader[factor] {
        vectors.append(try vector(factor, &importer))
      } else {
        let next = try track(ofFactor: factor, &importer)
        result = try result.map { try combined(.multiply, $0, next, &importer) } ?? next
      }
    }
    guard var track = result else { return nil }
    for vector in vectors {
      track.value = try importer.binary(.multiply, track.value, vector)
    }
    return track
  }

  /// What is given, to be added to sequences.
  private func vector(_ factor: Int, _ importer: inout Importer) throws -> DraftValue {
    guard case .given(let value) = reader[factor], let width = importer.draft.width(value) else {
      throw NoRecurrence()
    }
    let rows = importer.draft.rows(value)
    if rows.allSatisfy(\.isEmpty) { return try importer.row(value) }
    guard rows.map({ $0.reduce(1, *) }) == batch else { throw NoRecurrence() }
    return try importer.reshape(value, to: batch.map { [$0, width] })
  }

  private mutating func track(ofFactor factor: Int, _ importer: inout Importer) throws -> Track {
    if let known = tracks[factor] { return known }
    let result: Track
    switch reader[factor] {
    case .state, .next, .given: throw NoRecurrence()
    case .step(let step): result = try track(ofStep: step, &importer)
    case .columns(let base, let range):
      let whole = try track(ofFactor: base, &importer)
      result = Track(
        value: try importer.columns(range, of: whole.value), isBackward: whole.isBackward)
    case .product(let source, let matrix):
      let rows = try track(of: GateSum(source), &importer)
      let value = try importer.matrixProduct(
        importer.plain(rows.value, .float32), importer.plain(matrix, .float32))
      result = Track(value: value, isBackward: rows.isBackward)
    case .function(let function, let sum):
      guard let layer = function.layer else { throw NoRecurrence() }
      let operand = try track(of: sum, &importer)
      result = Track(
        value: try importer.draft.emit(.unary(layer), [operand.value]),
        isBackward: operand.isBackward)
    }
    tracks[factor] = result
    return result
  }

  /// The sequence that the turns read, in the order in which it lies.
  private func track(ofStep index: Int, _ importer: inout Importer) throws -> Track {
    let step = turn.steps[index]
    let part = try importer.parts(of: step, count: turn.count)
    let others = (0..<part.rank).filter { $0 != step.axis }
    let value = try importer.value(part, order: [step.axis] + others)
    guard let width = importer.draft.width(turn.parts[index]) else { throw NoRecurrence() }
    return Track(
      value: try importer.reshape(value, to: zip(turn.count, batch).map { [$0, $1, width] }),
      isBackward: step.isBackward)
  }

  private func combined(
    _ function: Operator.Binary.Function, _ left: Track, _ right: Track,
    _ importer: inout Importer
  ) throws -> Track {
    let right = try turned(right, isBackward: left.isBackward, &importer)
    return Track(
      value: try importer.binary(function, left.value, right.value), isBackward: left.isBackward)
  }

  /// A sequence with that of the last turn first, or last.
  private func turned(
    _ track: Track, isBackward: Bool, _ importer: inout Importer
  ) throws -> Track {
    guard track.isBackward != isBackward else { return track }
    return Track(
      value: try importer.reversed(track.value, axis: 0), isBackward: isBackward)
  }
}

extension Importer {
  /// Values one behind the other along an axis; one alone as it is.
  fileprivate mutating func joined(_ values: [DraftValue], axis: Int) throws -> DraftValue {
    values.count == 1 ? values[0] : try draft.emit(.concatenate(.init(axis: axis)), values)
  }

  fileprivate mutating func zeros(_ sizes: [Int]) throws -> DraftValue {
    try filled([sizes, sizes, sizes], Constant(0, .float32))
  }

  /// Some columns of the identity.
  fileprivate mutating func identity(_ rows: Int, columns: Range<Int>?) throws -> DraftValue {
    let columns = columns ?? 0..<rows
    let type = TensorType(.float32, [rows, columns.count])
    try draft.budget.take(type)
    var numbers = [Float](repeating: 0, count: type.shape.elementCount)
    for (place, column) in columns.enumerated() { numbers[column * columns.count + place] = 1 }
    return draft.addConstant(Constant([rows, columns.count], numbers))
  }
}
