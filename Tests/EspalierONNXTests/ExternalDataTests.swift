import CEspalierSystem
import EspalierFormat
import EspalierGraph
import EspalierONNX
import EspalierWriter
import Foundation
import Testing

/// Numbers that lie in other files, and attempts to have others read: one test for each case of `ONNXExternalProblem`.
@Suite struct ExternalDataTests {
  private let outer: TemporaryFolder
  /// The model's folder, which has `numbers` and `inner/numbers`, 16 bytes each.
  private let folder: String

  private static let numbers = [UInt8](0..<16)

  init() throws {
    outer = try TemporaryFolder()
    folder = outer.path("model")
    try FileManager.default.createDirectory(
      atPath: folder + "/inner", withIntermediateDirectories: true)
    for path in ["/numbers", "/inner/numbers"] { try write(Self.numbers, folder + path) }
    try write(Self.numbers, outer.path("secret"))
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// A document whose initializer `t` of four int32 lies elsewhere.
  private func document(
    _ entries: [(String, String)], tensor: (inout ProtobufEncoder) -> Void = { _ in }
  ) -> [UInt8] {
    wire {
      $0.element(1, number: 8)
      $0.element(7) {
        $0.element(5) {
          $0.element(1, number: 4)
          $0.element(2, number: 6)
          $0.element(8, utf8("t"))
          for (key, value) in entries {
            $0.element(13) {
              $0.element(1, utf8(key))
              $0.element(2, utf8(value))
            }
          }
          $0.element(14, number: 1)
          tensor(&$0)
        }
        $0.element(12) { $0.element(1, utf8("t")) }
      }
    }
  }

  private func read(_ document: [UInt8]) throws -> ONNXTensor {
    try write(document, folder + "/model.onnx")
    return try ONNXModel(contentsOf: folder + "/model.onnx").graph.initializers[0]
  }

  /// What is written must not take the place of a file that a document's numbers lie in.
  @Test func filesThatAreReadAreNoted() throws {
    try write(document([("location", "inner/numbers")]), folder + "/model.onnx")
    var files: [String] = []
    _ = try ONNXModel(contentsOf: folder + "/model.onnx", noting: &files)
    #expect(files == [folder + "/inner/numbers"])
  }

  private func expect(
    _ problem: ONNXExternalProblem, _ entries: [(String, String)],
    tensor: (inout ProtobufEncoder) -> Void = { _ in },
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let error = ONNXError.badExternalData(
      problem, file: entries.first { $0.0 == "location" }?.1 ?? "", .tensor("t"))
    let document = document(entries, tensor: tensor)
    #expect(throws: error, sourceLocation: location) { try read(document) }
    #expect(!problem.description.isEmpty, sourceLocation: location)
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + name, withDestinationPath: target)
  }

  @Test func numbersAreRead() throws {
    for location in ["numbers", "./numbers", "inner/numbers", "inner/./numbers"] {
      let tensor = try read(document([("location", location)]))
      #expect(tensor.bytes == Self.numbers, "\(location)")
    }
    try write(Self.numbers.reversed() + Self.numbers + [0xFF], folder + "/long")
    let entries = [
      ("location", "long"), ("offset", "16"), ("length", "16"), ("checksum", "any"),
    ]
    #expect(try read(document(entries)).bytes == Self.numbers)
  }

  @Test func noFolder() {
    let error = ONNXError.badExternalData(.noFolder, file: "numbers", .tensor("t"))
    #expect(throws: error) { try ONNXModel(document([("location", "numbers")])) }
    #expect(!error.description.isEmpty)
  }

  @Test func numbersInBoth() throws {
    try expect(.numbersInBoth, [("location", "numbers")]) { $0.element(9, Self.numbers) }
  }

  @Test func strings() throws {
    try expect(.strings, [("location", "numbers")]) { $0.element(2, number: 8) }
  }

