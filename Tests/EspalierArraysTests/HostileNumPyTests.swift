import EspalierArrays
import EspalierFiles
import EspalierGraph
import Testing

/// Files that claim what they should not.
///
/// To add one, append it with the problem that has to be found.
@Suite struct HostileNumPyTests {
  private static func refusal(_ bytes: [UInt8], _ options: ReadingOptions = .init())
    -> ArrayFileError.Problem?
  {
    problem { () throws(ArrayFileError) in
      _ = try NamedTensor(npy: bytes, name: "x", options: options)
    }?.problem
  }

  private static let start = "{'descr': '|u1', 'fortran_order': False, 'shape': "

  @Test(
    arguments: [
      ("complex", .unsupportedType("complex64")), ("text", .unsupportedType("text")),
      ("record", .unsupportedType("records")),
      ("object", .objects),
    ] as [(String, ArrayFileError.Problem)])
  func typesThatTensorsDoNotHaveAreRefusedByName(
    _ file: String, _ expected: ArrayFileError.Problem
  ) throws {
    #expect(Self.refusal(try ArrayFiles.golden("\(file).npy")) == expected)
  }

  @Test(
    arguments: [
      ("", 0, "\"{\""), ("[]", 0, "\"{\""), ("{", 1, "\"'\""), ("{'descr", 7, "a closing '"),
      ("{'descr'", 8, "\":\""), ("{'descr': 4}", 10, "\"'\""),
      ("{'descr': '<f4\\x00'}", 14, "plain letters"), ("{'a\u{7}': 1}", 3, "plain letters"),
      ("{'fortran_order': 1}", 17, "True or False"),
      ("{'fortran_order': Falsey}", 17, "True or False"),
      ("{'other': 1}", 1, "descr, fortran_order or shape"),
      ("{'shape': [2]}", 10, "\"(\""), ("{'shape': (2)}", 9, "a tuple"),
      ("{'shape': (,)}", 11, "a number from 0 to \(Int.max)"),
      ("{'shape': (-1,)}", 11, "a number from 0 to \(Int.max)"),
      ("{'shape': (007,)}", 11, "a number from 0 to \(Int.max)"),
      ("{'shape': (1e3,)}", 12, "\",\" or \")\""), ("{'shape': (2l,)}", 12, "\",\" or \")\""),
      ("{'shape': (9223372036854775808,)}", 11, "a number from 0 to \(Int.max)"),
      ("{'shape': (1,1,1,1,1,1,1,1,1)}", 27, "at most 8 numbers"),
      (start + "(2,)} x", 56, "the end of the header"), (start + "(2,) 'a'}", 55, "\"}\""),
      ("__import__('os').system('true')", 0, "\"{\""),
    ] as [(String, Int, String)])
  func headersOfAnotherGrammarAreRefusedAtTheirPlace(
    _ header: String, _ offset: Int, _ expected: String
  ) {
    #expect(
      Self.refusal(NumPyBytes(header: header).bytes)
        == .badHeader(offset: offset, expected: expected))
  }

  @Test(
    arguments: [
      ("{'descr': '<f4', 'descr': '<f4'}", .duplicateKey("descr")),
      ("{'fortran_order': True, 'fortran_order': True}", .duplicateKey("fortran_order")),
      ("{'shape': (), 'shape': ()}", .duplicateKey("shape")),
      ("{}", .missingKey("descr")), ("{'descr': '<f4'}", .missingKey("fortran_order")),
      ("{'descr': '<f4', 'fortran_order': False}", .missingKey("shape")),
      (start + "(4611686018427387904, 4), }", .badShape([1 << 62, 4])),
      (start + "(1000000000,), }", .wrongSize(found: 2, expected: 1_000_000_000)),
      (start + "(1,), }", .wrongSize(found: 2, expected: 1)),
      (start + "(3,), }", .wrongSize(found: 2, expected: 3)),
      (start + "(0, 1000000000), }", .wrongSize(found: 2, expected: 0)),
      // A zero hides no sizes that cannot be multiplied.
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807), }",
        .badShape([0, .max])
      ),
      (start + "(2147483648, 0, 2147483648, 2), }", .badShape([1 << 31, 0, 1 << 31, 2])),
      // Elements that become larger ones count as those.
      (
        "{'descr': '<u4', 'fortran_order': False, 'shape': (2305843009213693951, 0), }",
        .badShape([1 << 61 - 1, 0])
      ),
      ("{'descr': 'f4 ', 'fortran_order': False, 'shape': (), }", .unsupportedType("f4 ")),
      ("{'descr': '<F', 'fortran_order': False, 'shape': (), }", .unsupportedType("complex64")),
      ("{'descr': '', 'fortran_order': False, 'shape': (), }", .unsupportedType("")),
      ("{'descr': '<f3', 'fortran_order': False, 'shape': (), }", .unsupportedType("<f3")),
      (
        "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }",
        .notBoolean(element: 1, value: 2)
      ),
    ] as [(String, ArrayFileError.Problem)])
  func claimsThatDoNotHoldAreRefused(_ header: String, _ expected: ArrayFileError.Problem) {
    #expect(Self.refusal(NumPyBytes(header: header, numbers: [1, 2]).bytes) == expected)
  }

  @Test func otherFormatsVersionsAndSizesAreRefused() throws {
    #expect(Self.refusal([]) == .notOfFormat(.npy, found: .empty))
    #expect(
      Self.refusal(Array("PK\u{3}\u{4} is another".utf8)) == .notOfFormat(.npy, found: .zip))
    var bytes = try ArrayFiles.golden("float32.npy")
    bytes[6] = 4
    #expect(Self.refusal(bytes) == .unknownVersion(major: 4, minor: 0))
    (bytes[6], bytes[7]) = (1, 9)
    #expect(Self.refusal(bytes) == .unknownVersion(major: 1, minor: 9))
    let claim = NumPyBytes(header: "{}", version: 2).bytes[..<8] + [0, 0, 1, 0]
    #expect(Self.refusal(Array(claim)) == .headerTooLong(65_536, limit: 65_535))
    #expect(
      Self.refusal(claim[..<8] + [255, 255, 255, 255])
        == .headerTooLong(Int(UInt32.max), limit: 65_535))
  }

  @Test func longNumbersAreOfPython2() {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }"
    for version in [1, 2, 3] as [UInt8] {
      let bytes = NumPyBytes(header: header, version: version, numbers: [1, 2]).bytes
      let expected =
        version == 3
        ? ArrayFileError.Problem.badHeader(
          offset: 52, expected: "\",\" or \")\"") : nil
      #expect(Self.refusal(bytes) == expected)
    }
  }

  @Test func numbersBeyondTheBudgetAreRefused() throws {
    var options = ReadingOptions()
    options.memoryBytes = 23
    let bytes = try ArrayFiles.golden("float32.npy")
    #expect(Self.refusal(bytes, options) == .overBudget(needed: 24, limit: 23))
    options.memoryBytes = 24
    #expect(Self.refusal(bytes, options) == nil)
  }

  @Test(arguments: ["float32", "version2", "fortran", "scalar", "object"])
  func everyTruncationIsRefused(_ file: String) throws {
    let bytes = try ArrayFiles.golden("\(file).npy")
    for count in bytes.indices {
      #expect(Self.refusal(Array(bytes[..<count])) != nil, "\(count) bytes")
    }
    #expect(Self.refusal(bytes + [0]) != nil)
  }

  /// The format has no checksum: a flip may give other numbers, but never another number of them.
  @Test func everyFlippedBitIsRefusedOrLeavesTheSize() throws {
    let bytes = try ArrayFiles.golden("fortran.npy")
    for bit in 0..<8 * bytes.count {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      _ = problem { () throws(ArrayFileError) in
        let tensor = try NamedTensor(npy: flipped, name: "x")
        #expect(tensor.shape.elementCount == 24 && tensor.storage.byteCount == 96, "bit \(bit)")
      }
    }
  }
}
