import EspalierFormat
import EspalierGraph
import Foundation
import Synchronization

/// What opening an archive and loading one head of it costs, while the file is in the system's cache.
struct Measurement {
  private static let rounds = 301

  private let path: String
  private let heads: Int
  private let fileBytes: Int

  /// Prepares to measure a file of heads that `Archive` has named; listing them would take memory.
  init(path: String, heads: Int) throws {
    self.path = path
    self.heads = heads
    fileBytes = try FileSource(path: path).byteCount
  }

  func print() throws {
    let before = try Self.anonymousKilobytes
    var opened = try ModelReader(FileSource(path: path))
    let model = try opened.load(heads: [Archive.headName(heads / 2)])
    let grown = try Self.anonymousKilobytes - before
    let weights = ([model.trunk.graph] + model.heads.map(\.graph)).reduce(0) {
      $0 + 4 * $1.parameterCount
    }
    var (first, second): ([Double], [Double]) = ([], [])
    for round in 0..<Self.rounds {
      // Heads from all over the archive; 7919 is a prime number.
      let name = Archive.headName(round * 7919 % heads)
      let other = Archive.headName((round * 7919 + heads / 2) % heads)
      var start = ContinuousClock.now
      var reader = try ModelReader(FileSource(path: path))
      _ = try reader.load(heads: [name])
      first.append(start.milliseconds)
      start = .now
      _ = try reader.load(heads: [other])
      second.append(start.milliseconds)
    }
    let read = try bytesRead()
    line("heads", "\(heads)")
    line("file", "\(fileBytes) bytes")
    line("open and load one head", "\(first.median.formatted) ms")
    line("load a second head later", "\(second.median.formatted) ms")
    line("bytes read for the first", "\(read.first), \(percent(read.first)) of the file")
    line("bytes read for the second", "\(read.second), \(percent(read.second)) of the file")
    line("memory for the first", "\(grown) kB, for \(weights / 1024) kB of weights")
  }

  private func bytesRead() throws -> (first: Int, second: Int) {
    let source = CountingSource(try FileSource(path: path))
    var reader = try ModelReader(source)
    _ = try reader.load(heads: [Archive.headName(heads / 3)])
    let first = source.bytesRead
    _ = try reader.load(heads: [Archive.headName(heads * 2 / 3)])
    return (first, source.bytesRead - first)
  }

  private func line(_ what: String, _ figure: String) {
    Swift.print(what.padding(toLength: 28, withPad: " ", startingAt: 0) + figure)
  }

  private func percent(_ bytes: Int) -> String {
    String(format: "%.2f %%", 100 * Double(bytes) / Double(fileBytes))
  }

  /// The memory of the process that is no part of any file.
  private static var anonymousKilobytes: Int {
    get throws {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
      return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
  }
}

/// A source that counts the bytes that are read of it.
private final class CountingSource<Source: ByteSource>: ByteSource {
  private let source: Source
  private let count = Atomic(0)

  var bytesRead: Int { count.load(ordering: .relaxed) }

  init(_ source: Source) {
    self.source = source
  }

  var byteCount: Int { source.byteCount }

  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    count.add(buffer.count, ordering: .relaxed)
    try source.read(at: offset, into: buffer)
  }
}

extension ContinuousClock.Instant {
  fileprivate var milliseconds: Double { (ContinuousClock.now - self) / .milliseconds(1) }
}

extension [Double] {
  fileprivate var median: Double { sorted()[count / 2] }
}

extension Double {
  fileprivate var formatted: String { String(format: "%.3f", self) }
}