  @Test func duplicateKey() throws {
    let error = ONNXError.badExternalData(.duplicateKey("location"), file: "", .tensor("t"))
    #expect(throws: error) {
      try read(document([("location", "numbers"), ("location", "inner/numbers")]))
    }
    #expect(!error.description.isEmpty)
  }

  @Test func noLocation() throws {
    try expect(.noLocation, [])
    try expect(.noLocation, [("location", ""), ("offset", "0")])
  }

  @Test func absolutePath() throws {
    for path in ["/etc/passwd", folder + "/numbers", "//numbers", "/"] {
      try expect(.absolutePath, [("location", path)])
    }
  }

  @Test func parentFolder() throws {
    for path in ["../secret", "inner/../numbers", "..", "inner/../../secret", "numbers/.."] {
      try expect(.parentFolder, [("location", path)])
    }
  }

  @Test func emptyComponent() throws {
    for path in ["inner//numbers", "numbers/", "./"] {
      try expect(.emptyComponent, [("location", path)])
    }
  }

  @Test func controlCharacters() throws {
    for path in ["numbers\0/../secret", "numbers\n", "\u{1B}[2J"] {
      #expect(throws: ONNXError.badName(.tensor("t"))) {
        try read(document([("location", path)]))
      }
    }
  }

  @Test func symbolicLink() throws {
    try link("inside", to: "numbers")
    try link("outside", to: outer.path("secret"))
    try link("folder", to: "inner")
    try link("up", to: "..")
    try link("loop", to: "loop")
    try link("dangling", to: "nothing")
    for path in ["inside", "outside", "folder/numbers", "up/secret", "loop", "dangling"] {
      try expect(.symbolicLink, [("location", path)])
    }
  }

  @Test func notAFile() throws {
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    for path in ["inner", ".", "pipe"] { try expect(.notAFile, [("location", path)]) }
  }

  @Test func badNumber() throws {
    for text in ["-1", "+1", "", " 1", "1.0", "0x10", "9223372036854775808", "１"] {
      try expect(.badNumber("offset"), [("location", "numbers"), ("offset", text)])
      try expect(.badNumber("length"), [("location", "numbers"), ("length", text)])
    }
  }

  @Test func wrongLength() throws {
    for length in [0, 15, 17, Int.max] {
      try expect(
        .wrongLength(expected: 16, found: length),
        [("location", "numbers"), ("length", "\(length)")])
    }
  }

  @Test func beyondEnd() throws {
    try expect(.beyondEnd(needed: 17, fileBytes: 16), [("location", "numbers"), ("offset", "1")])
    try expect(
      .beyondEnd(needed: .max, fileBytes: 16),
      [("location", "numbers"), ("offset", "\(Int.max)")])
    // Gigabytes are asked for, of a file of sixteen bytes.
    try expect(.beyondEnd(needed: 16_000_000_000, fileBytes: 16), [("location", "numbers")]) {
      $0.element(1, number: 1_000_000_000)
    }
  }

  @Test func unreadable() throws {
    try expect(.unreadable(.fileProblem(.open, code: 2)), [("location", "nothing")])
    try expect(.unreadable(.fileProblem(.open, code: 2)), [("location", "nothing/numbers")])
    try expect(.unreadable(.fileProblem(.open, code: 20)), [("location", "numbers/numbers")])
  }

  /// The memory that external numbers take counts.
  @Test func overLimit() throws {
    try write(document([("location", "numbers")]), folder + "/model.onnx")
    let enough = leastMemory { limits in
      (try? ONNXModel(contentsOf: folder + "/model.onnx", limits: limits)) != nil
    }
    var limits = ONNXLimits()
    limits.memoryBytes = enough - 1
    let error = ONNXError.overLimit(.memory, found: enough, limit: enough - 1, .tensor("t"))
    #expect(throws: error) { try ONNXModel(contentsOf: folder + "/model.onnx", limits: limits) }
  }

  /// What the paths of tensors cannot say, because they are looked at before: both ways of opening refuse it too.
  @Test(arguments: [true, false])
  func openingStaysInTheFolder(_ stepwise: Bool) throws {
    try link("link", to: "numbers")
    try link("up", to: "..")
    try link("folder", to: "inner")
    let open = { (path: String) -> Int32 in
      let file =
        stepwise
        ? espalier_file_open_beneath_stepwise(folder, path)
        : espalier_file_open_beneath(folder, path)
      if file >= 0 { _ = espalier_file_close(file) }
      return min(file, 0)
    }
    for path in ["numbers", "inner/numbers", "./inner/./numbers"] { #expect(open(path) == 0) }
    for path in ["link", "up/secret", "folder/numbers"] {
      #expect(espalier_is_link(open(path)) != 0, "\(path)")
    }
    for path in ["../secret", "inner/../../secret", "/etc/passwd", outer.path("secret")] {
      #expect(espalier_is_outside(open(path)) != 0, "\(path)")
    }
    for path in ["inner", "."] { #expect(espalier_is_no_file(open(path)) != 0, "\(path)") }
    #expect(open("nothing") == -2)
    #expect(open("numbers/more") == -20)
  }
}
