import EspalierGraph
import EspalierKernels

/// `Operator.OneHot`.
package struct OneHotCall: PreparedCall {
  private let outer: Int
  private let size: Int
  private let inner: Int
  private let indexElement: ElementType

  init(_ rule: Operator.OneHot, _ inputs: [TensorType]) {
    let sizes = inputs[0].shape.sizes
    outer = sizes[..<rule.axis].reduce(1, *)
    size = rule.size
    inner = sizes[rule.axis...].reduce(1, *)
    indexElement = inputs[0].element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    var result = operands.output(as: UInt8.self).mutableSpan
    oneHot(
      operands.indices(0, indexElement), outer: outer, size: size, inner: inner, output: &result)
  }
}
