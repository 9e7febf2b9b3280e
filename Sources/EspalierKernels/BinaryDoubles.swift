internal import CEspalierKernels

/// Computes `output = function(left, right)` of doubles with NumPy's broadcasting, as for floats.
package func binary(
  _ function: BinaryKernel, _ left: Span<Double>, _ right: Span<Double>, _ walk: BroadcastWalk<2>,
  output: inout MutableSpan<Double>
) {
  switch function {
  case .add: walk.map(left, right, output: &output) { $0 + $1 }
  case .subtract: walk.map(left, right, output: &output) { $0 - $1 }
  case .multiply: walk.map(left, right, output: &output) { $0 * $1 }
  case .divide: walk.map(left, right, output: &output) { $0 / $1 }
  case .minimum: walk.map(left, right, output: &output) { $0.isNaN || $0 < $1 ? $0 : $1 }
  case .maximum: walk.map(left, right, output: &output) { $0.isNaN || $0 > $1 ? $0 : $1 }
  case .power: walk.map(left, right, output: &output) { espalier_power_of($0, $1) }
  case .modulo:
    walk.map(left, right, output: &output) { left, right in
      let rest = espalier_remainder_of(left, right)
      return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
    }
  case .remainder: walk.map(left, right, output: &output) { espalier_remainder_of($0, $1) }
  case .prelu: walk.map(left, right, output: &output) { $0 < 0 ? $0 * $1 : $0 }
  }
}

/// Computes whether the relation holds between doubles, as 1 or 0, with NumPy's broadcasting.
package func compare(
  _ relation: ComparisonKernel, _ left: Span<Double>, _ right: Span<Double>,
  _ walk: BroadcastWalk<2>, output: inout MutableSpan<UInt8>
) {
  compareElements(relation, left, right, walk, output: &output)
}
