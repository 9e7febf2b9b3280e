import EspalierArrays
import EspalierFiles
import EspalierGraph
import EspalierZip
import Testing

/// Archives that claim what they should not.
///
/// To add one, append it with the error that has to be found.
@Suite struct HostileArchiveTests {
  private static let tensor = NamedTensor(name: "x", shape: [3], values: [1, 2, 3] as [Int32])
  private static let good = ZipBytes.Entry("x.npy", tensor.npy)

  private static func refusal(
    _ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions()
  ) -> ArrayFileError? {
    problem { () throws(ArrayFileError) in
      _ = try NumPyArchive(decoding: bytes, options: options)
    }
  }

  private static func refusal(
    _ options: ReadingOptions = ReadingOptions(), _ change: (inout ZipBytes.Entry) -> Void
  ) -> ArrayFileError? {
    var entry = good
    change(&entry)
    return refusal(ZipBytes([entry]).bytes, options)
  }

  @Test func theArchivesOfTheseTestsAreRead() throws {
    #expect(try NumPyArchive(decoding: ZipBytes([Self.good]).bytes).tensors == [Self.tensor])
    var deflated = Self.good
    (deflated.method, deflated.stored) = (8, ZipBytes.deflated(deflated.content))
    #expect(try NumPyArchive(decoding: ZipBytes([deflated]).bytes).tensors == [Self.tensor])
  }

  @Test func otherFilesAreNoArchives() throws {
    func expected(_ found: FileKind) -> ArrayFileError {
      ArrayFileError(.notOfFormat(.npz, found: found))
    }
    #expect(Self.refusal([]) == expected(.empty))
    #expect(Self.refusal(Self.tensor.npy) == expected(.npy))
    #expect(Self.refusal(Array("PK and nothing else".utf8)) == expected(.text))
    #expect(Self.refusal(Array("PK\u{3}\u{4} and nothing else".utf8)) == expected(.zip))
  }

  @Test func arraysOfOneNameAreRefused() {
    let bytes = ZipBytes([Self.good, ZipBytes.Entry("y.npy", Self.tensor.npy), Self.good]).bytes
    #expect(Self.refusal(bytes)?.problem == .duplicateName)
  }

  @Test func encryptedEntriesAreRefused() {
    #expect(Self.refusal { $0.flags = 1 } == ArrayFileError(.encrypted, in: "x"))
  }

