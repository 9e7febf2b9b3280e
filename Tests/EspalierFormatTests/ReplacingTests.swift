import EspalierFormat
import EspalierWriter
import Foundation
import Testing

/// What stands where a file is written, before, while and after it is: nothing half-written, no other permissions, no
/// leavings of writers that died.
@Suite struct ReplacingTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "replacing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  private func mode(_ path: String) throws -> Int {
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require((mode as? NSNumber)?.intValue)
  }

  private func inFolder(_ body: () throws -> Void) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try body()
  }

  @Test func pendingFilesGoAway() throws {
    try inFolder {
      do {
        let pending = try PendingFile(beside: path("file")) { file throws(WriterError) in
          try file.write([1, 2, 3])
        }
        #expect(try names() == ["file.espalier-0.partial"])
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: pending.path))) == [1, 2, 3])
      }
      #expect(try names() == [])
      try PendingFile(beside: path("file")) { file throws(WriterError) in
        try file.write([1, 2, 3])
      }.putInPlace()
      #expect(try names() == ["file"])
      #expect(try bytes("file") == [1, 2, 3])
    }
  }

  @Test func failuresLeaveWhatWasThere() throws {
    try inFolder {
      try replaceFile(path("file"), with: [1])
      #expect(throws: WriterError.nothingToRecover) {
        try replaceFile(path("file")) { file throws(WriterError) in
          try file.write([2])
          throw .nothingToRecover
        }
      }
      #expect(try bytes("file") == [1])
      #expect(try names() == ["file"])
    }
  }

  @Test func errorsNameTheFile() throws {
    try inFolder {
      let missing = path("missing/file")
      #expect(throws: WriterError.fileProblem(.create, path: missing, code: ENOENT)) {
        try replaceFile(missing, with: [1])
      }
      #expect(throws: WriterError.fileProblem(.create, path: folder.path, code: EISDIR)) {
        try replaceFile(folder.path, with: [1])
      }
      let error = WriterError.fileProblem(.write, path: "a/b", code: ENOSPC)
      #expect(
        error.description == "a/b: the file could not be written: No space left on device")
      let left = try names()
      #expect(left == [])
    }
  }

  /// A device such as /dev/null must not become a file, even where its folder could be written to.
  @Test func whatIsNoFileIsNotReplaced() throws {
    try inFolder {
      let pipe = path("pipe")
      try #require(mkfifo(pipe, 0o600) == 0)
      try #require(symlink("pipe", path("link")) == 0)
      for path in [pipe, path("link")] {
        let error = #expect(throws: WriterError.self) { try replaceFile(path, with: [1]) }
        #expect(
          error?.description == "\(path): the file could not be created: Not a regular file")
      }
      #expect(try names() == ["link", "pipe"])
    }
  }

  @Test(arguments: [0o600, 0o640, 0o664, 0o606, 0o755])
  func permissionsStay(_ mode: Int) throws {
    try inFolder {
      try replaceFile(path("file"), with: [1])
      try #require(chmod(path("file"), mode_t(mode)) == 0)
      try replaceFile(path("file"), with: [2])
      #expect(try self.mode(path("file")) == mode)
      #expect(try bytes("file") == [2])
    }
  }

  @Test func partialFilesAreNotMoreOpenThanWhatTheyReplace() throws {
    try inFolder {
      try replaceFile(path("file"), with: [1])
      try #require(chmod(path("file"), 0o640) == 0)
      let pending = try PendingFile(beside: path("file")) { file throws(WriterError) in
        try file.write([2])
      }
      #expect(try mode(pending.path) == 0o640)
      // While it is written.
      var partial: Int?
      try replaceFile(path("file")) { file throws(WriterError) in
        partial = try? mode(path("file.espalier-1.partial"))
        try file.write([2])
      }
      #expect(partial == 0o600)
      #expect(try mode(path("file")) == 0o640)
    }
  }

  @Test func newFilesHaveTheUsualPermissions() throws {
    try inFolder {
      try replaceFile(path("file"), with: [1])
      try Data([1]).write(to: folder.appending(path: "usual"))
      #expect(try mode(path("file")) == mode(path("usual")))
    }
  }

  /// A link stays one; what it leads to is replaced, or made.
  @Test func linksAreFollowed() throws {
    try inFolder {
      try FileManager.default.createDirectory(
        atPath: path("inner"), withIntermediateDirectories: false)
      let links = ["near": "file", "far": "inner/link", "whole": path("file"), "new": "inner/new"]
      try #require(symlink("../file", path("inner/link")) == 0)
      for (link, target) in links { try #require(symlink(target, path(link)) == 0) }
      for (round, link) in ["near", "far", "whole"].enumerated() {
        try replaceFile(path(link), with: [UInt8(round)])
        #expect(try bytes("file") == [UInt8(round)], "\(link)")
      }
      try replaceFile(path("new"), with: [9])
      #expect(try bytes("inner/new") == [9])
      for (link, target) in links {
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path(link)) == target)
      }
      #expect(try names() == ["far", "file", "inner", "near", "new", "whole"])
      #expect(try bytes("near") == [2])
    }
  }

  @Test func linksInCirclesAreRefused() throws {
    try inFolder {
      try #require(symlink("b", path("a")) == 0)
      try #require(symlink("a", path("b")) == 0)
      #expect(throws: WriterError.fileProblem(.create, path: path("a"), code: ELOOP)) {
        try replaceFile(path("a"), with: [1])
      }
    }
  }

  /// Files that no writer holds are removed by the next one; those of living writers, and everything else, stay.
  @Test func leavingsOfDeadWritersAreRemoved() throws {
    try inFolder {
      let living = try PendingFile(beside: path("file")) { file throws(WriterError) in
        try file.write([1])
      }
      for name in [
        "file.espalier-1.partial", "file.espalier-2.partial", "other.espalier-0.partial",
      ] {
        try Data([7]).write(to: folder.appending(path: name))
      }
      try replaceFile(path("file"), with: [2])
      #expect(
        try names() == ["file", "file.espalier-0.partial", "other.espalier-0.partial"])
      #expect(try bytes("file") == [2])
      try living.putInPlace()
      #expect(try bytes("file") == [1])
      #expect(try names() == ["file", "other.espalier-0.partial"])
    }
  }

  /// Names may take all 255 bytes that file systems allow, and end in a character of several.
  @Test(arguments: ["n", "\u{E9}", "\u{1F333}"])
  func namesMayBeLong(_ character: String) throws {
    try inFolder {
      let count = character.utf8.count
      let name =
        String(repeating: "n", count: 255 % count)
        + String(repeating: character, count: 255 / count)
      #expect(name.utf8.count == 255)
      try replaceFile(path(name), with: [1])
      #expect(try names() == [name])
      let twin = String(name.dropLast()) + String(repeating: "m", count: count)
      let pending = try PendingFile(beside: path(name)) { file throws(WriterError) in
        try file.write([2])
      }
      try replaceFile(path(twin), with: [3])
      try pending.putInPlace()
      #expect(try names() == [twin, name].sorted())
      #expect(try bytes(name) == [2])
    }
  }

  /// Writers of one file at a time are kept apart, and the last one wins.
  @Test func writersDoNotMeet() async throws {
    let path = path("file")
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for _ in 0..<5 {
            do {
              try replaceFile(path, with: [UInt8](repeating: UInt8(writer), count: 10_000))
            } catch {
              Issue.record(error)
            }
          }
        }
      }
    }
    try inFolder {
      let bytes = try bytes("file")
      #expect(bytes.count == 10_000 && Set(bytes).count == 1)
      #expect(try names() == ["file"])
    }
  }
}
