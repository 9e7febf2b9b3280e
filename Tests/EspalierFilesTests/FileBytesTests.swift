import CZlib
import EspalierFiles
import Foundation
import Testing

@Suite struct FileBytesTests {
  private struct Failure: Error, Equatable { let message: String }

  private func bytes(_ path: String, limit: Int = 1 << 20) throws -> [UInt8] {
    try fileBytes(path, limit: limit) { Failure(message: $0) }
  }

  @Test func filesAreReadUpToTheLimit() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/a"
      let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try Data(content).write(to: URL(fileURLWithPath: path))
      #expect(try bytes(path, limit: 3_000_000) == content)
      #expect(throws: Failure(message: "more than 2999999 bytes, the most that are read")) {
        try bytes(path, limit: 2_999_999)
      }
      #expect(throws: Failure(message: "this is a folder; name a file")) { try bytes(folder) }
      #expect(throws: Failure(message: "there is no such file")) { try bytes(folder + "/b") }
      #expect(throws: Failure(message: "there is no such file")) { try bytes(path + "/b") }
    }
  }

  @Test func pipesAreReadToTheirEnd() throws {
    let pipe = Pipe()
    let content = [UInt8](repeating: 7, count: 40_000)
    try pipe.fileHandleForWriting.write(contentsOf: content)
    try pipe.fileHandleForWriting.close()
    #expect(try bytes("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)") == content)
  }

  @Test func gzipIsDecompressedUpToTheLimit() throws {
    func gunzip(_ bytes: [UInt8], _ limit: Int = 1 << 20) throws -> [UInt8] {
      try gunzipped(bytes, limit: limit) { Failure(message: $0) }
    }
    let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 / 100) }
    let (first, second) = (gzip(content), gzip([1, 2, 3]))
    #expect(try gunzip(first) == content)
    #expect(try gunzip(first + second) == content + [1, 2, 3])
    #expect(try gunzip(gzip([])) == [])
    #expect(try gunzip(first, 600_000) == content)
    #expect(
      throws: Failure(message: "more than 599999 bytes when decompressed, the most that are read")
    ) { try gunzip(first, 599_999) }
    let damaged = Failure(
      message: "the compressed data is damaged or cut short; fetch the file again")
    for count in stride(from: 1, to: second.count, by: 1) {
      #expect(throws: damaged) { try gunzip(Array(second[..<count])) }
    }
    for index in [10, 12, second.count - 8, second.count - 4] {
      var changed = second
      changed[index] ^= 0x55
      #expect(throws: damaged, "byte \(index)") { try gunzip(changed) }
    }
    #expect(throws: damaged) { try gunzip(first + [0]) }
  }

  /// One gzip member.
  private func gzip(_ content: [UInt8]) -> [UInt8] {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard espalier_deflate_init(stream, 6, MAX_WBITS + 16, Z_DEFAULT_STRATEGY) == Z_OK else {
      return []
    }
    defer { deflateEnd(stream) }
    var input = content
    var output = [UInt8](repeating: 0, count: content.count + 1000)
    return input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        deflate(stream, Z_FINISH)
        return Array(output[..<(output.count - Int(stream.pointee.avail_out))])
      }
    }
  }

  @Test(
    arguments: [
      ("a/b.csv", "a/b.csv"), ("a/../b.csv", "b.csv"), ("./b.csv", "b.csv"),
      ("a/./b//c.csv", "a/b/c.csv"), ("../b.csv", "../b.csv"), ("a/../../b.csv", "../b.csv"),
      ("../../b", "../../b"), ("/a/../../b", "/b"), ("/", "/"), ("a/..", "."), ("", ""),
    ])
  func pathsAreShownClean(_ path: String, _ expected: String) {
    #expect(cleanPath(path) == expected)
  }

  @Test func pathsThroughLinksStayWhatTheyLeadTo() throws {
    try inTemporaryFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(atPath: folder + "/far/x", withIntermediateDirectories: true)
      try manager.createSymbolicLink(atPath: folder + "/l", withDestinationPath: "far/x")
      try Data([1]).write(to: URL(fileURLWithPath: folder + "/a"))
      try Data([2]).write(to: URL(fileURLWithPath: folder + "/far/a"))
      #expect(cleanPath(folder + "/l/../a") == folder + "/l/../a")
      #expect(cleanPath(folder + "/far/../a") == folder + "/a")
    }
  }
}
