internal import CEspalierDecode

/// Blocks for which a thread is worth starting.
private let leastBlocksOfThread = 2

extension SectionReader {
  /// Decodes byte planes, of which the cursor has passed the header only.
  ///
  /// Blocks do not depend on each other, so that each thread takes a run of them.
  mutating func decodePlanes(
    into buffer: UnsafeMutableRawBufferPointer, threads: Int
  ) throws(FormatError) -> DecodedPayload {
    let runs = try planeRuns(atMost: threads)
    if runs.count == 1 { return try runs[0].decode(&cursor, into: buffer) }
    var results = runs.map { _ in Result<DecodedPayload, FormatError>.failure(.outOfMemory(id)) }
    results.withUnsafeMutableBufferPointer { results in
      concurrently(runs.count) { results[$0] = runs[$0].decode(into: buffer) }
    }
    var whole = DecodedPayload(crc: cursor.crc, isValid: true)
    for (run, result) in zip(runs, results) {
      let part = try result.get()
      whole.crc = espalier_crc32_joined(whole.crc, part.crc, run.payload.count)
      whole.isValid = whole.isValid && part.isValid
    }
    return whole
  }

  /// Splits the blocks into runs of about the same length.
  private func planeRuns(atMost most: Int) throws(FormatError) -> [PlaneRun<Source>] {
    let width = header.elementBytes
    let blockBytes = width * Layout.blockElements
    let blocks = (header.rawBytes - 1) / blockBytes + 1
    let count = max(1, min(most, blocks / leastBlocksOfThread))
    var sizes = Cursor(source, header.chunkSizes, place: .section(id))
    var start = header.payload.lowerBound
    var runs: [PlaneRun<Source>] = []
    for index in 0..<count {
      let first = blocks * index / count
      let next = blocks * (index + 1) / count
      let sizesStart = sizes.offset
      var end = header.payload.upperBound
      if index < count - 1 {
        end = start
        for _ in 0..<(next - first) * width { end += Int(try sizes.number()) }
        guard end <= header.payload.upperBound else { throw .badSize(id) }
      }
      runs.append(
        PlaneRun(
          source: source, section: id, width: width,
          sizes: sizesStart..<header.chunkSizes.upperBound, payload: start..<end,
          output: first * blockBytes..<min(next * blockBytes, header.rawBytes)))
      start = end
    }
    return runs
  }
}

/// Blocks of byte planes that follow each other.
private struct PlaneRun<Source: ByteSource> {
  let source: Source
  let section: SectionID
  /// Bytes of an element.
  let width: Int
  /// Where the stored sizes of the run's chunks begin, and where those of the section end.
  let sizes: Range<Int>
  /// Where the stored chunks lie.
  let payload: Range<Int>
  /// Which bytes of the decoded section they are.
  let output: Range<Int>

  /// Decodes the run with a cursor of its own.
  func decode(
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Result<DecodedPayload, FormatError> {
    var cursor = Cursor(source, payload, place: .section(section))
    do throws(FormatError) {
      return .success(try decode(&cursor, into: buffer))
    } catch {
      return .failure(error)
    }
  }

  /// Decodes the run into its part of the section's buffer, with a cursor that ends where the run does.
  func decode(
    _ cursor: inout Cursor<Source>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> DecodedPayload {
    let isValid = try decodeBlocks(&cursor, into: .init(rebasing: buffer[output]))
    try cursor.skipToEnd()
    return DecodedPayload(crc: cursor.crc, isValid: isValid)
  }

  /// Decodes the blocks up to the first that is not valid, and returns whether there is none.
  private func decodeBlocks(
    _ cursor: inout Cursor<Source>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) -> Bool {
    let blockBytes = width * Layout.blockElements
    var decoder = BlockDecoder(
      section: section, width: width, elements: min(buffer.count, blockBytes) / width)
    var sizes = Cursor(source, sizes, place: .section(section))
    do throws(FormatError) {
      for start in stride(from: 0, to: buffer.count, by: blockBytes) {
        let block = UnsafeMutableRawBufferPointer(rebasing: buffer[start...].prefix(blockBytes))
        try decoder.decode(&cursor, &sizes, into: block)
      }
      return true
    } catch .badStream {
      return false
    }
  }
}

/// Decodes one block of byte planes after the other.
///
/// Its working memory is four planes of a block, a stored chunk and what inflating takes.
private struct BlockDecoder: ~Copyable {
  private let section: SectionID
  private let width: Int
  /// How far apart the planes are in memory.
  private let stride: Int
  private let planes: UnsafeMutableRawBufferPointer
  /// A chunk as it is stored.
  private let stored: UnsafeMutableRawBufferPointer
  private var inflater = ChunkInflater()

  /// Prepares for blocks of up to `elements` elements.
  init(section: SectionID, width: Int, elements: Int) {
    self.section = section
    self.width = width
    stride = (elements + 63) & ~63
    let planeCount = width == 1 ? 0 : min(width, Planes.groupSize)
    planes = .allocate(byteCount: max(planeCount, 1) * stride, alignment: 64)
    stored = .allocate(byteCount: elements, alignment: 64)
  }

  deinit {
    planes.deallocate()
    stored.deallocate()
  }

  /// Decodes the block whose chunks and sizes come next.
  mutating func decode<Source>(
    _ chunks: inout Cursor<Source>, _ sizes: inout Cursor<Source>,
    into block: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    guard width > 1 else { return try decodeChunk(&chunks, &sizes, into: block) }
    for first in Swift.stride(from: 0, to: width, by: Planes.groupSize) {
      for plane in 0..<min(Planes.groupSize, width) {
        let output = planes[(plane * stride)...].prefix(block.count / width)
        try decodeChunk(&chunks, &sizes, into: .init(rebasing: output))
      }
      guard let planes = planes.baseAddress else { return }
      Planes.join(planes, stride: stride, from: first, width: width, into: block)
    }
  }

  /// Decodes the next chunk: stored as it is when its size says so, deflated otherwise.
  private mutating func decodeChunk<Source>(
    _ chunks: inout Cursor<Source>, _ sizes: inout Cursor<Source>,
    into output: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    let size = Int(try sizes.number())
    guard size <= output.count else { throw .badSize(section) }
    if size == output.count { return try chunks.read(into: output) }
    let input = UnsafeMutableRawBufferPointer(rebasing: stored[..<size])
    try chunks.read(into: input)
    try inflater.inflate(input, into: output, of: section)
  }
}
