import EspalierArrays
import EspalierFiles
import EspalierGraph
import Testing

@Suite struct SafeTensorsTests {
  private static let sample = SafeTensors(
    tensors: [
      NamedTensor(name: "b", shape: [2, 2], values: [1, -2, 3.5, .infinity] as [Float]),
      NamedTensor(name: "a", shape: [], values: [7] as [Int64]),
      NamedTensor(name: "empty", shape: [0, 3], values: [] as [Float]),
      NamedTensor(name: "größe \"\\", shape: [3], values: [true, false, true]),
    ],
    metadata: ["epoch": "3", "text": "größe \"\n\u{1F}"])

  private static func refusal(_ bytes: [UInt8]) -> ArrayFileError? {
    problem { () throws(ArrayFileError) in _ = try SafeTensors(decoding: bytes) }
  }

  private static func file(_ header: String, _ numbers: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
    (0..<8).map { UInt8(header.utf8.count >> (8 * $0) & 255) } + Array(header.utf8) + numbers
  }

  @Test func contentIsReadBack() throws {
    let bytes = Self.sample.encoded()
    #expect(try SafeTensors(decoding: bytes) == Self.sample)
    #expect(try SafeTensors(decoding: bytes).encoded() == bytes)
  }

  @Test func everyTypeIsReadAndWrittenAsTheProjectDoes() throws {
    let bytes = try ArrayFiles.golden("types.safetensors")
    let codes = [
      ("bfloat16", "bf2"), ("bool", "b1"), ("float16", "f2"), ("float32", "f4"), ("int32", "i4"),
      ("int64", "i8"), ("int8", "i1"), ("uint8", "u1"),
    ]
    let tensors = codes.map { ArrayFiles.expected($1, Name($0)) }
    let expected = SafeTensors(tensors: tensors, metadata: ["made by": "safetensors"])
    #expect(try SafeTensors(decoding: bytes) == expected)
    #expect(expected.encoded() == bytes)
  }

  @Test func everyTensorIsReadBackOnAMultipleOfItsSize() throws {
    var random = RandomTensors(seed: 4)
    for count in 0..<100 {
      let tensors = (0..<count % 10).map { random.tensor(Name("t\($0)")) }
      let content = SafeTensors(tensors: tensors, metadata: [:])
      let bytes = content.encoded()
      #expect(try SafeTensors(decoding: bytes) == content)
      #expect(bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } % 8 == 0)
    }
  }

