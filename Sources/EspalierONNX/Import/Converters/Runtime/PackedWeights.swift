internal import EspalierGraph

/// Weights of a few bits, several of them in a byte, in blocks that have a scale and a zero point each.
extension Importer {
  /// `MatMulNBits`: a product with packed weights `[columns, blocks, bytes]`, which are unpacked while importing.
  mutating func packedProduct(_ node: ONNXNode) throws -> Operand {
    let packed = try PackedShape(
      columns: try requiredSize(node, "N"), rows: try requiredSize(node, "K"),
      bits: try integer(node, "bits", default: 4), block: try requiredSize(node, "block_size"))
    guard operand(node, 4) == nil else {
      throw ImportProblem("its input \(node.inputs[4]) orders the weights anew")
    }
    guard try integer(node, "weight_prepacked", default: 0) == 0 else {
      throw ImportProblem("its weights are packed for one processor")
    }
    let weights = try unpacked(node, packed)
    let value = draft.addConstant(
      Constant([packed.columns, packed.rows], weights), name: node.inputs[1])
    let product = try product(try required(node, 0), turned(plain(value, .float32)))
    return try sum(product, operand(node, 5))
  }

  /// The numbers that packed weights stand for, `[columns, rows]`.
  private mutating func unpacked(_ node: ONNXNode, _ packed: PackedShape) throws -> [Float] {
    try draft.budget.take(TensorType(.float32, [packed.columns, packed.rows]))
    let codes = try bytes(node, 1, count: packed.byteCount)
    let scales = try floats(node, 2, count: packed.columns * packed.blocks)
    var zeros = [Float](
      repeating: Float(1 << (packed.bits - 1)), count: packed.columns * packed.blocks)
    if let zero = operand(node, 3) {
      if zero.element == .uint8 {
        let row = packed.byteCount(of: packed.blocks)
        let bytes = try bytes(node, 3, count: packed.columns * row)
        for index in zeros.indices {
          let (column, block) = (index / packed.blocks, index % packed.blocks)
          zeros[index] = Float(packed.code(block, in: bytes, from: column * row))
        }
      } else {
        zeros = try floats(node, 3, count: packed.columns * packed.blocks)
      }
    }
    var result: [Float] = []
    result.reserveCapacity(packed.columns * packed.rows)
    for column in 0..<packed.columns {
      for row in 0..<packed.rows {
        let block = column * packed.blocks + row / packed.block
        let code = packed.code(row % packed.block, in: codes, from: block * packed.blockBytes)
        result.append((Float(code) - zeros[block]) * scales[block])
      }
    }
    return result
  }

  /// The bytes of a constant.
  private func bytes(_ node: ONNXNode, _ index: Int, count: Int) throws -> [UInt8] {
    guard let constant = draft.constant(try required(node, index).value),
      constant.type.element == .uint8
    else { throw ImportProblem("its input \(index) is not a constant of bytes") }
    guard constant.count == count else {
      throw ImportProblem("its input \(index) has \(constant.count) bytes, but must have \(count)")
    }
    return constant.storage.withUnsafeBytes { Array($0.prefix(count)) }
  }

  /// The numbers of a constant.
  private func floats(_ node: ONNXNode, _ index: Int, count: Int) throws -> [Float] {
    guard let constant = draft.constant(try required(node, index).value),
      constant.type.element == .float32
    else { throw ImportProblem("its input \(index) is not a constant of numbers") }
    guard constant.count == count else {
      throw ImportProblem(
        "its input \(index) has \(constant.count) numbers, but must have \(count)")
    }
    return constant.parameter.values
  }
}

/// How packed weights lie.
private struct PackedShape {
  let columns: Int
  let rows: Int
  let bits: Int
  /// The rows of a block.
  let block: Int
  let blocks: Int
  let blockBytes: Int
  let byteCount: Int

  init(columns: Int, rows: Int, bits: Int, block: Int) throws {
    guard [2, 4, 8].contains(bits) else { throw ImportProblem("its bits cannot be \(bits)") }
    guard block % (8 / bits) == 0 else { throw ImportProblem("its block_size cannot be \(block)") }
    self.columns = columns
    self.rows = rows
    self.bits = bits
    self.block = block
    blocks = (rows - 1) / block + 1
    blockBytes = block / (8 / bits)
    guard let count = Shape([columns, blocks, blockBytes]).checkedElementCount,
      Shape([columns, rows]).checkedElementCount != nil
    else { throw ImportProblem("its weights are too large") }
    byteCount = count
  }

  /// The bytes of codes that follow one another.
  func byteCount(of codes: Int) -> Int { (codes - 1) / (8 / bits) + 1 }

  /// A code of those that begin at a byte, the first in the lowest bits.
  func code(_ index: Int, in bytes: [UInt8], from start: Int) -> Int {
    let each = 8 / bits
    let byte = Int(bytes[start + index / each])
    return byte >> (index % each * bits) & ((1 << bits) - 1)
  }
}
