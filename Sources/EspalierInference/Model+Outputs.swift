public import EspalierArrays
public import EspalierGraph
public import EspalierRuntime

/// An output of a head for all rows of its inputs.
public struct HeadOutput: Sendable {
  /// The head.
  public let head: Name
  /// The output, with its name in the head.
  public let tensor: NamedTensor
}

extension Model {
  /// What heads give for arrays of any number of rows.
  ///
  /// Rows run in pieces where inputs and outputs have the batch as their first axis, and all at once elsewhere.
  ///
  /// - Parameters:
  ///   - heads: the heads whose outputs are wanted.
  ///   - progress: is told how many of how many rows are done.
  /// - Returns: the outputs, head by head in the order asked for.
  /// - Throws: `RuntimeError` when the model does not fit the sizes, or its tensors the memory.
  public func outputs(
    of heads: [Name], for inputs: InputArrays,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(RuntimeError) -> [HeadOutput] {
    let total = inputs.rowCount ?? 1
    let isRowwise = isRowwise(heads, inputs)
    if isRowwise && total == 0 { return try emptyOutputs(of: heads, for: inputs) }
    var pieces = OutputPieces()
    var done = 0
    var limit = isRowwise ? Pieces.rows : total
    repeat {
      limit = min(limit, total - done)
      var session = try session(heads, inputs, rows: &limit, mayLower: isRowwise)
      repeat {
        try session.set(inputs, rows: done..<done + limit)
        try session.run()
        pieces.append(session)
        done += limit
        progress(done, total)
      } while done + limit <= total
    } while done < total
    return pieces.joined(rows: isRowwise ? total : nil)
  }

  /// Whether the rows of every input and output can be taken apart.
  private func isRowwise(_ heads: [Name], _ inputs: InputArrays) -> Bool {
    func shapes(_ rows: Int) -> [Shape]? {
      let plan = try? Plan(
        self, heads: heads, sizes: inputs.sizes(rows: rows), memoryBudget: Int.max)
      return plan?.outputs.map(\.shape)
    }
    guard inputs.areRowwise, let two = shapes(2), let three = shapes(3) else { return false }
    return zip(two, three).allSatisfy { two, three in
      two.sizes.first == 2 && three.sizes.first == 3
        && two.sizes.dropFirst() == three.sizes.dropFirst()
    }
  }

  /// The outputs when there are no rows.
  private func emptyOutputs(
    of heads: [Name], for inputs: InputArrays
  ) throws(RuntimeError) -> [HeadOutput] {
    let plan = try Plan(self, heads: heads, sizes: inputs.sizes(rows: 1), memoryBudget: Int.max)
    return plan.outputs.map { output in
      let type = TensorType(output.element, Shape([0] + output.shape.sizes.dropFirst()))
      return HeadOutput(
        head: output.head, tensor: NamedTensor(name: output.name, type: type, bytes: []))
    }
  }

  /// A session for a number of rows, which is halved, where it may be, until the tensors fit the usual memory.
  private func session(
    _ heads: [Name], _ inputs: InputArrays, rows: inout Int, mayLower: Bool
  ) throws(RuntimeError) -> Session {
    while true {
      let isLeast = !mayLower || rows == 1
      do throws(RuntimeError) {
        return try Session(
          self, heads: heads, sizes: inputs.sizes(rows: rows),
          memoryBudget: isLeast ? Pieces.mostBytes : Pieces.usualBytes)
      } catch {
        guard case .outOfMemory = error, !isLeast else { throw error }
        rows /= 2
      }
    }
  }
}

/// How much runs at once.
private enum Pieces {
  /// The rows when there are more.
  static let rows = 64
  /// The bytes of tensors that several rows keep to.
  static let usualBytes = 1 << 30
  /// The bytes of tensors that one row, or rows that cannot be taken apart, may take.
  static let mostBytes = 1 << 34
}

/// The outputs of one run after the other.
private struct OutputPieces {
  private var outputs: [PlannedOutput] = []
  private var bytes: [[UInt8]] = []

  /// Appends what a session computed last.
  mutating func append(_ session: borrowing Session) {
    outputs = session.plan.outputs
    if bytes.isEmpty { bytes = outputs.map { _ in [] } }
    for (index, output) in outputs.enumerated() {
      let piece = session.bytes(of: output)
      piece.withUnsafeBytes { bytes[index].append(contentsOf: $0) }
    }
  }

  /// The pieces of each output as one tensor.
  ///
  /// - Parameter rows: the size of the first axis; nil when there was one run.
  func joined(rows: Int?) -> [HeadOutput] {
    zip(outputs, bytes).map { output, bytes in
      let sizes = rows.map { [$0] + output.shape.sizes.dropFirst() } ?? output.shape.sizes
      let type = TensorType(output.element, Shape(sizes))
      return HeadOutput(
        head: output.head, tensor: NamedTensor(name: output.name, type: type, bytes: bytes))
    }
  }
}

extension Session {
  /// Gives every input some rows of its array, or all of it where the batch is not its first axis.
  fileprivate mutating func set(
    _ arrays: InputArrays, rows: Range<Int>
  ) throws(RuntimeError) {
    for (input, tensor) in zip(arrays.inputs, arrays.tensors) {
      var range = 0..<tensor.byteCount
      if input.dimensions.first?.isBatch == true {
        let rowBytes = tensor.byteCount / max(tensor.shape[0], 1)
        range = rows.lowerBound * rowBytes..<rows.upperBound * rowBytes
      }
      let start = tensor.byteOffset
      let bytes = tensor.storage.bytes.extracting(
        start + range.lowerBound..<start + range.upperBound)
      try setInput(input.name, element: input.element, bytes: bytes)
    }
  }
}
