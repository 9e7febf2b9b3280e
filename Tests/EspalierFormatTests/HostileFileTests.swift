import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Testing

/// Small files with right checksums that ask for much: what they may cost is bounded by their size.
@Suite struct HostileFileTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  private func expectMemoryLimit(_ body: () throws -> Void) {
    do {
      try body()
      Issue.record("more memory than a small file may take was granted")
    } catch let error as FormatError {
      guard case .overLimit(.memory, _, limit: 1 << 28) = error else {
        Issue.record("\(error)")
        return
      }
    } catch WriterError.unreadable(.overLimit(.memory, _, limit: 1 << 28)) {
    } catch {
      Issue.record("\(error)")
    }
  }

  /// A weights section of zeros: so many blocks of byte planes, each of which takes some hundred bytes.
  private static func zeros(_ blocks: Int, named name: Name) throws -> [UInt8] {
    let plane = [UInt8](repeating: 0, count: Layout.blockElements)
    // A zlib stream without its header and checksum is what a chunk has to be.
    let chunk = Array(
      plane.withUnsafeBytes { Deflater(.message).deflated($0) }.dropFirst(2).dropLast(4))
    let count = 8 * blocks
    var section = ProtobufEncoder()
    section.number(1, SectionKind.weights.rawValue)
    section.name(2, name)
    section.number(3, Codec.planes.rawValue)
    section.number(4, count * plane.count)
    section.number(5, 8)
    section.packed(6, [UInt64](repeating: UInt64(chunk.count), count: count))
    section.element(15, Array([[UInt8]](repeating: chunk, count: count).joined()))
    return field(Layout.Tag.section, section.bytes)
  }

  /// 300 MB of zeros that no graph names, in 400 kB.
  @Test func verifyingIsBoundedLikeLoading() throws {
    let base = try ModelWriter(Models.flat(heads: ["a"])).encode()
    let zeros = try Self.zeros(572, named: "trunk")
    let extra = Surgery.part { (part) throws(WriterError) in
      try part.append(
        zeros, id: SectionID(kind: .weights, name: "trunk"), digest: SHA256.digest(of: []))
    }
    try load(base + extra)
    try withFile(base + extra) { path in
      expectMemoryLimit { _ = try ModelFile(path: path).verify() }
    }
  }

  @Test func limitsFollowTheSizeOfTheFile() {
    var limits = ReaderLimits()
    #expect(limits.memoryBytes(ofFileOf: 0) == 1 << 28)
    #expect(limits.memoryBytes(ofFileOf: 1 << 24) == 1 << 29)
    #expect(limits.memoryBytes(ofFileOf: 1 << 40) == 1 << 34)
    #expect(limits.memoryBytes(ofFileOf: Int.max) == 1 << 34)
    #expect(limits.parameterBytes(ofFileOf: 1 << 40) == 1 << 45)
    #expect(limits.parameterBytes(ofFileOf: Int.max) == Int.max)
    limits.memoryBytes = 1000
    #expect(limits.memoryBytes(ofFileOf: 1 << 24) == 1000)
    #expect(limits.parameterBytes(ofFileOf: 0) == 1 << 28, "lent weights take no memory")
  }

  /// Seventy parameters of 4 MB, all of the same numbers: whoever writes or compares them does so seventy times.
  @Test func parametersThatShareNumbersAreCountedEach() throws {
    let shared = TensorStorage([Float](repeating: 0, count: 1 << 20))
    func file(_ count: Int) throws -> [UInt8] {
      let graph = Graph(
        inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(4)])],
        parameters: (0..<count).map {
          Parameter(
            name: Name("p\($0)"), type: TensorType(.float32, [1 << 20]), storage: shared)
        }, nodes: [], outputs: [GraphOutput(name: "y", value: ValueID(0))])
      return try ModelWriter(Model(trunk: .init(graph: graph, columns: [[]]), heads: [])).encode()
    }
    #expect(try load(file(60)).trunk.graph.parameters.count == 60)
    let error = FormatError.overLimit(.parameters, found: 65 << 22, limit: 1 << 28)
    #expect(throws: error) { try load(file(70)) }
    #expect(error.description.contains("bytes of parameters, many of which share their numbers"))
  }

  /// Weights that a graph names are looked for, but decoded only when a parameter lies in them.
  @Test func weightsWithoutParametersAreNotDecoded() throws {
    let source = RecordingSource(try fileWithUnusedWeights())
    var reader = try ModelReader(source)
    source.forget()
    expectSame(try reader.load(), try Models.flat(heads: ["a"]))
    let unused = try #require(
      reader.entries().first { $0.id == SectionID(kind: .weights, name: "unused") })
    #expect(source.ranges.allSatisfy { !$0.overlaps(unused.range) })
  }

  /// A file whose trunk names a section of weights that none of its parameters lies in.
  private func fileWithUnusedWeights() throws -> [UInt8] {
    let model = try Models.flat(heads: ["a"])
    var message = ProtobufEncoder()
    let (graph, weights) = (model.trunk.graph, model.trunk.graph.parameters[0])
    let numbers = weights.withStoredBytes { Array($0) }
    let payload = WeightsPayload(
      bytes: numbers, element: .float32, digest: SHA256.digest(of: numbers))
    let unused = WeightsPayload(
      bytes: [UInt8](repeating: 7, count: 4096), element: .uint8, digest: SHA256.digest(of: []))
    message.element(1) {
      $0.graph(
        graph,
        weights: [
          WeightsReference(name: "trunk", digest: payload.digest),
          WeightsReference(name: "unused", digest: unused.digest),
        ], places: [ParameterPlace(section: 0, offset: 0)])
    }
    message.columns(model.trunk.columns)
    let heads = try heads(of: model, on: message.bytes)
    return Surgery.part { (part) throws(WriterError) in
      try part.append(EncodedSection(.trunk, message: message.bytes))
      try part.append(EncodedSection(planesOf: payload, name: "trunk"))
      try part.append(EncodedSection(planesOf: unused, name: "unused"))
    } + heads
  }

  /// The part of a model's heads, for a trunk of another message.
  private func heads(of model: Model, on trunk: [UInt8]) throws -> [UInt8] {
    var surgery = try Surgery(ModelWriter(model).encode())
    surgery.pieces.removeAll { $0.id.name == SectionID.trunkName }
    let head = surgery.position(of: .head, "a")
    let old = try ModelReader(MemorySource(ModelWriter(model).encode())).trunkDigest.bytes
    let payload = surgery.pieces[head].payload
    let place = try #require(
      payload.indices.first { payload[$0...].starts(with: old) })
    surgery.pieces[head].payload.replaceSubrange(
      place..<place + old.count, with: SHA256.digest(of: trunk).bytes)
    return surgery.file()
  }

  /// Names that differ at their ends only, each looked up for every input that reads it.
  @Test(.timeLimit(.minutes(1))) func longNamesAreLookedUpQuickly() throws {
    let names = (0..<4096).map { Name(String(repeating: "n", count: 300) + String(10_000 + $0)) }
    let trunk = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(3)])], parameters: [], nodes: [],
      outputs: names.map { GraphOutput(name: $0, value: ValueID(0)) })
    let heads = (0..<8).map { head in
      Model.Head(
        name: Name("h\(head)"), sources: names.suffix(1024).map { .feature($0) },
        graph: Graph(
          inputs: (0..<1024).map {
            GraphInput(name: Name("\($0)"), dimensions: [.batch, .fixed(3)])
          }, parameters: [], nodes: [], outputs: [GraphOutput(name: "y", value: ValueID(7))]),
        description: HeadDescription(task: .regression))
    }
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: heads)
    expectSame(try load(ModelWriter(model).encode()), model)
  }
}

