internal import EspalierGraph

/// What numbers can be, told from the operators that make them.
extension Draft {
  /// Whether no number of a value is below zero, as is so of probabilities.
  func isNeverNegative(_ value: DraftValue) -> Bool {
    var known: [DraftValue: Bounds] = [:]
    return bounds(value, depth: 0, &known).least >= 0
  }

  /// The operators that are looked at one behind the other.
  private static let boundsDepth = 32

  private func bounds(
    _ value: DraftValue, depth: Int, _ known: inout [DraftValue: Bounds]
  ) -> Bounds {
    if let found = known[value] { return found }
    var result = type(value).element == .bool ? Bounds(least: 0, most: 1) : Bounds()
    if let constant = constant(value), constant.count <= 64 {
      let numbers = constant.numbers.filter { !$0.isNaN }
      result = Bounds(least: numbers.min() ?? 0, most: numbers.max() ?? 0)
    } else if let node = node(making: value), depth < Self.boundsDepth {
      let operands = node.inputs.map { bounds($0, depth: depth + 1, &known) }
      result = node.operator.bounds(operands) ?? result
    }
    known[value] = result
    return result
  }
}

/// The least and the largest number that there can be.
private struct Bounds {
  var least = -Double.infinity
  var most = Double.infinity

  static let positive = Bounds(least: 0)
  static let unit = Bounds(least: 0, most: 1)

  /// Bounds of one or the other.
  func union(_ other: Bounds) -> Bounds {
    Bounds(least: min(least, other.least), most: max(most, other.most))
  }
}

extension Operator {
  /// Bounds of the result by those of the operands; nil where nothing is known.
  fileprivate func bounds(_ operands: [Bounds]) -> Bounds? {
    switch self {
    case .unary(let rule): rule.bounds(operands[0])
    case .binary(let rule): rule.bounds(operands[0], operands[1])
    case .softmax(let rule): rule.function == .softmax ? .unit : nil
    case .reshape, .transpose, .slice, .expand, .cast, .gather: operands[0]
    case .concatenate: operands.dropFirst().reduce(operands[0]) { $0.union($1) }
    case .select: operands[1].union(operands[2])
    case .reduction(let rule):
      switch rule.function {
      case .mean, .maximum, .minimum: operands[0]
      case .sum, .product: operands[0].least >= 0 ? .positive : nil
      }
    case .dense, .convolution, .transposedConvolution, .pooling, .pad, .matrixProduct,
      .gatherElements, .gatherND, .scatterElements, .scatterND, .oneHot, .range, .quantize,
      .dequantize, .argReduction, .normalization, .localResponseNormalization, .resize,
      .cumulativeSum, .topK, .recurrent, .gridSample:
      nil
    }
  }
}

extension Operator.Unary {
  fileprivate func bounds(_ x: Bounds) -> Bounds? {
    if function == .sigmoid { return .unit }
    if function == .negate { return Bounds(least: -x.most, most: -x.least) }
    if function == .clip {
      return Bounds(
        least: max(x.least, alpha.map { Double($0) } ?? -.infinity),
        most: min(x.most, beta.map { Double($0) } ?? .infinity))
    }
    if function == .reciprocal { return x.least >= 0 ? .positive : nil }
    return [.exp, .absolute, .relu, .squareRoot].contains(function) ? .positive : nil
  }
}

extension Operator.Binary {
  fileprivate func bounds(_ x: Bounds, _ y: Bounds) -> Bounds? {
    let arePositive = x.least >= 0 && y.least >= 0
    if function == .add { return Bounds(least: x.least + y.least, most: x.most + y.most) }
    if function == .subtract { return Bounds(least: x.least - y.most, most: x.most - y.least) }
    if function == .multiply, arePositive { return .positive }
    if function == .divide, arePositive { return .positive }
    if function == .maximum {
      return Bounds(least: max(x.least, y.least), most: max(x.most, y.most))
    }
    return nil
  }
}
