internal import EspalierGraph

/// Sources one after the other, as `cat` would join them.
package struct JoinedSource<Source: ByteSource>: ByteSource {
  private let sources: [Source]
  /// Where each source begins, and where the last one ends.
  private let starts: [Int]

  /// Joins sources.
  package init(_ sources: [Source]) {
    self.sources = sources
    var starts = [0]
    for source in sources { starts.append(starts[starts.count - 1] + source.byteCount) }
    self.starts = starts
  }

  /// How many bytes all have.
  package var byteCount: Int { starts[starts.count - 1] }

  /// Fills a buffer with the bytes from a position on.
  package func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    guard offset >= 0, offset <= byteCount, buffer.count <= byteCount - offset else {
      throw .endOfFile(offset: offset)
    }
    var done = 0
    var index = lowerBound(sources.count) { starts[$0 + 1] <= offset }
    while done < buffer.count {
      let place = offset + done - starts[index]
      let count = min(sources[index].byteCount - place, buffer.count - done)
      try sources[index].read(at: place, into: .init(rebasing: buffer[done..<done + count]))
      done += count
      index += 1
    }
  }
}

/// The first bytes of a source.
package struct PrefixSource<Source: ByteSource>: ByteSource {
  private let source: Source
  /// How many bytes there are.
  package let byteCount: Int

  /// Takes the first bytes of a source, which has as many.
  package init(_ source: Source, byteCount: Int) {
    self.source = source
    self.byteCount = byteCount
  }

  /// Fills a buffer with the bytes from a position on.
  package func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    guard offset >= 0, offset <= byteCount, buffer.count <= byteCount - offset else {
      throw .endOfFile(offset: offset)
    }
    try source.read(at: offset, into: buffer)
  }
}
