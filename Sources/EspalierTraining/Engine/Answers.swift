internal import EspalierData
import EspalierGraph
import EspalierKernels

extension Task {
  /// Turns the outputs of a head's last layer into probabilities, or into values in the target's unit.
  func answers(
    for outputs: Span<Float>, _ standardization: Standardization?,
    into answers: inout MutableSpan<Float>
  ) {
    switch self {
    case .classification(let labels):
      softmax(
        outputs, output: &answers, rows: outputs.count / labels.count, columns: labels.count)
    case .binary:
      unary(.sigmoid, outputs, output: &answers)
    case .regression:
      let scale = Float(standardization?.deviation ?? 1)
      let offset = Float(standardization?.mean ?? 0)
      for index in 0..<outputs.count { answers[index] = outputs[index] * scale + offset }
    }
  }
}
