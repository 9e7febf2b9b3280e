internal import EspalierGraph

extension Importer {
  /// A sum of products over letters that name axes, as products of matrices, two operands at a time.
  mutating func einsum(_ node: ONNXNode) throws -> Operand {
    guard node.inputs.count <= 64 else {
      throw ImportProblem("a product of \(node.inputs.count) inputs is not supported")
    }
    var operands: [Operand] = []
    for index in node.inputs.indices { operands.append(try required(node, index)) }
    let equation = try text(node, "equation", default: "").filter { $0 != " " }
    let terms = try EinsumTerms(equation, ranks: operands.map(\.rank))
    var factors: [Factor] = []
    for (operand, letters) in zip(operands, terms.inputs) {
      factors.append(try diagonal(Factor(value: operand, letters: letters)))
    }
    while factors.count > 1 {
      let (left, right) = (factors.removeFirst(), factors.removeFirst())
      let kept = Set(terms.output + factors.flatMap(\.letters))
      factors.insert(try contracted(left, right, keeping: kept), at: 0)
    }
    let result = try summed(factors[0], keeping: Set(terms.output))
    let order = result.value.order.map { terms.output.firstIndex(of: result.letters[$0]) ?? 0 }
    return Operand(value: result.value.value, order: order, element: operands[0].element)
  }

  private struct Factor {
    let value: Operand
    let letters: [Character]
  }

  /// Of axes that bear one letter only the elements of equal indices.
  private mutating func diagonal(_ factor: Factor) throws -> Factor {
    guard let (first, second) = repeated(factor.letters) else { return factor }
    let value = try plainValue(factor.value)
    let sizes = draft.sizes(value)
    for size in sizes { try draft.budget.take(TensorType(.float32, [size[first], size[first]])) }
    // Multiplied by the unit matrix along both axes, then summed over the second.
    let worlds = sizes.map { size -> Constant in
      let count = size[first]
      var shape = size.map { _ in 1 }
      shape[first] = count
      shape[second] = count
      return Constant(
        shape, (0..<count).flatMap { i in (0..<count).map { Float($0 == i ? 1 : 0) } })
    }
    let masked = try binary(.multiply, value, draft.addKnown(worlds))
    let sum = try reduce(.sum, plain(masked, factor.value.element), axes: [second])
    var letters = factor.letters
    letters.remove(at: second)
    return try diagonal(Factor(value: try squeezed(sum, [second]), letters: letters))
  }

  private func repeated(_ letters: [Character]) -> (Int, Int)? {
    for (index, letter) in letters.enumerated() {
      if let first = letters[..<index].firstIndex(of: letter) { return (first, index) }
    }
    return nil
  }

  /// Sums over the axes of letters that nobody needs.
  private mutating func summed(
    _ factor: Factor, keeping kept: Set<Character>
  ) throws -> Factor {
    let gone = factor.letters.indices.filter { !kept.contains(factor.letters[$0]) }
    guard !gone.isEmpty else { return factor }
    let sum = try reduce(.sum, factor.value, axes: gone)
    return Factor(
      value: try squeezed(sum, gone),
      letters: factor.letters.filter { kept.contains($0) })
  }

  /// The product of two factors, summed over letters that only they have.
  private mutating func contracted(
    _ first: Factor, _ second: Factor, keeping kept: Set<Character>
  ) throws -> Factor {
    let left = try summed(first, keeping: kept.union(second.letters))
    let right = try summed(second, keeping: kept.union(left.letters))
    let shared = left.letters.filter { right.letters.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let inner = shared.filter { !kept.contains($0) }
    let rows = left.letters.filter { !shared.contains($0) }
    let columns = right.letters.filter { !shared.contains($0) }
    let (a, leftSizes) = try stacked(left, [batch, rows, inner])
    let (b, rightSizes) = try stacked(right, [batch, inner, columns])
    let product = try draft.emit(.matrixProduct(.init()), [a, b])
    let sizes = zip(leftSizes, rightSizes).map { left, right in
      (batch + rows).map { left[$0] ?? 1 } + columns.map { right[$0] ?? 1 }
    }
    let result = try reshape(product, to: sizes)
    return Factor(
      value: plain(result, left.value.element), letters: batch + rows + columns)
  }

  /// A factor with its axes in three groups, each group one axis; also the size of each letter in each world.
  private mutating func stacked(
    _ factor: Factor, _ groups: [[Character]]
  ) throws -> (DraftValue, [[Character: Int]]) {
    let permutation = groups.joined().map { factor.letters.firstIndex(of: $0) ?? 0 }
    let value = try value(factor.value, order: permutation)
    let letters = Array(groups.joined())
    let sizes = draft.sizes(value).map { sizes in
      Dictionary(zip(letters, sizes), uniquingKeysWith: { first, _ in first })
    }
    let target = sizes.map { sizes in
      groups.map { $0.reduce(1) { $0 * (sizes[$1] ?? 1) } }
    }
    return (try reshape(value, to: target), sizes)
  }
}

/// The letters of an equation, one for each axis of each operand; an ellipsis stands for as many as are left.
private struct EinsumTerms {
  let inputs: [[Character]]
  let output: [Character]

  init(_ equation: String, ranks: [Int]) throws {
    let sides = equation.replacing("->", with: ">").split(
      separator: ">", omittingEmptySubsequences: false)
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == ranks.count, sides.count <= 2 else {
      throw ImportProblem("its equation \(equation) does not fit its inputs")
    }
    // Letters of an ellipsis: digits, counted from the last axis.
    let most =
      zip(terms, ranks).map { term, rank in
        term.contains("...") ? rank - (term.count - 3) : 0
      }.max() ?? 0
    guard most <= 8 else { throw ImportProblem("its equation \(equation) does not fit its inputs") }
    func letters(_ term: Substring, hidden: Int) -> [Character] {
      let digits = "01234567".suffix(hidden)
      return Array(term.replacing("...", with: digits))
    }
    var inputs: [[Character]] = []
    for (term, rank) in zip(terms, ranks) {
      let hidden = term.contains("...") ? rank - (term.count - 3) : 0
      let letters = letters(term, hidden: max(hidden, 0))
      guard letters.count == rank, hidden >= 0 else {
        throw ImportProblem("its equation \(equation) does not fit its inputs")
      }
      inputs.append(letters)
    }
    self.inputs = inputs
    let all = inputs.flatMap { $0 }
    if sides.count == 2 {
      output = letters(sides[1], hidden: most)
    } else {
      let once = Set(all).filter { letter in all.count { $0 == letter } == 1 && !letter.isNumber }
      output = letters("...", hidden: most) + once.sorted()
    }
    guard output.allSatisfy(all.contains), Set(output).count == output.count else {
      throw ImportProblem("its equation \(equation) has an output that is not in its inputs")
    }
  }
}
