/// `Operator.Range`, whose size is that of the output.
package struct RangeCall: PreparedCall {
  /// Computes the output.
  package func run(_ operands: Operands) {
    let output = operands.output(as: Int64.self)
    for position in output.indices { output[position] = Int64(position) }
  }
}