/// Looking for the beginning of a file that is whole.
@Suite struct RecoveryTests {
  private func recover(_ bytes: [UInt8]) throws -> [UInt8]? {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (damaged, saved) = (folder.appending(path: "damaged"), folder.appending(path: "saved"))
    try Data(bytes).write(to: damaged)
    do throws(WriterError) {
      _ = try ModelFile.recover(damaged.path, to: saved.path)
    } catch {
      #expect(!FileManager.default.fileExists(atPath: saved.path))
      guard error == .nothingToRecover else { throw error }
      return nil
    }
    return [UInt8](try Data(contentsOf: saved))
  }

  private func repeated(_ part: [UInt8], _ count: Int) -> [UInt8] {
    Array([[UInt8]](repeating: part, count: count).joined())
  }

  /// Five thousand sound parts behind one that is not: none of their ends is looked at from the beginning again.
  @Test(.timeLimit(.minutes(1))) func nothingIsBehindADamagedPart() throws {
    var first = try ModelWriter(Models.flat(heads: ["a"])).encode()
    let more = try ModelWriter(Models.flat(heads: ["b"]), contents: .heads(["b"])).encode()
    first[first.count - 70] ^= 1
    #expect(try recover(first + repeated(more, 5000)) == nil)
  }

  @Test(.timeLimit(.minutes(1))) func partsWithoutATrunkAreNothing() throws {
    let head = try ModelWriter(Models.flat(heads: ["b"]), contents: .heads(["b"])).encode()
    #expect(try recover(repeated(head, 3000) + [0]) == nil)
  }

  /// Heads for another trunk are left out one by one, from the end.
  @Test func theLongestBeginningIsFound() throws {
    let base = try ModelWriter(Models.flat(heads: ["a"])).encode()
    let other = try ModelWriter(Models.small(scale: 3), contents: .heads(["lane"])).encode()
    #expect(try recover(base + repeated(other, 20) + [1, 2, 3]) == base)
  }

  /// So many beginnings that fail late that looking at all of them would never end.
  @Test(.timeLimit(.minutes(1))) func attemptsShareOneBudget() throws {
    let base = try ModelWriter(Models.flat(heads: ["a"])).encode()
    let other = try ModelWriter(Models.small(scale: 3), contents: .heads(["lane"])).encode()
    do {
      _ = try recover(base + repeated(other, 1000))
      Issue.record("a thousand beginnings were looked at")
    } catch WriterError.unreadable(.overLimit(.memory, _, limit: 1 << 28)) {
    }
  }
}
