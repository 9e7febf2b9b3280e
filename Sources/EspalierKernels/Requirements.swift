// What operators demand of their callers. A violation is a mistake in the program, so it stops it,
// with the numbers that do not fit.

/// Stops the program unless an operand has as many numbers as its shape says.
@inline(__always)
func requireCount(_ count: Int, _ expected: Int, _ operand: StaticString) {
  precondition(count == expected, "\(operand) has \(count) numbers instead of \(expected)")
}

/// Stops the program unless an operand has the numbers of a matrix.
@inline(__always)
func requireMatrix(_ count: Int, _ rows: Int, _ columns: Int, _ operand: StaticString) {
  precondition(
    rows >= 0 && columns >= 0 && count == rows * columns,
    "\(operand) has \(count) numbers instead of [\(rows), \(columns)]")
}

/// Stops the program unless an operand reaches as far as the last element of a strided matrix.
func requireReach(
  _ count: Int, _ rows: Int, _ rowStride: Int, _ columns: Int, _ columnStride: Int,
  _ operand: StaticString
) {
  precondition(
    rowStride >= 0 && columnStride >= 0,
    "\(operand) has the strides \(rowStride) and \(columnStride)")
  guard rows > 0 && columns > 0 else { return }
  let reach = (rows - 1) * rowStride + (columns - 1) * columnStride + 1
  precondition(
    count >= reach,
    "\(operand) has \(count) numbers, but [\(rows), \(columns)] reaches as far as \(reach)")
}
