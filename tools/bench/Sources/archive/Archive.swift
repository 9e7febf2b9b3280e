import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation

/// Makes an archive of many heads on one trunk, and measures what one of them costs.
@main struct Archive {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch arguments.dropFirst().first {
    case "make" where arguments.count == 4:
      guard let heads = Int(arguments[2]), heads > 1 else { usage() }
      try ModelWriter(Self.model(heads: heads)).write(to: arguments[3])
    case "read" where arguments.count == 4:
      guard let heads = Int(arguments[2]), heads > 1 else { usage() }
      try Measurement(path: arguments[3], heads: heads).print()
    default:
      usage()
    }
  }

  private static func usage() -> Never {
    print("usage: archive make HEADS FILE | archive read HEADS FILE")
    exit(2)
  }

  static func headName(_ index: Int) -> Name { Name("head \(index)") }

  /// A trunk of 64 to 64 and heads of 64 to 10, each with numbers of its own.
  private static func model(heads: Int) throws -> Model {
    var random = SplitMix(seed: 1)
    let trunk = Model.Trunk(
      graph: dense(from: 64, to: 64, input: "x", output: "feature", &random), columns: [[]])
    let heads = (0..<heads).map { index in
      Model.Head(
        name: headName(index), sources: [.feature("feature")],
        graph: dense(from: 64, to: 10, input: "feature", output: "y", &random),
        description: HeadDescription(task: .regression))
    }
    return try Model(trunk: trunk, heads: heads)
  }

  private static func dense(
    from inputs: Int, to outputs: Int, input: Name, output: Name,
    _ random: inout SplitMix
  ) -> Graph {
    let weights = (0..<inputs * outputs).map { _ in random.gaussian() / 8 }
    return Graph(
      inputs: [GraphInput(name: input, dimensions: [.batch, .fixed(inputs)])],
      parameters: [Parameter(name: "weights", shape: [inputs, outputs], values: weights)],
      nodes: [Node(name: "dense", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
      outputs: [GraphOutput(name: output, value: ValueID(2))])
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers every time.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number of the standard normal distribution, nearly: twelve uniform ones summed.
  mutating func gaussian() -> Float {
    (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0..<1, using: &self) }
  }
}
