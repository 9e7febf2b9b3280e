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
      make: { try ModelWriter(Models.everyOperator(), weights: .none).encode() },
      model: { try Models.everyOperator() }),
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

  @Test(arguments: files)
  func fileIsWrittenAndReadAsEver(_ golden: Golden) throws {
    if ProcessInfo.processInfo.environment["ESPALIER_MAKE_GOLDEN"] != nil,
      !FileManager.default.fileExists(atPath: golden.url.path)
    {
      try Data(golden.make()).write(to: golden.url)
    }
    let file = try Data(contentsOf: golden.url)
    #expect(file.count < 10_000)
    #expect(try golden.make() == [UInt8](file))
    expectSame(try load([UInt8](file)), try golden.model())
  }
}
