import EspalierKernels
import ReferenceOperators
import Testing

@Suite struct UnaryTests {
  static let functions: [(UnaryKernel, UnaryReference)] = [
    (.relu, .relu), (.sigmoid, .sigmoid), (.tanh, .tanh), (.exp, .exp), (.log, .log),
    (.negate, .negate), (.absolute, .absolute), (.squareRoot, .squareRoot),
    (.reciprocal, .reciprocal), (.floor, .floor), (.ceil, .ceil), (.round, .round), (.sign, .sign),
    (.erf, .erf), (.sin, .sin), (.cos, .cos), (.tan, .tan), (.asin, .asin), (.acos, .acos),
    (.atan, .atan), (.sinh, .sinh), (.cosh, .cosh), (.asinh, .asinh), (.acosh, .acosh),
    (.atanh, .atanh), (.softplus, .softplus), (.softsign, .softsign),
    (.elu(alpha: 0.75, beta: 1), .elu(alpha: 0.75)),
    (.elu(alpha: 1.5, beta: 1.25), .selu(alpha: 1.5, beta: 1.25)),
    (.celu(alpha: 2), .celu(alpha: 2)), (.celu(alpha: -2), .celu(alpha: -2)),
    (.leakyRelu(alpha: 0.25), .leakyRelu(alpha: 0.25)),
    (.thresholdedRelu(alpha: 0.5), .thresholdedRelu(alpha: 0.5)),
    (.hardSigmoid(alpha: 0.25, beta: 0.5), .hardSigmoid(alpha: 0.25, beta: 0.5)),
    (.hardSwish, .hardSwish), (.gelu, .gelu), (.geluTanh, .geluTanh), (.mish, .mish),
    (.swish(alpha: 1), .swish(alpha: 1)), (.swish(alpha: -1.5), .swish(alpha: -1.5)),
    (.shrink(alpha: 0.5, beta: 0.25), .shrink(alpha: 0.5, beta: 0.25)),
    (.clip(lower: -1.5, upper: 2), .clip(lower: -1.5, upper: 2)),
  ]

  private func apply(_ function: UnaryKernel, _ values: [Float], _ kernels: Kernels) -> Operand {
    let (input, output) = (Operand(values), Operand(count: values.count))
    var result = output.buffer.mutableSpan
    unary(function, input.buffer.span, output: &result, using: kernels)
    return output
  }

  /// Largest errors allowed, in units in the last place, as the header of the kernels states them.
  private func bound(_ function: UnaryKernel) -> Double {
    switch function {
    case .exp: 1.1
    case .log: 1
    case .sigmoid: 2.5
    case .tanh: 1.5
    case .relu, .negate, .absolute: 0
    case .squareRoot, .reciprocal, .leakyRelu, .shrink: 0.5
    case .floor, .ceil, .round, .sign, .thresholdedRelu, .clip: 0
    case .hardSigmoid: 1
    case .softplus, .softsign, .elu, .celu, .hardSwish: 2
    case .erf, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh: 2
    case .gelu, .geluTanh, .mish, .swish: 6
    }
  }

  /// The error of a result in the units of its bound.
  ///
  /// Functions that are x times a share may be wrong by more units of a share that is tiny.
  private func error(
    _ function: (kernel: UnaryKernel, reference: UnaryReference), at x: Float, _ y: Float
  ) -> Double {
    let expected = function.reference(Double(x))
    let error = unitsInLastPlace(y, expected)
    guard error.isFinite, error > 0 else { return error }
    switch function.kernel {
    case .gelu, .geluTanh, .mish, .swish:
      let scale = Float(max(expected.magnitude, Double(x).magnitude / 64))
      return (Double(y) - expected).magnitude / Double(scale.ulp)
    default: return error
    }
  }

  /// Every exponent, both signs, and mantissas spread evenly: all kinds of floats.
  private static let samples: [Float] = {
    var samples: [Float] = []
    for high in stride(from: UInt32(0), to: 0xffff_ffff, by: 0x3_6001) {
      samples.append(Float(bitPattern: high))
    }
    for step in -12_000...12_000 { samples.append(Float(step) * 0x1p-7) }
    for step in 1...4_000 { samples.append(Float(step) * 0x1.8p-10) }
    return samples
  }()

  @Test(arguments: variants, functions) func staysWithinErrorBound(
    kernels: Kernels, function: (kernel: UnaryKernel, reference: UnaryReference)
  ) {
    let output = apply(function.kernel, Self.samples, kernels).values
    var worst = (error: 0.0, input: Float(0), output: Float(0))
    for (x, y) in zip(Self.samples, output) {
      let error = error(function, at: x, y)
      if error > worst.error { worst = (error, x, y) }
    }
    #expect(worst.error <= bound(function.kernel), "\(worst)")
  }

  @Test(arguments: variants, functions) func handlesSpecialValues(
    kernels: Kernels, function: (kernel: UnaryKernel, reference: UnaryReference)
  ) {
    let specials: [Float] = [
      0, -0, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .leastNormalMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, 1, -1, 88.722, 88.73, -87.4, -103.9, -104.1,
    ]
    let output = apply(function.kernel, specials, kernels).values
    for (x, y) in zip(specials, output) {
      let expected = Float(function.reference(Double(x)))
      #expect(y.isNaN == expected.isNaN, "\(function.kernel)(\(x)) is \(y)")
      #expect(y.isInfinite == expected.isInfinite, "\(function.kernel)(\(x)) is \(y)")
      if y.isNaN { continue }
      #expect(y.sign == expected.sign, "\(function.kernel)(\(x)) is \(y)")
      let error = error(function, at: x, y)
      #expect(error <= bound(function.kernel), "\(function.kernel)(\(x)) is \(y)")
    }
  }

  /// An element's result depends neither on its place nor on the length of the array.
  @Test(arguments: variants, functions) func treatsEveryPlaceAlike(
    kernels: Kernels, function: (kernel: UnaryKernel, reference: UnaryReference)
  ) {
    var numbers = Numbers(seed: 20)
    let values = numbers.real(70)
    let alone = values.map { apply(function.kernel, [$0], kernels).bits[0] }
    for count in 0...70 {
      let output = apply(function.kernel, Array(values[..<count]), kernels)
      // NaN payloads are nobody's business.
      let pairs = zip(output.values, alone[..<count])
      #expect(
        pairs.allSatisfy { $0.isNaN || $0.bitPattern == $1 }, "\(function.kernel) of \(count)")
      #expect(output.isIntact)
    }
  }

  @Test(arguments: variants, functions) func replacesInPlace(
    kernels: Kernels, function: (kernel: UnaryKernel, reference: UnaryReference)
  ) {
    var numbers = Numbers(seed: 21)
    let values = numbers.real(37).map { abs($0) + 1 }
    let operand = Operand(values)
    var span = operand.buffer.mutableSpan
    unary(function.kernel, inPlace: &span, using: kernels)
    #expect(operand.bits == apply(function.kernel, values, kernels).bits)
  }
}
