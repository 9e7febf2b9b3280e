import EspalierGraph
import EspalierRuntime

/// What it costs to check indices: an embedding of rows of some width, looked up with and without the check.
@main
struct Indices {
  private static let rows = 50_000
  private static let lookups = 4096
  private static let rounds = 41

  static func main() throws {
    guard CommandLine.arguments.count == 1 else {
      print(
        "usage: tools/bench/indices\n\nPrints the time of a lookup that checks its indices by that of one that does not."
      )
      return
    }
    print("\(lookups) of \(rows) rows; medians of \(rounds) rounds, taken in turns")
    print("width   unchecked     checked   ratio")
    for width in [1, 4, 16, 64, 256] {
      let (unchecked, checked) = try measured(width: width)
      print(
        pad("\(width)", 5) + pad(microseconds(unchecked), 12) + pad(microseconds(checked), 12)
          + pad("\((checked / unchecked * 1000).rounded() / 1000)", 8))
    }
  }

  /// The median seconds of a run without and with the check.
  private static func measured(width: Int) throws -> (unchecked: Double, checked: Double) {
    var session = try Session(model(width: width), batch: lookups)
    // A permutation of sorts, so that neighbours lie apart.
    let ids = (0..<lookups).map { Int64($0 * 7919 % rows) }
    try session.setInput("ids", to: ids.span)
    var times: [Bool: [Double]] = [true: [], false: []]
    let clock = ContinuousClock()
    for round in 0..<rounds + 4 {
      for clamps in [true, false] {
        session.clampsIndices = clamps
        let time = try clock.measure { for _ in 0..<20 { try session.run() } }
        if round >= 4 { times[clamps]?.append(time / .seconds(20)) }
      }
    }
    func median(_ clamps: Bool) -> Double { (times[clamps] ?? []).sorted()[rounds / 2] }
    return (median(true), median(false))
  }

  private static func model(width: Int) throws -> Model {
    let table = Parameter(
      name: "table", shape: [rows, width],
      values: (0..<rows * width).map { Float($0 % 1013) })
    let trunk = Graph(
      inputs: [GraphInput(name: "ids", element: .int64, dimensions: [.batch])],
      parameters: [table],
      nodes: [Node(name: "lookup", .gather(.init()), inputs: [ValueID(1), ValueID(0)])],
      outputs: [GraphOutput(name: "rows", value: ValueID(2))])
    let head = Graph(
      inputs: [GraphInput(name: "rows", dimensions: [.batch, .fixed(width)])], parameters: [],
      nodes: [], outputs: [GraphOutput(name: "rows", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "rows", sources: [.feature("rows")], graph: head,
          description: HeadDescription(task: .regression))
      ])
  }

  private static func microseconds(_ seconds: Double) -> String {
    "\((seconds * 1e8).rounded() / 100) us"
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