  @Test func halfPrecisionNumbersAreWidened() {
    for code in ["f2", "bf2", "f4"] {
      #expect(ArrayFiles.expected(code).values == [-1.5, -1, -0.5, 0, 0.5, 1])
    }
    for code in ["i1", "u1", "i4", "i8", "b1"] { #expect(ArrayFiles.expected(code).values == nil) }
  }

  @Test func everyTruncationIsRefused() {
    let bytes = Self.sample.encoded()
    for count in bytes.indices { #expect(Self.refusal(Array(bytes[..<count])) != nil, "\(count)") }
    #expect(Self.refusal(bytes + [0]) != nil)
  }

  /// The format has no checksum: a flip may give other content, but never a crash.
  @Test func everyFlippedBitIsRefusedOrLeavesTheSize() throws {
    let bytes = try ArrayFiles.golden("types.safetensors")
    for bit in 0..<8 * bytes.count {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      _ = problem { () throws(ArrayFileError) in
        let tensors = try SafeTensors(decoding: flipped).tensors
        #expect(tensors.reduce(0) { $0 + $1.storage.byteCount } == 138, "bit \(bit)")
      }
    }
  }

  @Test(
    arguments: [
      (#"[]"#, 0, "\"{\""), (#"{"#, 1, "\"\"\""), (#"{"a": 1}"#, 6, "\"{\""),
      (#"{} x"#, 3, "the end of the header"),
      (#"{"a": {"shape": [1,]}}"#, 19, "a number"),
      (#"{"a": {"shape": [-1]}}"#, 17, "a number from 0 to \(Int.max)"),
      (#"{"a": {"shape": [1e300]}}"#, 18, "\",\" or \"]\""),
      (#"{"a": {"shape": [01]}}"#, 17, "a number from 0 to \(Int.max)"),
      (#"{"a": {"shape": [1,1,1,1,1,1,1,1,1]}}"#, 33, "at most 8 numbers"),
      (#"{"a": {"data_offsets": [4, 0]}}"#, 22, "two numbers, ascending"),
      (#"{"a": {"data_offsets": [4]}}"#, 22, "two numbers, ascending"),
      (#"{"a": {"data_offsets": [0, 4, 8]}}"#, 30, "at most 2 numbers"),
      (#"{"a": {"more": 1}}"#, 14, "a value of dtype, shape or data_offsets"),
      (#"{"__metadata__": {"a": "1", "a": "1"}}"#, 32, "text in UTF-8, each key once"),
      (#"{"__metadata__": {"a": 1}}"#, 23, "\"\"\""), (#"{"\x": {}}"#, 3, "an escape of JSON"),
      (#"{"\u12"#, 6, "a hexadecimal digit"), (#"{"\u12g4": {}}"#, 6, "a hexadecimal digit"),
      (#"{"\ud83d": {}}"#, 4, "a character in one or two units of UTF-16"),
      (#"{"\ud83d\u0041": {}}"#, 4, "a character in one or two units of UTF-16"),
      (#"{"\udd00": {}}"#, 4, "a character in one or two units of UTF-16"),
      ("{\"a\nb\": {}}", 3, "an escape"), (#"{"a"#, 3, "a closing quote"),
    ] as [(String, Int, String)])
  func headersOfAnotherGrammarAreRefusedAtTheirPlace(
    _ header: String, _ offset: Int, _ expected: String
  ) {
    #expect(
      Self.refusal(Self.file(header))?.problem == .badHeader(offset: offset, expected: expected))
  }

  @Test(
    arguments: [
      (
        #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#,
        .wrongSize(found: 4, expected: 8)
      ),
      (#"{"a": {"dtype": "U64", "shape": [1], "data_offsets": [0, 8]}}"#, .unsupportedType("U64")),
      (
        #"{"a": {"dtype": "\u001b[2J", "shape": [1], "data_offsets": [0, 8]}}"#,
        .unsupportedType("none that is known")
      ),
      (
        #"{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}"#,
        .badShape([1 << 62, 4])
      ),
      (
        #"{"a": {"dtype": "F32", "shape": [4294967296, 0, 4294967296], "data_offsets": [0, 0]}}"#,
        .badShape([1 << 32, 0, 1 << 32])
      ),
      (#"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}"#, .gap(offset: 0)),
      (
        #"{"a": {"dtype": "BOOL", "shape": [4], "data_offsets": [0, 4]}}"#,
        .notBoolean(element: 3, value: 9)
      ),
      (#"{"a": {"dtype": "F32", "dtype": "F32"}}"#, .duplicateKey("dtype")),
      (#"{"a": {"shape": [], "data_offsets": [0, 4]}}"#, .missingKey("dtype")),
      (#"{"a": {"dtype": "F32", "data_offsets": [0, 4]}}"#, .missingKey("shape")),
      (#"{"a": {"dtype": "F32", "shape": [1]}}"#, .missingKey("data_offsets")),
      (
        #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},"#
          + #" "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#, .duplicateName
      ),
      (
        #"{"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]},"#
          + #" "b": {"dtype": "U8", "shape": [3], "data_offsets": [1, 4]}}"#, .gap(offset: 2)
      ),
    ] as [(String, ArrayFileError.Problem)])
  func claimsThatDoNotHoldAreRefused(_ header: String, _ expected: ArrayFileError.Problem) {
    #expect(Self.refusal(Self.file(header, [0, 0, 0, 9]))?.problem == expected)
  }

  @Test func typesThatNobodyReadsAreInNobodysWay() throws {
    let header =
      #"{"a": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]},"#
      + #" "b": {"dtype": "U8", "shape": [2], "data_offsets": [2, 4]}}"#
    let bytes = Self.file(header, [1, 2, 3, 4])
    let read = try SafeTensors(decoding: bytes, only: ["b"])
    #expect(read.tensors == [NamedTensor(name: "b", shape: [2], values: [3, 4] as [UInt8])])
    #expect(read.unread == ["a"])
    #expect(Self.refusal(bytes) == ArrayFileError(.unsupportedType("F8_E4M3"), in: "a"))
  }

  @Test func claimsAboutTheWholeFileAreRefused() {
    #expect(
      Self.refusal([1, 2, 3]) == ArrayFileError(.notOfFormat(.safetensors, found: .unknown)))
    #expect(
      Self.refusal(Array("version https://git-lfs.github.com/spec/v1\n".utf8))
        == ArrayFileError(.notOfFormat(.safetensors, found: .lfsPointer)))
    #expect(Self.refusal(Self.file("{}")) == ArrayFileError(.wrongSize(found: 4, expected: 0)))
    #expect(
      Self.refusal(Self.file(#"{"__metadata__": {}, "__metadata__": {}}"#))
        == ArrayFileError(.duplicateKey("__metadata__")))
    for name in ["", "\\u0007", "\\u0000"] {
      let header = "{\"\(name)\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}}"
      #expect(Self.refusal(Self.file(header)) == ArrayFileError(.badName(entry: 1)))
    }
    let invalid = [3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF] as [UInt8]
    #expect(Self.refusal(invalid) != nil)
  }

  @Test func headersLongerThanTheFileOrTheLimitAreRefused() {
    for (bytes, expected) in [
      ([UInt8](repeating: 255, count: 8), .headerTooLong(Int.max, limit: 100_000_000)),
      ([1, 0xE1, 0xF5, 5, 0, 0, 0, 0], .headerTooLong(100_000_001, limit: 100_000_000)),
      ([9, 0, 0, 0, 0, 0, 0, 0], .truncated(needed: 17, found: 10)),
    ] as [([UInt8], ArrayFileError.Problem)] {
      #expect(Self.refusal(bytes + [0x7B, 0x7D])?.problem == expected)
    }
  }
}
