@_spi(Testing) import EspalierFormat
import EspalierGraph
import EspalierWriter

/// What has to hold for every file, whatever is in it.
///
/// 1. Opening, listing and loading end, with a `FormatError` or with what the file holds.
/// 2. Opening and loading everything reads no byte of the file more than a few times.
/// 3. When everything loads, every head loads alone, and is the same then.
/// 4. What loads can be written, what is written loads as the same model, and is written as the same bytes.
/// 5. When an allocation fails, loading fails or makes the same model.
///
/// The sanitizers see to memory, libFuzzer's limits to time, to the size of one allocation and to leaks.
enum Check {
  static func run(_ file: [UInt8]) {
    var limits = ReaderLimits()
    limits.memoryBytes = 1 << 26
    let source = CountingSource(file)
    do throws(FormatError) {
      let reader = try ModelReader(source, limits: limits)
      _ = try? reader.sections()
      source.bytesRead = 0
      let model = try reader.load()
      demand(source.bytesRead <= 4 * file.count, "loading read \(source.bytesRead) bytes")
      for head in model.heads { expectAlone(head, reader) }
      expectRoundTrip(model)
      expectFailure(file, limits, model)
    } catch {
      expectHeadsAlone(source, limits)
    }
  }

  /// One head alone is the head that it is among all.
  private static func expectAlone(_ head: Model.Head, _ reader: ModelReader<CountingSource>) {
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

  /// When not everything loads, some heads may.
  private static func expectHeadsAlone(_ source: CountingSource, _ limits: ReaderLimits) {
    guard let reader = try? ModelReader(source, limits: limits) else { return }
    for name in reader.headNames {
      guard let model = try? reader.load(heads: [name]) else { continue }
      demand(model.head(named: name) != nil, "\(name) was asked for, but not loaded")
    }
  }

  private static func expectRoundTrip(_ model: Model) {
    do {
      let written = try ModelWriter(model).encode()
      let again = try ModelReader(MemorySource(written)).load()
      expectSame(again, model)
      demand(try ModelWriter(again).encode() == written, "the second time, other bytes are written")
    } catch {
      fatalError("what was loaded cannot be written and loaded: \(error)")
    }
  }

  /// The last byte, one of a checksum, chooses the allocation that fails.
  private static func expectFailure(_ file: [UInt8], _ limits: ReaderLimits, _ model: Model) {
    var limits = limits
    limits.failingAllocation = 1 + Int(file.last ?? 0)
    guard let survived = try? ModelReader(MemorySource(file), limits: limits).load() else { return }
    expectSame(survived, model)
  }

  static func demand(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
  }
}

/// Bytes in memory that counts how many are read.
final class CountingSource: ByteSource {
  private let source: MemorySource
  var bytesRead = 0

  init(_ bytes: [UInt8]) {
    source = MemorySource(bytes)
  }

  var byteCount: Int { source.byteCount }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    bytesRead += buffer.count
    try source.read(at: offset, into: buffer)
  }
}
