import EspalierGraph
import Foundation

/// A trunk of dense layers of 2048 inputs and outputs, 16 MiB of weights each.
struct GaussianModel {
  private static let size = 2048
  private var state: UInt64 = 1
  private let layers: Int

  init(megabytes: Int) {
    layers = megabytes / 16
  }

  mutating func model() throws -> Model {
    let size = Self.size
    var parameters: [Parameter] = []
    for layer in 0..<layers {
      parameters.append(
        Parameter(name: Name("w\(layer)"), shape: [size, size], values: weights(size * size)))
    }
    let nodes = (0..<layers).map { layer in
      let input = layer == 0 ? 0 : layers + layer
      return Node(
        name: Name("dense\(layer)"), .dense(Operator.Dense()),
        inputs: [ValueID(input), ValueID(1 + layer)])
    }
    let graph = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(size)])],
      parameters: parameters, nodes: nodes,
      outputs: [GraphOutput(name: "y", value: ValueID(2 * layers))])
    return try Model(trunk: Model.Trunk(graph: graph, columns: [[]]), heads: [])
  }

  /// Numbers of mean 0 and variance 1 / size, as layers are initialised (Box and Muller 1958).
  private mutating func weights(_ count: Int) -> [Float] {
    let deviation = 1 / Float(Self.size).squareRoot()
    return [Float](unsafeUninitializedCapacity: count) { values, filled in
      while filled < count {
        let radius = (-2 * logf(uniform())).squareRoot() * deviation
        let angle = 2 * Float.pi * uniform()
        values[filled] = radius * cosf(angle)
        values[filled + 1] = radius * sinf(angle)
        filled += 2
      }
    }
  }

  /// A number in 0 < x <= 1, of the high bits of a congruential generator (Knuth's MMIX).
  private mutating func uniform() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40 + 1) * 0x1p-24
  }
}
