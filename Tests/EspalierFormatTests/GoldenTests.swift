import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Testing

/// Files of every version of the layout stay in Tests/Golden and are never made again.
///
/// To add one, give it a name in `models` and run the tests once with `ESPALIER_MAKE_GOLDEN=1`, which writes files
/// that do not exist yet and no others.
@Suite struct GoldenTests {
  struct Golden: CustomTestStringConvertible, Sendable {
    let name: String
    let make: @Sendable () throws -> [UInt8]
    let model: @Sendable () throws -> Model

    var testDescription: String { name }

    var url: URL {
      URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/\(name).espalier")
    }
  }

  static let files = [
    Golden(
      name: "v1-two-heads", make: { try ModelWriter(Models.small()).encode() },
      model: { try Models.small() }),
    Golden(
      name: "v1-plain",
      make: { try ModelWriter(Models.manyOperators(), weights: .none).encode() },
      model: { try Models.manyOperators() }),
    Golden(
      name: "v1-parts",
      make: {
        let model = try Models.small()
        let writers = [.trunk, .heads(["lane"]), .heads(["sign"])].map {
          ModelWriter(model, contents: $0)
        }
        return try writers.flatMap { try $0.encode() }
      },
      model: { try Models.small() }),
  ]

  static let extras = [
    Golden(
      name: "v1-halves", make: { try ModelWriter(halves()).encode() }, model: { try halves() }),
    Golden(
      name: "v1-extras", make: { try ExtrasTests.everything() },
      model: { try Models.flat(heads: ["a", "b"]) }),
    Golden(
      name: "v1-pages", make: { try PagesTests.file(heads: 64) },
      model: { try Models.flat(heads: (0..<64).map(PagesTests.name)) }),
  ]

  /// Numbers in every form, columns of every kind, a calibrated head and one of quantiles.
  private static func halves() throws -> Model {
    let model = try Models.small().storing(.bfloat16)
    let columns = [
      Column("age", mean: 40.5, deviation: 12), Column("city", categories: ["Bern", "Lugano"]),
      Column("sex", categories: ["f", "m"], mean: 0.5, deviation: 0.5), Column("plain"),
    ]
    let descriptions = [
      HeadDescription(task: .classification, temperature: 1.75),
      HeadDescription(task: .regression, quantiles: [0.05, 0.25, 0.75, 0.95]),
    ]
    let heads = zip(model.heads, descriptions).map { head, description in
      Model.Head(
        name: head.name, sources: head.sources, graph: head.graph, description: description)
    }
    let trunk = try Models.small().storing(.float16).trunk.graph
    return try Model(trunk: Model.Trunk(graph: trunk, columns: [columns]), heads: heads)
  }

  @Test(arguments: files + extras)
  func fileIsWrittenAndReadAsEver(_ golden: Golden) throws {
    if ProcessInfo.processInfo.environment["ESPALIER_MAKE_GOLDEN"] != nil,
      !FileManager.default.fileExists(atPath: golden.url.path)
    {
      try Data(golden.make()).write(to: golden.url)
    }
    let file = try Data(contentsOf: golden.url)
    #expect(file.count < 40_000)
    #expect(try golden.make() == [UInt8](file))
    expectSame(try load([UInt8](file)), try golden.model())
  }
}
