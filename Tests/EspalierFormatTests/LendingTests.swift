import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Synchronization
import Testing

/// Plain weights are used where they are when the source lends them, and checked all the same.
@Suite struct LendingTests {
  private let model: Model
  private let file: [UInt8]

  init() throws {
    model = try Models.small()
    file = try ModelWriter(model, weights: .none).encode()
  }

  /// Calls `body` with the file at an offset from a 64-byte boundary.
  private func withMemory(
    offset: Int = 0, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: file.count + offset, alignment: 64)
    defer { memory.deallocate() }
    let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[offset...])
    bytes.copyBytes(from: file)
    try body(UnsafeRawBufferPointer(bytes))
  }

  private func load<Source: ByteSource>(
    _ source: Source, limits: ReaderLimits = ReaderLimits()
  ) throws(FormatError) -> Model {
    var reader = try ModelReader(source, limits: limits)
    return try reader.load()
  }

  private func address(of model: Model) -> Int? {
    model.trunk.graph.parameters[0].storage.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
  }

  private func contains(_ memory: UnsafeRawBufferPointer, _ address: Int?) throws -> Bool {
    let start = Int(bitPattern: memory.baseAddress)
    return (start..<start + memory.count).contains(try #require(address))
  }

  @Test func memoryIsNotCopied() throws {
    try withMemory { memory in
      let read = try load(MemorySource(unsafeBytes: memory))
      expectSame(read, model)
      #expect(try contains(memory, address(of: read)))
    }
  }

  @Test func memoryThatIsNotOnABoundaryIsCopied() throws {
    for offset in [1, 4, 32] {
      try withMemory(offset: offset) { memory in
        let read = try load(MemorySource(unsafeBytes: memory))
        expectSame(read, model)
        #expect(try !contains(memory, address(of: read)), "offset \(offset)")
      }
    }
  }

  @Test func bytesOfASourceOutliveIt() throws {
    let read = try load(MemorySource(file))
    expectSame(read, model)
  }

  /// What is mapped is the same memory each time that it is loaded.
  @Test func filesAreMapped() throws {
    try withFile { path in
      for maps in [true, false] {
        let source = try FileSource(path: path, maps: maps)
        let (first, second) = (try load(source), try load(source))
        expectSame(first, model, "maps: \(maps)")
        #expect((address(of: first) == address(of: second)) == maps, "maps: \(maps)")
        withExtendedLifetime((first, second)) {}
      }
    }
  }

  @Test func replacedFilesKeepTheirMappedBytes() throws {
    try withFile { path in
      let read = try load(FileSource(path: path))
      try ModelWriter(Models.small(scale: 7), weights: .none).write(to: path)
      expectSame(read, model)
    }
  }

  @Test func damageToLentBytesIsFound() throws {
    let range = try #require(
      try ModelReader(MemorySource(file)).entries().first { $0.id.kind == .weights }?.range)
    for index in range {
      var damaged = file
      damaged[index] ^= 1
      #expect(throws: FormatError.self, "byte \(index)") { try load(MemorySource(damaged)) }
    }
    var damaged = file
    damaged[range.upperBound - 1] ^= 1
    let place = FilePlace.section(SectionID(kind: .weights, name: "trunk"))
    #expect(throws: FormatError.corrupt(place)) { try load(MemorySource(damaged)) }
    try withFile(damaged) { path in
      #expect(throws: FormatError.corrupt(place)) {
        try load(FileSource(path: path))
      }
    }
  }

  @Test func filesThatWereShortenedAreNotLent() throws {
    try withFile { path in
      let source = try FileSource(path: path)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 100)
      #expect(throws: FormatError.endOfFile(offset: 100)) { try source.lend(64..<128) }
      #expect(throws: FormatError.endOfFile(offset: 128)) { try source.lend(128..<192) }
      #expect(try source.lend(0..<100)?.byteCount == 100)
    }
  }

  @Test func lendingStaysInsideTheSource() throws {
    let memory = MemorySource([UInt8](repeating: 1, count: 100))
    #expect(throws: FormatError.endOfFile(offset: 64)) { try memory.lend(64..<101) }
    #expect(throws: FormatError.endOfFile(offset: -64)) { try memory.lend(-64..<10) }
    #expect(try memory.lend(1..<10) == nil)
    #expect(try memory.lend(64..<100)?.withUnsafeBytes { Array($0) } == memory.bytes(64..<100))
  }

  @Test func lentWeightsTakeNoMemory() throws {
    let big = Parameter(name: "w", shape: [256, 256], values: .init(repeating: 1, count: 65_536))
    let graph = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(256)])], parameters: [big],
      nodes: [Node(name: "dense", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
      outputs: [GraphOutput(name: "y", value: ValueID(2))])
    let model = try Model(trunk: Model.Trunk(graph: graph, columns: [[]]), heads: [])
    let bytes = try ModelWriter(model, weights: .none).encode()
    var limits = ReaderLimits()
    limits.memoryBytes = 100_000
    expectSame(try load(MemorySource(bytes), limits: limits), model)
    try withFile(bytes) { path in
      #expect(throws: FormatError.self) {
        try load(FileSource(path: path, maps: false), limits: limits)
      }
    }
  }

  @Test func changesInPlaceAreTold() throws {
    let bytes = try ModelWriter(Models.small(), weights: .none).encode()
    try withFile(bytes) { path in
      let source = try FileSource(path: path)
      _ = try load(source)
      #expect(!source.isChanged)
      // Another file of the name is no change of this one.
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
      #expect(!source.isChanged)

      let replaced = try FileSource(path: path)
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
      #expect(replaced.isChanged && !source.isChanged)
    }
  }

  @Test func borrowedBytesAreReleasedOnce() {
    let released = Mutex(0)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 3)
    do {
      nonisolated(unsafe) let borrowed = UnsafeRawBufferPointer(bytes)
      let storage = TensorStorage(borrowing: borrowed) {
        released.withLock { $0 += 1 }
        borrowed.deallocate()
      }
      #expect(storage.byteCount == 64 && storage.withUnsafeBytes { $0.allSatisfy { $0 == 3 } })
      #expect(released.withLock { $0 } == 0)
    }
    #expect(released.withLock { $0 } == 1)
  }

  private func withFile(_ bytes: [UInt8]? = nil, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).espalier").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes ?? file).write(to: URL(fileURLWithPath: path))
    try body(path)
  }
}

extension MemorySource {
  fileprivate func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBytes { try read(at: range.lowerBound, into: $0) }
    return bytes
  }
}
