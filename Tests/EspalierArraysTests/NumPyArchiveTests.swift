import EspalierArrays
import EspalierGraph
import EspalierZip
import Testing

@Suite struct NumPyArchiveTests {
  private static let narrowing = ReadingOptions(narrowsFloat64: true)

  @Test func everyTypeOfAStoredArchiveIsRead() throws {
    let archive = try NumPyArchive(
      decoding: try ArrayFiles.golden("stored.npz"), options: Self.narrowing)
    #expect(archive.tensors == ArrayFiles.codes.map { ArrayFiles.expected($0) })
  }

  @Test func everyTypeOfADeflatedArchiveIsReadAndTurned() throws {
    let archive = try NumPyArchive(
      decoding: try ArrayFiles.golden("deflated.npz"), options: Self.narrowing)
    #expect(archive.tensors == ArrayFiles.codes.map { ArrayFiles.expected($0, Name("big/\($0)")) })
  }

  @Test func archivesWithoutArraysAreReadAndWritten() throws {
    let bytes = try ArrayFiles.golden("none.npz")
    #expect(try NumPyArchive(decoding: bytes).tensors == [])
    #expect(try NumPyArchive([]).encoded() == bytes)
  }

  @Test func arraysAreReadBackInTheirOrder() throws {
    var random = RandomTensors(seed: 3)
    for count in 1...20 {
      let tensors = (0..<count).map { index in
        random.tensor(
          Name("größe/\(count - index).x"), of: ElementType.allCases.filter { $0 != .bfloat16 })
      }
      let bytes = try NumPyArchive(tensors).encoded()
      #expect(try NumPyArchive(decoding: bytes).tensors == tensors)
      #expect(try NumPyArchive(tensors).encoded() == bytes)
    }
  }

  /// The whole file is fixed: time, attributes, order and padding.
  ///
  /// 1 January 1980 is 0x0021.
  @Test func aWrittenArchiveHasNoTraceOfItsMachine() throws {
    let tensor = NamedTensor(name: "x", shape: [2], values: [1, 2] as [UInt8])
    let bytes = try NumPyArchive([tensor]).encoded()
    #expect(Array(bytes[10..<14]) == [0, 0, 0x21, 0])
    #expect(Array(bytes[30..<35]) == Array("x.npy".utf8))
    #expect(Array(bytes[35..<35 + 130]) == tensor.npy)
    #expect(bytes.count == 35 + 130 + 46 + 5 + 22)
  }

  @Test func namesThatArchivesCannotHoldAreRefused() throws {
    func refusal(_ names: [Name]) -> ArrayFileError? {
      let tensors = names.map { NamedTensor(name: $0, shape: [], values: [1] as [UInt8]) }
      return problem { () throws(ArrayFileError) in _ = try NumPyArchive(tensors).encoded() }
    }
    #expect(refusal(["x", "y", "x"]) == ArrayFileError(.duplicateName, in: "x"))
    #expect(refusal(["x", ""]) == ArrayFileError(.badName(entry: 2)))
    #expect(refusal(["a\0b"]) == ArrayFileError(.badName(entry: 1)))
    #expect(refusal([Name(String(repeating: "x", count: 65_531))]) == nil)
    #expect(
      refusal([Name(String(repeating: "x", count: 65_532))]) == ArrayFileError(.badName(entry: 1)))
  }
}
