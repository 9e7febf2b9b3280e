import Foundation

/// The bytes of a regular file of at most `limit` bytes.
///
/// - Parameters:
///   - path: the file.
///   - limit: the most bytes that are accepted.
///   - failure: makes the error of a message.
/// - Throws: what `failure` makes.
package func fileBytes(
  _ path: String, limit: Int, failure: (String) -> any Error
) throws -> [UInt8] {
  let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
  let attributes: [FileAttributeKey: Any]
  do {
    attributes = try FileManager.default.attributesOfItem(atPath: url.path)
  } catch {
    throw failure("there is no such file, or it may not be read")
  }
  // Devices and pipes may never end.
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    throw failure("not a file")
  }
  guard let handle = try? FileHandle(forReadingFrom: url) else {
    throw failure("the file may not be read")
  }
  defer { try? handle.close() }
  var bytes: [UInt8] = []
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  bytes.reserveCapacity(min(size, limit) + 1)
  do {
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
      bytes.append(contentsOf: part)
      guard bytes.count <= limit else {
        throw failure("more than \(limit) bytes, the most that are read")
      }
    }
  } catch let error as CocoaError {
    throw failure("reading fails: \(error.localizedDescription)")
  }
  return bytes
}
