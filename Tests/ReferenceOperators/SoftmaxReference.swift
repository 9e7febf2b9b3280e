#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Tensor {
  /// The softmax over the last axis.
  package func softmax() -> Tensor {
    let columns = shape[shape.count - 1]
    var result = self
    for start in stride(from: 0, to: values.count, by: max(1, columns)) {
      let row = values[start..<start + columns]
      let largest = row.max() ?? 0
      let powers = row.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      for column in 0..<columns { result.values[start + column] = powers[column] / sum }
    }
    return result
  }

  /// The logarithm of the softmax over the last axis.
  package func logSoftmax() -> Tensor {
    let columns = shape[shape.count - 1]
    var result = self
    for start in stride(from: 0, to: values.count, by: max(1, columns)) {
      let row = values[start..<start + columns]
      let largest = row.max() ?? 0
      let logarithm = log(row.reduce(0) { $0 + exp($1 - largest) })
      for index in row.indices { result.values[index] -= largest + logarithm }
    }
    return result
  }
}
