import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// One test for each case of `FormatError`, in the order of the cases.
///
/// `badSize` and `badStream` are in SectionErrorTests, `outOfMemory` is in UnpackingTests, `wrongTrunk` in
/// CompositionTests.
@Suite struct FormatErrorTests {
  private let file: [UInt8]
  private let lane = SectionID(kind: .head, name: "lane")
  private let laneWeights = SectionID(kind: .weights, name: "lane")

  init() throws {
    file = try ModelWriter(Models.small()).encode()
  }

  private func expect(
    _ error: FormatError, _ file: [UInt8], limits: ReaderLimits = ReaderLimits(),
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: location) { try load(file, limits: limits) }
    #expect(!error.description.isEmpty, sourceLocation: location)
  }

  /// The file with the payload of a graph changed.
  private func withGraph(
    _ kind: SectionKind, _ name: Name, _ change: (inout [UInt8]) -> Void
  ) throws -> [UInt8] {
    var surgery = try Surgery(file)
    change(&surgery.pieces[surgery.position(of: kind, name)].payload)
    return surgery.file()
  }

  /// The head section `lane` of a message made by hand, after a good trunk.
  private func withHead(_ make: (inout ProtobufEncoder) -> Void) throws -> [UInt8] {
    var message = ProtobufEncoder()
    message.name(1, "lane")
    let trunk = try ModelReader(MemorySource(file)).trunkDigest
    message.element(2, trunk.bytes)
    make(&message)
    return try withGraph(.head, "lane") { $0 = message.bytes }
  }

  @Test func fileProblem() {
    #expect(throws: FormatError.fileProblem(.open, code: 2)) {
      _ = try FileSource(path: "/nonexistent/file.espalier")
    }
    #expect(throws: FormatError.fileProblem(.open, code: 21)) { _ = try FileSource(path: "/") }
    #expect(FormatError.fileProblem(.open, code: 2).description.contains("No such file"))
  }

  @Test func endOfFile() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { buffer.deallocate() }
    for offset in [7, 11, -1, Int.max] {
      #expect(throws: FormatError.endOfFile(offset: offset)) {
        try MemorySource([UInt8](repeating: 0, count: 10)).read(at: offset, into: buffer)
      }
    }
  }

  @Test func noTrailer() {
    expect(.noTrailer(offset: 0), [])
    expect(.noTrailer(offset: 127), [UInt8](repeating: 0, count: 127))
    expect(.noTrailer(offset: 4096), [UInt8](repeating: 7, count: 4096))
    expect(.noTrailer(offset: file.count - 1), Array(file.dropLast()))
  }

  @Test func partDoesNotFit() {
    for sizes in [[0xFF, 0xFF], [0x00, 0x00], [0x41, 0x00]] as [[UInt8]] {
      var damaged = file
      damaged.replaceSubrange(file.count - 61..<file.count - 59, with: sizes)
      expect(.partDoesNotFit(offset: file.count), damaged)
    }
  }

  @Test func unknownVersion() {
    var next = file
    Surgery.store(2, at: next.count - 64 + 26, in: &next)
    expect(.unknownVersion(found: 2, supported: 1), Surgery.sealed(next))
  }

  @Test func unknownFeature() {
    // The padding of the index gives way to a feature of the same length.
    let changed = Surgery.withIndex(file) { index in
      let padding = index.lastIndex(of: 0x7A)!
      let name = [UInt8](repeating: 0x61, count: index.count - padding - 2)
      index.replaceSubrange(padding..., with: field(0x12, name))
    }
    let padding = changed.count - 64 - changed[..<(changed.count - 64)].lastIndex(of: 0x12)! - 2
    expect(.unknownFeature(Name(utf8: [UInt8](repeating: 0x61, count: padding))), changed)
  }

  @Test func corrupt() throws {
    var header = file
    header[3] ^= 1
    expect(.corrupt(.part(0)), header)
    var index = file
    index[file.count - 66] ^= 1
    #expect(throws: FormatError.self) { try load(index) }
    var digest = file
    let indexDigest = file[..<(file.count - 64)].lastIndex(of: 0x2A)! + 5
    digest[indexDigest] ^= 1
    expect(.corrupt(.index(0)), digest)
    for piece in try Surgery(file).pieces {
      var section = file
      section[piece.range.upperBound - 1] ^= 1
      expect(.corrupt(.section(piece.id)), section)
    }
  }

  @Test func malformed() throws {
    let range = try Surgery(file).pieces[0].range
    let kind = range.lowerBound + 3
    let changed = Surgery.withSection(file, range) { $0[3] = 0xFF }
    #expect(throws: FormatError.self) { try load(changed) }
    #expect(file[kind] == 0x08)
    let wrongTag = Surgery.withSection(file, range) { $0[3] = 0x10 }
    expect(.malformed(.section(.trunk), offset: kind + 1), wrongTag)
    let other = Surgery.withSection(file, range) { $0[4] = 2 }
    expect(.malformed(.section(.trunk), offset: kind + 2), other)
  }

  @Test func overLimit() throws {
    var limits = ReaderLimits()
    limits.sections = 5
    expect(.overLimit(.sections, found: 6, limit: 5), file, limits: limits)
    limits = ReaderLimits()
    limits.parts = 1
    expect(.overLimit(.parts, found: 2, limit: 1), file + file, limits: limits)
    limits = ReaderLimits()
    limits.graphBytes = 50
    let bytes = try Surgery(file).pieces[0].payload.count
    expect(.overLimit(.graphBytes, found: bytes, limit: 50), file, limits: limits)
    limits = ReaderLimits()
    limits.graphMemoryBytes = 64
    expect(.overLimit(.graphMemory, found: 80, limit: 64), file, limits: limits)
  }

  @Test func everyMemoryLimitIsKept() throws {
    var enough: Int?
    for memory in stride(from: 0, through: 20_000, by: 100) where enough == nil {
      var limits = ReaderLimits()
      limits.memoryBytes = memory
      do throws(FormatError) {
        try load(file, limits: limits)
        enough = memory
      } catch {
        guard case .overLimit(.memory, let found, memory) = error else {
          Issue.record("\(memory) bytes: \(error)")
          return
        }
        #expect(found > memory)
      }
    }
    #expect(enough != nil)
  }

  @Test func unknownCodec() throws {
    let piece = try Surgery(file).pieces[0]
    // tag, length (2 bytes), kind (2), name (2 + 5), codec tag, codec
    let unknown = Surgery.withSection(file, piece.range) { $0[13] = 9 }
    expect(.unknownCodec(9, .trunk), unknown)
    let planes = Surgery.withSection(file, piece.range) { $0[13] = 3 }
    expect(.unknownCodec(3, .trunk), planes)
  }

  @Test(
    arguments: [
      ("a known field out of order", [0x0A, 0x00]),
      ("half a field", [0x12]),
    ] as [(String, [UInt8])])
  func badMessage(_ what: String, _ bytes: [UInt8]) throws {
    expect(.badMessage(.trunk), try withGraph(.trunk, "trunk") { $0 += bytes })
  }

  @Test func unknownField() throws {
    expect(.unknownField(.trunk), try withGraph(.trunk, "trunk") { $0 += [0x78, 0x01] })
    expect(
      .unknownField(lane),
      try withHead {
        $0.element(4) { _ in }
        $0.element(5) { $0.number(99, 1) }
      })
  }

  @Test func badMessageWhereSomethingIsMissing() throws {
    expect(.badMessage(.trunk), try withGraph(.trunk, "trunk") { $0 = [0x12, 0x00] })
    expect(.badMessage(lane), try withHead { _ in })
    expect(.badMessage(lane), try withHead { $0.element(4) { _ in } })
    expect(.badMessage(lane), try withGraph(.head, "lane") { $0[2] = 0x4C })
    expect(.badMessage(lane), try withGraph(.head, "lane") { $0[2] = 0 })
  }

  /// Names are checked before an error can print them: an escape sequence must not reach a terminal.
  @Test func namesThatCannotBePrintedAreRefusedEverywhere() throws {
    let bad: Name = "\u{1B}[2J"
    let digest = SHA256.digest(of: []).bytes
    let places: [(GraphPart, (inout ProtobufEncoder) -> Void)] = [
      (
        .head,
        {
          $0.element(3) { $0.name(1, bad) }
          $0.element(4) { _ in }
        }
      ),
      (
        .output,
        {
          $0.element(3) { $0.name(2, bad) }
          $0.element(4) { _ in }
        }
      ),
      (
        .text,
        {
          $0.element(4) {
            $0.element(1) {
              $0.name(1, bad)
              $0.element(2, digest)
            }
          }
        }
      ),
      (.input, { $0.element(4) { $0.element(2) { $0.name(1, bad) } } }),
      (.parameter, { $0.element(4) { $0.element(3) { $0.name(1, bad) } } }),
      (.node, { $0.element(4) { $0.element(4) { $0.name(4, bad) } } }),
      (.output, { $0.element(4) { $0.element(5) { $0.name(1, bad) } } }),
    ]
    for (part, make) in places {
      let file = try withHead { head in
        make(&head)
        head.element(5) { $0.number(1, 3) }
      }
      #expect(throws: FormatError.invalidModel(.badName(part, head: "lane"))) { try load(file) }
    }
  }

  @Test func badMessageWhereAValueHasTwoForms() throws {
    func input(_ make: (inout ProtobufEncoder) -> Void) throws -> [UInt8] {
      try withHead {
        $0.element(4) {
          $0.element(2) {
            $0.name(1, "x")
            $0.number(2, 1)
            $0.element(3) { make(&$0) }
          }
        }
        $0.element(5) { $0.number(1, 3) }
      }
    }
    expect(
      .badMessage(lane),
      try input {
        $0.number(1, UInt64(Dimension.usualProbe))
        $0.name(2, "batch")
      })
    expect(
      .badMessage(lane),
      try withNode {
        $0.number(1, 1)
        $0.number(2, 1)
        $0.signed(3, 5)
        $0.float(5, 1)
      })
  }

  /// A head with a node of one attribute.
  private func withNode(
    operator number: UInt32 = 4, _ attribute: (inout ProtobufEncoder) -> Void
  ) throws -> [UInt8] {
    try withHead {
      $0.element(4) {
        $0.element(4) {
          $0.number(1, number)
          $0.element(3) { attribute(&$0) }
        }
      }
      $0.element(5) { $0.number(1, 3) }
    }
  }

  @Test func unknownNumber() throws {
    expect(
      .unknownNumber(.operator, 99, lane), try withNode(operator: 99) { $0.number(1, 1) })
    expect(.unknownNumber(.attributeKey, 77, lane), try withNode { $0.number(1, 77) })
    expect(
      .unknownNumber(.attributeType, 9, lane),
      try withNode {
        $0.number(1, 1)
        $0.number(2, 9)
      })
    expect(
      .unknownNumber(.elementType, 55, lane),
      try withHead { $0.element(4) { $0.element(2) { $0.number(2, 55) } } })
    expect(
      .unknownNumber(.task, 0, lane),
      try withHead {
        $0.element(4) { _ in }
        $0.element(5) { $0.name(3, "m") }
      })
  }

  @Test func numberOutOfRange() throws {
    expect(
      .numberOutOfRange(lane),
      try withHead {
        $0.element(4) {
          $0.element(2) {
            $0.number(2, 1)
            $0.element(3) { $0.number(1, UInt64.max) }
          }
        }
      })
    expect(
      .numberOutOfRange(lane),
      try withHead { $0.element(4) { $0.element(3) { $0.number(4, 3) } } })
  }

  @Test func duplicateSection() throws {
    for kind in [.trunk, .head, .weights] as [SectionKind] {
      var surgery = try Surgery(file)
      let piece = surgery.pieces.first { $0.id.kind == kind }!
      surgery.pieces.append(piece)
      expect(.duplicateSection(piece.id), surgery.file())
    }
  }

  @Test func noTrunk() throws {
    let model = try Models.small()
    expect(.noTrunk, try ModelWriter(model, contents: .heads(["lane"])).encode())
    expect(.noTrunk, try ModelWriter(model, contents: .heads([])).encode())
  }

  @Test func differentTrunks() throws {
    let other = try ModelWriter(Models.small(scale: 7)).encode()
    let first = try ModelReader(MemorySource(file)).trunkDigest
    let second = try ModelReader(MemorySource(other)).trunkDigest
    expect(.differentTrunks(first, second), file + other)
  }

  @Test func missingSection() throws {
    var surgery = try Surgery(file)
    let position = surgery.position(of: .weights, "lane")
    let expected = surgery.pieces[position].digest
    let found = SHA256.digest(of: [1])
    surgery.pieces[position].digest = found
    expect(
      .missingSection(laneWeights, of: lane, expected: expected, found: found), surgery.file())
    surgery.pieces.remove(at: position)
    expect(.missingSection(laneWeights, of: lane, expected: expected, found: nil), surgery.file())
  }

  @Test func unknownHead() throws {
    let error = FormatError.unknownHead("lame", known: ["lane", "sign"])
    #expect(throws: error) { try load(file, heads: ["sign", "lame"]) }
    #expect(error.description == "there is no head lame; the heads are lane, sign")
    let many = FormatError.unknownHead("x", known: (0..<30).map { Name("h\($0)") })
    #expect(many.description.hasSuffix("h19 and 10 more"))
  }

  @Test func invalidModel() throws {
    // The size of the first parameter's first axis, 4, becomes 5: the tensor no longer fits its weights.
    let changed = try withGraph(.trunk, "trunk") { payload in
      let sizes = (0..<payload.count).first { Array(payload[$0...].prefix(4)) == [0x1A, 2, 4, 4] }!
      payload[sizes + 2] = 5
    }
    expect(.invalidModel(.badParameter("w", head: nil)), changed)
    let place = NodePlace(head: "lane", index: 0, name: "")
    expect(
      .invalidModel(.invalidNode(.invalidAttribute(.function), place)),
      try withNode {
        $0.number(1, 1)
        $0.number(2, 1)
        $0.signed(3, 999)
      })
  }
}
