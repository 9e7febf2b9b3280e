internal import EspalierGraph

extension Operator.Pooling {
  /// The pooling rounding down where that gives the same sizes, which are fixed but for the batch.
  ///
  /// The shape inference of ONNX counts a last window that begins in the padding, which nothing computes.
  ///
  /// - Parameter types: the input's type in each world.
  func roundedAsNeeded(_ types: [TensorType]) -> Self {
    let isFixed = types.allSatisfy {
      $0.shape.sizes.dropFirst() == types[0].shape.sizes.dropFirst()
    }
    guard roundsUp, isFixed else { return self }
    let down = Self(function, window: window, countsPadding: countsPadding, power: power)
    guard let type = try? outputType(of: [types[0]]),
      type == (try? down.outputType(of: [types[0]]))
    else { return self }
    return down
  }
}
