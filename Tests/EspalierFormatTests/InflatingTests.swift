import CEspalierDecode
import CZlib
import Testing

/// The decoder of literals against zlib: what it takes, zlib takes and decodes to the same bytes.
@Suite struct InflatingTests {
  /// What zlib is told to do, and whether only literals can come of it.
  private static let strategies: [(level: Int32, strategy: Int32, isLiteral: Bool)] = [
    (9, Z_HUFFMAN_ONLY, true), (0, Z_DEFAULT_STRATEGY, true), (9, Z_FIXED, false),
    (9, Z_RLE, false), (9, Z_DEFAULT_STRATEGY, false),
  ]

  @Test func literalsAreDecodedAndOthersLeftToZlib() throws {
    var random = SplitMix(seed: 1)
    for count in [1, 2, 7, 8, 31, 32, 33, 257, 1000, 16_383, 16_384, 65_536] {
      for distribution in 0..<6 {
        let bytes = Self.bytes(count, distribution, &random)
        for (level, strategy, isLiteral) in Self.strategies {
          let stream = Self.deflated(bytes, level, strategy)
          let decoded = Self.literals(stream, count)
          #expect(
            decoded == bytes || (decoded == nil && !isLiteral),
            "\(count) bytes of distribution \(distribution), strategy \(strategy)")
        }
      }
    }
  }

  /// Fixed codes are decoded as well: zlib makes them of short inputs.
  @Test func fixedCodesAreDecoded() {
    let bytes = Array("ab".utf8)
    let stream = Self.deflated(bytes, 9, Z_FIXED)
    #expect(stream[0] & 0b110 == 0b010)
    #expect(Self.literals(stream, 2) == bytes)
  }

  /// Codes of up to 15 bits, which are longer than the table looks: frequencies that grow like Fibonacci's numbers.
  @Test func longCodesAreDecoded() {
    var bytes: [UInt8] = []
    var (frequency, next) = (1, 1)
    for value in 0..<18 as Range<UInt8> {
      bytes += [UInt8](repeating: value, count: frequency)
      (frequency, next) = (next, frequency + next)
    }
    var random = SplitMix(seed: 2)
    bytes.shuffle(using: &random)
    let stream = Self.deflated(bytes, 9, Z_HUFFMAN_ONLY)
    #expect(Self.literals(stream, bytes.count) == bytes)
  }

  @Test func outputsOfOtherSizesAreLeftToZlib() {
    var random = SplitMix(seed: 3)
    for distribution in 0..<6 {
      let bytes = Self.bytes(500, distribution, &random)
      let stream = Self.deflated(bytes, 9, Z_HUFFMAN_ONLY)
      for count in [0, 1, 400, 499, 501, 600] { #expect(Self.literals(stream, count) == nil) }
      #expect(Self.literals(stream + [0], 500) == nil, "a byte after the stream")
    }
  }

  @Test func truncatedStreamsAreLeftToZlib() {
    var random = SplitMix(seed: 4)
    for distribution in 0..<6 {
      let bytes = Self.bytes(300, distribution, &random)
      for (level, strategy, _) in Self.strategies {
        let stream = Self.deflated(bytes, level, strategy)
        for count in 0..<stream.count {
          #expect(Self.literals(Array(stream[..<count]), bytes.count) == nil, "\(count) bytes")
        }
      }
    }
  }

  @Test func damagedStreamsAreNotTakenUnlessZlibDoes() {
    var random = SplitMix(seed: 5)
    var taken = 0
    for round in 0..<30_000 {
      let bytes = Self.bytes(Int.random(in: 1...200, using: &random), round % 6, &random)
      let (level, strategy, _) = Self.strategies[round % Self.strategies.count]
      var stream = Self.deflated(bytes, level, strategy)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let bit = Int.random(in: 0..<8 * stream.count, using: &random)
        stream[bit / 8] ^= 1 << (bit % 8)
      }
      let decoded = Self.literals(stream, bytes.count)
      if decoded != nil {
        taken += 1
        #expect(decoded == Self.inflated(stream, bytes.count), "round \(round)")
      }
    }
    #expect(taken > 1000, "flipped literals of stored blocks, at least, are still streams")
  }

  /// Random codes rather than those that a compressor would make, complete and not.
  @Test func randomStreamsAreNotTakenUnlessZlibDoes() {
    var random = SplitMix(seed: 6)
    var taken = 0
    for round in 0..<30_000 {
      // The first bits say: last block, and of which kind.
      var stream = random.bytes(Int.random(in: 1...60, using: &random))
      stream[0] = stream[0] & 0xF8 | 1 | UInt8(round % 3) << 1
      for count in 0..<12 {
        if let decoded = Self.literals(stream, count) {
          taken += 1
          #expect(decoded == Self.inflated(stream, count), "round \(round)")
        }
      }
    }
    #expect(taken > 0)
  }

  /// Bytes from nearly constant to random.
  private static func bytes(
    _ count: Int, _ distribution: Int, _ random: inout SplitMix
  ) -> [UInt8] {
    (0..<count).map { _ in
      let bits = random.next()
      return switch distribution {
      case 0: 7
      case 1: bits % 50 == 0 ? 9 : 7
      case 2: UInt8(120 + bits.trailingZeroBitCount % 100)
      case 3: UInt8(bits % 5)
      case 4: UInt8(truncatingIfNeeded: bits & bits >> 8)
      default: UInt8(truncatingIfNeeded: bits)
      }
    }
  }

  /// The bytes of a stream by our decoder, or nil when it does not take the stream.
  private static func literals(_ stream: [UInt8], _ count: Int) -> [UInt8]? {
    let work = UnsafeMutablePointer<espalier_literals>.allocate(capacity: 1)
    defer { work.deallocate() }
    let guardBytes = 64
    var output = [UInt8](repeating: 0xA5, count: count + guardBytes)
    let isTaken = stream.withUnsafeBufferPointer { input in
      espalier_inflate_literals(work, input.baseAddress, input.count, &output, count)
    }
    #expect(output[count...].allSatisfy { $0 == 0xA5 }, "bytes beyond the output were written")
    return isTaken ? Array(output[..<count]) : nil
  }

  /// The bytes of a stream by zlib, or nil when it is not valid or of another size.
  private static func inflated(_ bytes: [UInt8], _ count: Int) -> [UInt8]? {
    var input = bytes
    var output = [UInt8](repeating: 0, count: count + 1)
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
          stream.pointee.next_in = input.baseAddress
          stream.pointee.avail_in = UInt32(input.count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(count)
          guard espalier_inflate_init(stream, -15) == Z_OK else { return false }
          defer { inflateEnd(stream) }
          return inflate(stream, Z_NO_FLUSH) == Z_STREAM_END
            && stream.pointee.avail_in == 0 && stream.pointee.avail_out == 0
        }
      }
    }
    return status ? Array(output[..<count]) : nil
  }

  /// A bare deflate stream.
  private static func deflated(_ bytes: [UInt8], _ level: Int32, _ strategy: Int32) -> [UInt8] {
    var input = bytes
    var output = [UInt8](repeating: 0, count: 2 * bytes.count + 1000)
    let count = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream in
          stream.pointee.next_in = input.baseAddress
          stream.pointee.avail_in = UInt32(input.count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          precondition(espalier_deflate_init(stream, level, -15, strategy) == Z_OK)
          defer { deflateEnd(stream) }
          precondition(deflate(stream, Z_FINISH) == Z_STREAM_END)
          return Int(stream.pointee.total_out)
        }
      }
    }
    return Array(output[..<count])
  }
}
