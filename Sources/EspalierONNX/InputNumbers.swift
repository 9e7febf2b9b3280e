internal import EspalierGraph

/// Draws elements of inputs, the same from the same seed.
struct InputNumbers {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  /// A number of 24 bits: a linear congruential generator (Knuth, MMIX), its upper bits.
  private mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 40
  }

  /// Elements: fractions between -1 and 1, integers from 0 on.
  ///
  /// - Parameter limit: what integers are less than.
  mutating func elements(_ element: ElementType, count: Int, below limit: Int) -> TensorStorage {
    let size = element.byteCount
    return .filled(byteCount: count * size) { bytes in
      for index in 0..<count {
        let drawn = next()
        let fraction = Float(drawn) / Float(1 << 23) - 1
        let bits: UInt64 =
          switch element {
          case .float32: UInt64(fraction.bitPattern)
          case .float64: Double(fraction).bitPattern
          case .float16: UInt64(Float16(fraction).bitPattern)
          case .bfloat16: UInt64(fraction.bitPattern >> 16)
          case .int8, .uint8, .int32, .int64: drawn % UInt64(max(limit, 1))
          case .bool: drawn & 1
          }
        for place in 0..<size {
          bytes[index * size + place] = UInt8(truncatingIfNeeded: bits >> (8 * UInt64(place)))
        }
      }
    }
  }
}

extension Model {
  /// What integers of each input of the trunk must be less than: the size of the axis that they choose from, or 2.
  ///
  /// - Parameter types: those of the values of the trunk, then of each head.
  func indexLimits(_ types: [[TensorType]]) -> [Int] {
    let graphs = [trunk.graph] + heads.map(\.graph)
    // What the elements of each value must be less than, found from the last reader to the first.
    var limits = graphs.map { [Int](repeating: .max, count: $0.valueCount) }
    for index in graphs.indices.reversed() {
      let graph = graphs[index]
      for (number, node) in graph.nodes.enumerated().reversed() {
        switch node.operator {
        case .cast, .reshape, .transpose, .slice, .expand, .concatenate, .select:
          let limit = limits[index][graph.value(ofNode: number).index]
          for input in node.inputs {
            limits[index][input.index] = min(limits[index][input.index], limit)
          }
        case .gather(let rule):
          let (table, indices) = (node.inputs[0].index, node.inputs[1].index)
          let size = types[index][table].shape[rule.axis]
          limits[index][indices] = min(limits[index][indices], size)
        case .dense, .convolution, .transposedConvolution, .pooling, .unary, .binary, .softmax,
          .pad, .matrixProduct, .gatherElements, .gatherND, .scatterElements, .scatterND, .oneHot,
          .range, .quantize, .dequantize, .reduction, .argReduction, .normalization,
          .localResponseNormalization, .resize, .cumulativeSum, .topK, .recurrent, .gridSample:
          continue
        }
      }
      guard index > 0 else { continue }
      for (input, source) in sources[index - 1].enumerated() {
        let limit = limits[source.graph][source.value.index]
        limits[source.graph][source.value.index] = min(limit, limits[index][input])
      }
    }
    return trunk.graph.inputs.indices.map { limits[0][$0] == .max ? 2 : limits[0][$0] }
  }
}
