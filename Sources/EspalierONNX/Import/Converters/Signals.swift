internal import EspalierGraph

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Importer {
  /// Windows of signals and their frequencies.
  static let signalConverters: [String: Converter] = [
    "HannWindow": { importer, node in
      [try importer.signalWindow(node, [0.5, -0.5])]
    },
    "HammingWindow": { importer, node in
      [try importer.signalWindow(node, [25.0 / 46, -21.0 / 46])]
    },
    "BlackmanWindow": { importer, node in
      [try importer.signalWindow(node, [0.42, -0.5, 0.08])]
    },
    "DFT": { importer, node in [try importer.fourier(node)] },
  ]

  /// `Σ cₖ cos(2πkn / N)`, with the period N one less when the window is symmetric.
  private mutating func signalWindow(
    _ node: ONNXNode, _ terms: [Double]
  ) throws -> Operand {
    guard let size = try constantIntegers(node, 0)?.first, size > 0 else {
      throw ImportProblem("its size is missing, or none")
    }
    // A cosine takes as long as dozens of multiplications.
    try draft.budget.take(TensorType(.float32, [size]), operations: 64)
    try draft.budget.take(operations: 64 * terms.count * size)
    let isPeriodic = try flag(node, "periodic", default: true)
    let period = Double(isPeriodic ? size : max(size - 1, 1))
    let numbers = (0..<size).map { n in
      Float(
        terms.enumerated().reduce(0.0) { sum, term in
          sum + term.element * cos(2 * .pi * Double(term.offset) * Double(n) / period)
        })
    }
    let number = try integer(node, "output_datatype", default: 1)
    let target = ONNXElementType(rawValue: Int32(clamping: number)) ?? .undefined
    return try cast(
      plain(draft.addConstant(Constant([size], numbers)), .float32), to: target)
  }

  /// The discrete Fourier transform along an axis, as products with matrices of cosines and sines.
  ///
  /// With θ = 2πnk / N and x = a + bi: `Σ x e^(−iθ) = Σ (a cos θ + b sin θ) + i Σ (b cos θ − a sin θ)`.
  private mutating func fourier(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let isInverse = try flag(node, "inverse")
    let given =
      version < 20
      ? try integer(node, "axis", default: 1) : try constantIntegers(node, 2)?.first ?? -2
    let axis = try self.axis(given, rank: input.rank)
    guard axis < input.rank - 1 else {
      throw ImportProblem("it runs along the axis of real and imaginary parts")
    }
    let size = try fixed(sizes(input).map { $0[axis] }, "its length")
    let isHalf = try flag(node, "onesided")
    let length = try constantIntegers(node, 1)?.first ?? (isHalf && isInverse ? 2 * size - 2 : size)
    let frequencies = isHalf && !isInverse ? length / 2 + 1 : length
    guard (1...1 << 12).contains(length) else {
      throw ImportProblem("a length of \(length) is not supported")
    }
    let parts = try fixed(sizes(input).map { $0[input.rank - 1] }, "the number of its parts")
    guard (1...2).contains(parts) else {
      throw ImportProblem("its last axis has \(parts) elements, not a real and an imaginary part")
    }
    // [..., axis] for each part; numbers beyond the length are left out, those that are missing are zero.
    let order = order(input, last: [axis, input.rank - 1])
    let used = min(size, isHalf && isInverse ? length / 2 + 1 : length)
    for _ in 0..<2 {
      try draft.budget.take(
        TensorType(.float32, [used, frequencies]), operations: 64 * used * frequencies)
    }
    func matrix(_ function: (Double) -> Double) -> Constant {
      let sign = isInverse ? -1.0 : 1
      return Constant(
        [used, frequencies],
        (0..<used).flatMap { n in
          (0..<frequencies).map { k in
            let angle = sign * 2 * .pi * Double(n * k % length) / Double(length)
            // The half that is left out is the mirrored one, but for the first and the middle.
            let weight = isHalf && isInverse && n > 0 && 2 * n != length ? 2.0 : 1
            return Float(weight * function(angle) / (isInverse ? Double(length) : 1))
          }
        })
    }
    let cosines = draft.addConstant(matrix(cos))
    let sines = draft.addConstant(matrix(sin))
    var products: [(cosine: DraftValue, sine: DraftValue)] = []
    for part in 0..<parts {
      var ranges = Array(repeating: Operator.Slice.Range(), count: input.rank)
      ranges[input.position(of: input.rank - 1)] = .init(start: part, count: 1)
      ranges[input.position(of: axis)] = .init(start: 0, count: used)
      let piece = try mapped(input) { importer, value in
        try importer.draft.emit(.slice(.init(ranges)), [value])
      }
      let flat = try value(
        try squeezed(piece, [input.rank - 1]), order: Array(order.dropLast()))
      products.append(
        (
          try draft.emit(.dense(.init()), [flat, cosines]),
          try draft.emit(.dense(.init()), [flat, sines])
        ))
    }
    var real = products[0].cosine
    var imaginary = try unary(.negate, products[0].sine)
    if parts > 1 {
      real = try binary(.add, real, products[1].sine)
      imaginary = try binary(.add, imaginary, products[1].cosine)
    }
    var columns: [DraftValue] = []
    for part in isHalf && isInverse ? [real] : [real, imaginary] {
      columns.append(try reshape(part, to: draft.sizes(part).map { $0 + [1] }))
    }
    let result = try draft.emit(.concatenate(.init(axis: input.rank - 1)), columns)
    return Operand(value: result, order: order, element: input.element)
  }
}