  @Test func otherCompressionsAreRefusedByNumber() {
    for method: UInt16 in [1, 9, 12, 14, 93, 95] {
      #expect(
        Self.refusal { $0.method = method }
          == ArrayFileError(.unknownCompression(Int(method)), in: "x"))
    }
  }

  @Test func otherEntriesThanArraysAreRefusedByName() {
    for name in ["notes.txt", "x", "x.npy/", "folder/"] {
      let refusal = Self.refusal(ZipBytes([ZipBytes.Entry(name, [])]).bytes)
      #expect(refusal == ArrayFileError(.notAnArray, in: Name(name)))
    }
    #expect(
      Self.refusal(ZipBytes([.init("x.npy", [1])]).bytes)
        == ArrayFileError(.notOfFormat(.npy, found: .unknown), in: "x"))
  }

  @Test func whateverIsWrongWithArraysThatNobodyReadsIsInNobodysWay() throws {
    let object = NumPyBytes(header: "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")
    var encrypted = ZipBytes.Entry("e.npy", Self.tensor.npy)
    encrypted.flags = 1
    let bytes = ZipBytes([
      .init("o.npy", object.bytes), encrypted, .init("notes.txt", []), .init("\u{7}.npy", []),
      .init("short.npy", [1]), Self.good,
    ]).bytes
    let archive = try NumPyArchive(decoding: bytes, only: ["x", "missing"])
    #expect(archive.tensors == [Self.tensor])
    #expect(archive.unread == ["o", "e", "short"])
    for (name, expected) in [("o", .objects), ("e", .encrypted)]
      as [(Name, ArrayFileError.Problem)]
    {
      let refusal = problem { () throws(ArrayFileError) in
        _ = try NumPyArchive(decoding: bytes, only: ["x", name])
      }
      #expect(refusal == ArrayFileError(expected, in: name))
    }
    #expect(Self.refusal(bytes)?.problem == .objects)
  }

  @Test func namesThatDoNotPrintAreRefused() {
    for name in ["\u{1B}[2J.npy", "a\nb.npy", "", ".npy"] {
      let refusal = Self.refusal(ZipBytes([Self.good, .init(name, Self.tensor.npy)]).bytes)
      #expect(refusal?.problem == .badName(entry: 2), "\(name.debugDescription)")
    }
  }

  @Test func pathsAreNamesAndNothingElse() throws {
    let names = ["../../etc/passwd", "/etc/passwd", "C:\\x"]
    let bytes = ZipBytes(names.map { ZipBytes.Entry("\($0).npy", Self.tensor.npy) }).bytes
    #expect(try NumPyArchive(decoding: bytes).tensors.map(\.name) == names.map { Name($0) })
  }

  @Test func sizesThatNoCompressedBytesReachAreRefusedBeforeTheyAreAllocated() {
    let refusal = Self.refusal {
      ($0.method, $0.stored, $0.claimedSize) = (8, ZipBytes.deflated($0.content), 4_000_000_000)
    }
    #expect(
      refusal
        == ArrayFileError(
          .impossibleSize(4_000_000_000, stored: Self.tensor.npy.count + 5), in: "x"))
  }

  @Test func sizesThatShapesDoNotSayAreRefusedBeforeTheyAreAllocated() {
    let content = NumPyBytes(
      header: "{'descr': '<f4', 'fortran_order': False, 'shape': (250000000,), }", numbers: [0])
    let refusal = Self.refusal(ZipBytes([.init("x.npy", content.bytes)]).bytes)
    #expect(refusal == ArrayFileError(.wrongSize(found: 1, expected: 1_000_000_000), in: "x"))
  }

  @Test func streamsOfMoreOrFewerBytesThanClaimedAreRefused() {
    for difference in [-1, 1, 1000] {
      let stored =
        difference < 0
        ? Array(Self.tensor.npy.dropLast(-difference))
        : Self.tensor.npy + [UInt8](repeating: 0, count: difference)
      let refusal = Self.refusal { ($0.method, $0.stored) = (8, ZipBytes.deflated(stored)) }
      guard case .damaged? = refusal?.problem else {
        Issue.record("\(difference) bytes: \(String(describing: refusal))")
        continue
      }
    }
  }

  @Test func wrongSumsAndStreamsAreRefused() {
    for change: (inout ZipBytes.Entry) -> Void in [
      { $0.claimedSum = 1 }, { ($0.method, $0.stored) = (8, [7, 7, 7, 7]) },
      { $0.localName = Array("y.npy".utf8) },
    ] {
      guard case .damaged? = Self.refusal(ReadingOptions(), change)?.problem else {
        Issue.record("\(String(describing: Self.refusal(ReadingOptions(), change)))")
        continue
      }
    }
  }

  @Test func allArraysTogetherStayInTheBudget() {
    var options = ReadingOptions()
    options.memoryBytes = 23
    let bytes = ZipBytes([Self.good, .init("y.npy", Self.tensor.npy)]).bytes
    #expect(
      Self.refusal(bytes, options) == ArrayFileError(.overBudget(needed: 24, limit: 23), in: "y"))
    options.memoryBytes = 24
    #expect(Self.refusal(bytes, options) == nil)
    options.arrays = 1
    #expect(Self.refusal(bytes, options) == ArrayFileError(.tooManyArrays(2, limit: 1)))
  }

  @Test func directoriesThatClaimOtherNumbersOfEntriesAreRefused() {
    for count: UInt16 in [0, 2, 60_000, 65_535] {
      #expect(Self.refusal(ZipBytes([Self.good], claimedCount: count).bytes) != nil, "\(count)")
    }
  }

  @Test(arguments: ["stored.npz", "deflated.npz", "none.npz"])
  func everyTruncationIsRefused(_ file: String) throws {
    let bytes = try ArrayFiles.golden(file)
    let options = ReadingOptions(narrowsFloat64: true)
    for count in bytes.indices {
      #expect(Self.refusal(Array(bytes[..<count]), options) != nil, "\(count) bytes")
    }
  }

  /// Flips in time stamps, attributes and the like mean nothing; no flip may give other arrays.
  @Test(arguments: ["stored.npz", "deflated.npz"])
  func everyFlippedBitIsRefusedOrChangesNothing(_ file: String) throws {
    let bytes = try ArrayFiles.golden(file)
    let options = ReadingOptions(narrowsFloat64: true)
    let expected = try NumPyArchive(decoding: bytes, options: options)
    for bit in 0..<8 * bytes.count {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      _ = problem { () throws(ArrayFileError) in
        let archive = try NumPyArchive(decoding: flipped, options: options)
        #expect(archive == expected, "bit \(bit)")
      }
    }
  }

  @Test func bytesThatAreOverwrittenAtRandomAreRefusedOrChangeNothing() throws {
    var random = RandomTensors(seed: 5)
    let bytes = try ArrayFiles.golden("deflated.npz")
    let options = ReadingOptions(narrowsFloat64: true)
    let expected = try NumPyArchive(decoding: bytes, options: options)
    for round in 0..<2000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let value = ([0, 1, 0x7F, 0x80, 0xFF] as [UInt8]).randomElement(using: &random) ?? 0
        changed[Int.random(in: changed.indices, using: &random)] = value
      }
      _ = problem { () throws(ArrayFileError) in
        let archive = try NumPyArchive(decoding: changed, options: options)
        #expect(archive == expected, "round \(round)")
      }
    }
  }
}
