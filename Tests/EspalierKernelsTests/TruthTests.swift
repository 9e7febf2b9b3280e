import EspalierKernels
import Testing

/// Questions, relations and choices: their results are 0 or 1, whatever bytes stand for true.
@Suite struct TruthTests {
  private let specials: [Float] = [
    0, -0, 1, -1, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude,
    .greatestFiniteMagnitude,
  ]

  @Test func numbersAreAskedWhatTheyAre() {
    func ask(_ predicate: PredicateKernel) -> [UInt8] {
      var answers = [UInt8](repeating: 99, count: specials.count)
      var span = answers.mutableSpan
      test(predicate, specials.span, output: &span)
      return answers
    }
    #expect(ask(.isNaN) == [0, 0, 0, 0, 0, 0, 1, 1, 0, 0])
    #expect(ask(.isInfinite) == [0, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    #expect(ask(.isPositiveInfinite) == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(ask(.isNegativeInfinite) == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  }

  @Test func relationsKnowNaNAndZeros() {
    let count = specials.count
    let walk = BroadcastWalk<2>([[count, 1], [count]], to: [count, count])
    let relations: [(ComparisonKernel, (Double, Double) -> Bool)] = [
      (.equal, { $0 == $1 }), (.less, { $0 < $1 }), (.lessOrEqual, { $0 <= $1 }),
      (.greater, { $0 > $1 }), (.greaterOrEqual, { $0 >= $1 }),
    ]
    for (kernel, relation) in relations {
      var answers = [UInt8](repeating: 99, count: count * count)
      var span = answers.mutableSpan
      compare(kernel, specials.span, specials.span, walk, output: &span)
      for (index, answer) in answers.enumerated() {
        let (left, right) = (specials[index / count], specials[index % count])
        #expect(
          answer == (relation(Double(left), Double(right)) ? 1 : 0), "\(kernel): \(left), \(right)")
      }
    }
  }

  @Test func wideIntegersAreComparedExactly() {
    var answers: [UInt8] = [99, 99]
    var span = answers.mutableSpan
    let left: [Int64] = [.max, .min]
    let right: [Int64] = [.max - 1, .min + 1]
    compare(.equal, left.span, right.span, BroadcastWalk([[2], [2]], to: [2]), output: &span)
    #expect(answers == [0, 0])
  }

  @Test func everyByteButZeroIsTrue() {
    let bytes: [UInt8] = [0, 1, 2, 255]
    let walk = BroadcastWalk<2>([[4, 1], [4]], to: [4, 4])
    let functions: [(LogicKernel, (Bool, Bool) -> Bool)] = [
      (.and, { $0 && $1 }), (.or, { $0 || $1 }), (.xor, { $0 != $1 }), (.equal, { $0 == $1 }),
    ]
    for (kernel, function) in functions {
      var answers = [UInt8](repeating: 99, count: 16)
      var span = answers.mutableSpan
      logic(kernel, bytes.span, bytes.span, walk, output: &span)
      let expected = (0..<16).map { UInt8(function($0 / 4 > 0, $0 % 4 > 0) ? 1 : 0) }
      #expect(answers == expected, "\(kernel)")
    }
    var inverted: [UInt8] = [99, 99, 99, 99]
    var span = inverted.mutableSpan
    not(bytes.span, output: &span)
    #expect(inverted == [1, 0, 0, 0])
    var chosen: [UInt16] = [0, 0, 0, 0]
    var chosenSpan = chosen.mutableSpan
    select(
      bytes.span, [7].span, [9].span, BroadcastWalk([[4], [1], []], to: [4]), output: &chosenSpan)
    #expect(chosen == [9, 7, 7, 7])
  }
}

/// Numbers on scales.
@Suite struct QuantizeTests {
  private func quantized(_ numbers: [Float], scale: Float, zero: Int8) -> [Int8] {
    var results = [Int8](repeating: 99, count: numbers.count)
    var span = results.mutableSpan
    quantize(
      numbers.span, scale: [scale].span, zero: [zero].span,
      BroadcastWalk([[numbers.count], [], []], to: [numbers.count]), output: &span)
    return results
  }

  @Test func halvesGoToEvenBeforeTheZeroPointIsAdded() {
    let numbers: [Float] = [-1.25, -0.75, -0.25, 0, 0.25, 0.75, 1.25, 1.75]
    #expect(quantized(numbers, scale: 0.5, zero: 0) == [-2, -2, 0, 0, 0, 2, 2, 4])
    #expect(quantized(numbers, scale: 0.5, zero: 1) == [-1, -1, 1, 1, 1, 3, 3, 5])
  }

  @Test func whatIsTooLargeBecomesTheNearest() {
    let numbers: [Float] = [.infinity, -.infinity, .nan, 1e38, -1e38, 127.4, -128.4, 200]
    #expect(quantized(numbers, scale: 1, zero: 0) == [127, -128, 0, 127, -128, 127, -128, 127])
    #expect(quantized(numbers, scale: 1, zero: -128) == [127, -128, -128, 127, -128, -1, -128, 72])
    #expect(quantized([1, -1, 0], scale: 0, zero: 5) == [127, -128, 5])
  }

  @Test func differencesOfWideIntegersDoNotOverflow() {
    var results: [Float] = [0, 0]
    var span = results.mutableSpan
    let numbers: [Int32] = [.min, .max]
    dequantize(
      numbers.span, scale: [Float(0.5)].span, zero: [Int32.max].span,
      BroadcastWalk([[2], [], []], to: [2]), output: &span)
    #expect(results == [-0x1p31, 0])
  }
}
