import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct BinaryTests {
  static let functions: [(BinaryKernel, BinaryReference)] = [
    (.add, .add), (.subtract, .subtract), (.multiply, .multiply), (.divide, .divide),
    (.minimum, .minimum), (.maximum, .maximum), (.prelu, .prelu), (.remainder, .remainder),
  ]

  private func apply(
    _ function: BinaryKernel, _ left: [Float], _ leftShape: [Int], _ right: [Float],
    _ rightShape: [Int], _ shape: [Int], _ kernels: Kernels
  ) -> Operand {
    let (left, right) = (Operand(left), Operand(right))
    let output = Operand(count: shape.reduce(1, *))
    var result = output.buffer.mutableSpan
    binary(
      function, left.buffer.span, right.buffer.span,
      BroadcastWalk([leftShape, rightShape], to: shape),
      output: &result, using: kernels)
    return output
  }

  /// Every pair of shapes of rank 3 at most with extents 1 or 3 that broadcasts.
  @Test(arguments: variants, functions) func broadcastsLikeReference(
    kernels: Kernels, function: (kernel: BinaryKernel, reference: BinaryReference)
  ) {
    let shapes: [[Int]] = (0...3).flatMap { rank in
      Tensor.indices(of: Array(repeating: 2, count: rank)).map { $0.map { $0 == 0 ? 1 : 3 } }
    }
    var numbers = Numbers(seed: 30)
    for leftShape in shapes {
      for rightShape in shapes {
        guard let shape = Tensor.broadcastShape(leftShape, rightShape) else { continue }
        check(function, leftShape, rightShape, shape, &numbers, kernels)
      }
    }
  }

  @Test(arguments: variants, functions) func handlesRunsAroundVectorEdges(
    kernels: Kernels, function: (kernel: BinaryKernel, reference: BinaryReference)
  ) {
    var numbers = Numbers(seed: 31)
    for count in [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49] {
      check(function, [count], [count], [count], &numbers, kernels)
      check(function, [count], [], [count], &numbers, kernels)
      check(function, [1], [count], [count], &numbers, kernels)
      check(function, [2, count], [count], [2, count], &numbers, kernels)
      check(function, [2, 1], [count], [2, count], &numbers, kernels)
    }
  }

  @Test(arguments: variants) func walksManyAxesAndEmptyOnes(kernels: Kernels) {
    var numbers = Numbers(seed: 32)
    let cases: [([Int], [Int])] = [
      ([2, 1, 2, 1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 2, 1, 2]),
      ([2, 3, 1, 1, 2, 2], [3, 4, 1, 2, 2]),
      ([4, 1, 3], [4, 5, 1]), ([0, 3], [3]), ([2, 0], [1]), ([1, 1], [1, 1, 1]),
      ([2, 3, 4, 5], [1, 3, 1, 1]),
    ]
    for (leftShape, rightShape) in cases {
      guard let shape = Tensor.broadcastShape(leftShape, rightShape) else {
        Issue.record("\(leftShape) and \(rightShape) do not broadcast")
        continue
      }
      check((.subtract, .subtract), leftShape, rightShape, shape, &numbers, kernels)
    }
  }

  private func check(
    _ function: (kernel: BinaryKernel, reference: BinaryReference), _ leftShape: [Int],
    _ rightShape: [Int], _ shape: [Int], _ numbers: inout Numbers, _ kernels: Kernels
  ) {
    let left = numbers.real(leftShape.reduce(1, *))
    let right = numbers.real(rightShape.reduce(1, *))
    let output = apply(function.kernel, left, leftShape, right, rightShape, shape, kernels)
    let expected = Tensor(leftShape, left).binary(function.reference, Tensor(rightShape, right))
    // One operation on exact inputs is correctly rounded: the rounded reference is the result.
    let rounded = expected.values.map { Double(Float($0)) }
    let difference = firstDifference(output.values, rounded)
    #expect(difference == nil, "\(function.kernel) of \(leftShape) and \(rightShape)")
    #expect(output.isIntact, "\(function.kernel) of \(leftShape) and \(rightShape)")
  }

  @Test(arguments: variants, functions) func handlesSpecialValues(
    kernels: Kernels, function: (kernel: BinaryKernel, reference: BinaryReference)
  ) {
    let specials: [Float] = [
      0, -0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]
    let count = specials.count
    let output = apply(
      function.kernel, specials, [count, 1], specials, [count], [count, count], kernels
    ).values
    for (index, result) in output.enumerated() {
      let (left, right) = (specials[index / count], specials[index % count])
      let expected = Float(function.reference(Double(left), Double(right)))
      #expect(
        result == expected || result.isNaN && expected.isNaN,
        "\(function.kernel)(\(left), \(right)) is \(result)")
    }
  }
}
