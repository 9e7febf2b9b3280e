internal import EspalierGraph

/// What an import may still spend on constants that it computes; see `ONNXLimits`.
struct FoldBudget {
  /// Bytes that every byte of a document's own constants adds.
  private static let bytesPerByte = 8

  private var bytes: Int
  private var operations: Int

  init(_ limits: ONNXLimits) {
    bytes = limits.foldedBytes
    operations = limits.foldedOperations
  }

  /// Adds what constants of the document allow for.
  mutating func grant(documentBytes: Int) {
    let (more, overflow) = documentBytes.multipliedReportingOverflow(by: Self.bytesPerByte)
    let (sum, overflows) = bytes.addingReportingOverflow(more)
    bytes = overflow || overflows ? Int.max : sum
  }

  /// Takes what a constant needs before it is made.
  ///
  /// - Parameters:
  ///   - type: its type.
  ///   - operations: what computing it takes besides making its elements.
  mutating func take(_ type: TensorType, operations: Int = 0) throws(ImportProblem) {
    guard let needed = type.checkedByteCount, needed <= bytes else {
      throw .overBudget(
        "its result is a constant of \(type.shape) \(type.element.label), more memory than "
          + "converting may take",
        remedy: "check the sizes that it is given")
    }
    bytes -= needed
    try take(operations: type.shape.elementCount)
    try take(operations: operations)
  }

  /// Takes operations before they are done.
  mutating func take(operations needed: Int) throws(ImportProblem) {
    guard needed <= operations else {
      throw .overBudget(
        "its result is a constant that takes too long to compute while converting",
        remedy: "export the network so that it is computed of an input, or stored"
      )
    }
    operations -= needed
  }
}
