@_spi(Testing) import EspalierFormat
import EspalierGraph
import EspalierWriter
import FuzzSupport
import Synchronization

/// What has to hold for every file, whatever is in it.
///
/// 1. Opening, listing and loading end, with a `FormatError` or with what the file holds.
/// 2. Opening and loading everything reads no byte of the file more than a few times.
/// 3. When everything loads, every head loads alone, later and from another reader, and is the same then.
/// 4. What loads can be written, what is written loads as the same model, and is written as the same bytes.
/// 5. With lent bytes, two threads and an allocation that fails, loading fails or makes the same model.
///
/// The sanitizers see to memory, libFuzzer's limits to time, to the size of one allocation and to leaks.
enum Check {
  static func run(_ file: [UInt8]) {
    var limits = ReaderLimits()
    limits.memoryBytes = 1 << 26
    let source = CountingSource(file)
    do throws(FormatError) {
      var reader = try ModelReader(source, limits: limits)
      let model = try reader.load()
      demand(source.bytesRead <= 4 * file.count, "loading read \(source.bytesRead) bytes")
      for head in model.heads {
        expectAlone(head, &reader)
        expectAlone(head, source, limits)
      }
      expectRoundTrip(Contents(model, reader))
      expectFailure(file, limits, model)
    } catch {
      expectHeadsAlone(source, limits)
    }
  }

  /// One head of a new reader is the head that it is among all.
  private static func expectAlone(
    _ head: Model.Head, _ source: CountingSource, _ limits: ReaderLimits
  ) {
    do throws(FormatError) {
      var reader = try ModelReader(source, limits: limits)
      expectAlone(head, &reader)
    } catch {
      fatalError("what was opened does not open again: \(error)")
    }
  }

  /// One head alone is the head that it is among all.
  private static func expectAlone(
    _ head: Model.Head, _ reader: inout ModelReader<CountingSource>
  ) {
    do throws(FormatError) {
      let model = try reader.load(heads: [head.name])
      guard let alone = model.head(named: head.name) else {
        fatalError("\(head.name) was asked for, but not loaded")
      }
      expectSame(alone, head)
    } catch {
      fatalError("\(head.name) loads among all, but not alone: \(error)")
    }
  }

  /// When not everything loads, some of it may.
  private static func expectHeadsAlone(_ source: CountingSource, _ limits: ReaderLimits) {
    guard var reader = try? ModelReader(source, limits: limits) else { return }
    _ = try? reader.sections()
    for name in (try? reader.headNames()) ?? [] {
      guard let model = try? reader.load(heads: [name]) else { continue }
      demand(model.head(named: name) != nil, "\(name) was asked for, but not loaded")
    }
  }

  private static func expectRoundTrip(_ contents: Contents) {
    do {
      let written = try contents.written()
      var reader = try ModelReader(MemorySource(written))
      let again = Contents(try reader.load(), reader)
      expectSame(again, contents)
      demand(try again.written() == written, "the second time, other bytes are written")
    } catch {
      fatalError("what was loaded cannot be written and loaded: \(error)")
    }
  }

  /// The last byte, one of a checksum, chooses the allocation that fails.
  ///
  /// Bytes are lent here, and decoded by two
  /// threads, where they are copied and decoded by one elsewhere.
  private static func expectFailure(_ file: [UInt8], _ limits: ReaderLimits, _ model: Model) {
    var limits = limits
    limits.threads = 2
    limits.failingAllocation = 1 + Int(file.last ?? 0)
    guard var reader = try? ModelReader(MemorySource(file), limits: limits),
      let survived = try? reader.load()
    else { return }
    expectSame(survived, model)
  }
}

/// Stops the fuzzer unless two files hold the same.
private func expectSame(_ left: Contents, _ right: Contents) {
  expectSame(left.model, right.model)
  demand(left.about == right.about, "what people should know differs")
  demand(areSame(left.example, right.example), "examples differ")
}

/// What a file holds that can be written again.
struct Contents {
  let model: Model
  let about: About?
  let example: Example?

  init(_ model: Model, _ reader: ModelReader<some ByteSource>) {
    self.model = model
    about = (try? reader.about()).flatMap { $0 }
    example = (try? reader.example()).flatMap { $0 }
    _ = try? reader.signatures()
  }

  func written() throws(WriterError) -> [UInt8] {
    try ModelWriter(model, about: about, example: example).encode()
  }
}

/// Bytes in memory that counts how many are read.
final class CountingSource: ByteSource {
  private let source: MemorySource
  private let count = Atomic(0)

  var bytesRead: Int { count.load(ordering: .relaxed) }

  init(_ bytes: [UInt8]) {
    source = MemorySource(bytes)
  }

  var byteCount: Int { source.byteCount }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    count.add(buffer.count, ordering: .relaxed)
    try source.read(at: offset, into: buffer)
  }
}
