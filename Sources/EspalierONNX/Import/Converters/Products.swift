internal import EspalierGraph

extension Importer {
  /// Products of matrices.
  static let productConverters: [String: Converter] = [
    "MatMul": { importer, node in
      [try importer.product(try importer.required(node, 0), try importer.required(node, 1))]
    },
    "Gemm": { importer, node in [try importer.gemm(node)] },
    "Einsum": { importer, node in [try importer.einsum(node)] },
  ]

  /// The product of matrices as NumPy has it: vectors become matrices and back, leading axes broadcast.
  mutating func product(
    _ left: Operand, _ right: Operand,
    by multiply: (inout Importer, Operand, Operand) throws -> DraftValue = {
      try $0.matrixProduct($1, $2)
    }
  ) throws -> Operand {
    guard left.rank > 0, right.rank > 0 else { throw ImportProblem("it multiplies a scalar") }
    let rows = left.rank == 1 ? try unsqueezed(left, [0]) : left
    let columns = right.rank == 1 ? try unsqueezed(right, [1]) : right
    var result = plain(try multiply(&self, rows, columns), left.element)
    if left.rank == 1 { result = try squeezed(result, [result.rank - 2]) }
    if right.rank == 1 { result = try squeezed(result, [result.rank - 1]) }
    return result
  }

  /// The product of two stacks of matrices; a constant matrix on the right makes a dense layer.
  mutating func matrixProduct(
    _ left: Operand, _ right: Operand
  ) throws -> DraftValue {
    let left = try mapped(left) { importer, value in try importer.draft.narrowed(value) }
    let right = try mapped(right) { importer, value in try importer.draft.narrowed(value) }
    if right.rank == 2, draft.constant(right.value) != nil,
      draft.type(left.value).element == .float32
    {
      return try draft.emit(.dense(.init()), [try plainValue(left), try plainValue(right)])
    }
    let (a, turnsLeft) = try matrices(left)
    let (b, turnsRight) = try matrices(right)
    return try draft.emit(
      .matrixProduct(.init(transposesLeft: turnsLeft, transposesRight: turnsRight)), [a, b])
  }

  /// Matrices, and whether they lie transposed, which the product takes as they are.
  private mutating func matrices(
    _ operand: Operand
  ) throws -> (value: DraftValue, isTransposed: Bool) {
    let rank = operand.rank
    let turned = Array(0..<rank - 2) + [rank - 1, rank - 2]
    if operand.order == turned { return (operand.value, true) }
    return (try plainValue(operand), false)
  }

  /// `α · A · B + β · C`, of which A or B may be transposed.
  mutating func gemm(_ node: ONNXNode) throws -> Operand {
    var (left, right) = (try required(node, 0), try required(node, 1))
    try expectRank(2...2, of: left, "input 0")
    try expectRank(2...2, of: right, "input 1")
    if try flag(node, "transA") { left = turned(left) }
    if try flag(node, "transB") { right = turned(right) }
    let alpha = Double(try number(node, "alpha", default: 1))
    let beta = Double(try number(node, "beta", default: 1))
    if alpha != 1 {
      right = try mapped(right) { importer, value in
        try importer.binary(.multiply, value, number: alpha)
      }
    }
    var result = plain(try matrixProduct(left, right), left.element)
    guard let bias = operand(node, 2), beta != 0 else { return result }
    let term =
      beta == 1
      ? bias
      : try mapped(bias) { importer, value in
        try importer.binary(.multiply, value, number: beta)
      }
    result = try arithmetic(.add, [result, term])
    return result
  }

  /// A matrix seen transposed.
  func turned(_ operand: Operand) -> Operand {
    let rank = operand.rank
    let order = operand.order.map { $0 == rank - 1 ? rank - 2 : $0 == rank - 2 ? rank - 1 : $0 }
    return Operand(value: operand.value, order: order, element: operand.element)
  }
}
