/// Numbers in double precision with a shape, in row-major order.
///
/// The reference operators over it are the definition of each operator: naive loops, slow and
/// obvious. Tests compare the kernels with them.
package struct Tensor: Equatable, Sendable {
  /// Extent of each axis.
  package var shape: [Int]
  /// The numbers, the last axis running fastest.
  package var values: [Double]

  /// Makes a tensor of the given numbers.
  package init(_ shape: [Int], _ values: [Double]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) numbers for \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Makes a tensor by calling `value` with the index of each element, in order.
  package init(_ shape: [Int], _ value: ([Int]) -> Double) {
    self.init(shape, Tensor.indices(of: shape).map(value))
  }

  /// The number at an index, one position per axis.
  package subscript(index: [Int]) -> Double {
    get { values[offset(of: index)] }
    set { values[offset(of: index)] = newValue }
  }

  private func offset(of index: [Int]) -> Int {
    precondition(index.count == shape.count, "index \(index) in \(shape)")
    var offset = 0
    for axis in shape.indices {
      precondition(index[axis] >= 0 && index[axis] < shape[axis], "index \(index) in \(shape)")
      offset = offset * shape[axis] + index[axis]
    }
    return offset
  }

  /// All indices into a shape, in row-major order.
  package static func indices(of shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in
      prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
    }
  }
}
