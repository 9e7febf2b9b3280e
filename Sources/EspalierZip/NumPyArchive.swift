public import EspalierArrays
internal import EspalierGraph

/// Named arrays, as an `.npz` file holds them: a zip archive of `.npy` files.
public struct NumPyArchive: Sendable, Equatable {
  /// How the names of entries end; arrays are named without it.
  private static let suffix = Array(".npy".utf8)

  /// The arrays, in the order of the file.
  public let tensors: [NamedTensor]

  /// Makes the content of a file.
  public init(_ tensors: [NamedTensor]) {
    self.tensors = tensors
  }

  /// Reads the bytes of a file whose entries are stored or deflated.
  ///
  /// No entry becomes larger than type and shape in its own header say, and nothing is allocated before they agree with
  /// what the archive says. Names stay names: no file is ever made of one.
  ///
  /// - Throws: `ArrayFileError`.
  public init(
    decoding bytes: [UInt8], options: ReadingOptions = ReadingOptions()
  ) throws(ArrayFileError) {
    var result: Result<[NamedTensor], ArrayFileError> = .success([])
    bytes.withUnsafeBytes { buffer in
      result = Result { () throws(ArrayFileError) in
        try Self.tensors(of: ZipReader(buffer), options)
      }
    }
    tensors = try result.get()
  }

  private static func tensors(
    of archive: borrowing ZipReader, _ options: ReadingOptions
  ) throws(ArrayFileError) -> [NamedTensor] {
    guard archive.entryCount <= options.arrays else {
      throw ArrayFileError(.tooManyArrays(Int(archive.entryCount), limit: options.arrays))
    }
    var entries: [(name: Name, entry: ZipEntry)] = []
    for index in 0..<archive.entryCount {
      let entry = try archive.entry(index)
      guard entry.name.utf8.suffix(suffix.count) == suffix[...] else {
        throw ArrayFileError(.notAnArray, in: entry.name)
      }
      entries.append((Name(utf8: entry.name.utf8.dropLast(suffix.count)), entry))
    }
    let names = entries.map(\.name).sorted()
    for (name, next) in zip(names, names.dropFirst()) where name == next {
      throw ArrayFileError(.duplicateName, in: name)
    }
    var budget = options.memoryBytes
    var tensors: [NamedTensor] = []
    for (name, entry) in entries {
      let file = try archive.open(entry, named: name)
      let tensor = try NamedTensor(name: name, npyBytes: entry.byteCount, options, &budget) {
        (buffer) throws(ArrayFileError) in try file.read(into: buffer)
      }
      try file.expectEnd()
      tensors.append(tensor)
    }
    return tensors
  }

  /// The bytes of the file; the same arrays give the same bytes.
  ///
  /// Entries are stored, in the order given, as of 1 January 1980, the first day that zip archives know.
  ///
  /// - Throws: `ArrayFileError` when two arrays have the same name, or one has a name that archives cannot hold.
  public func encoded() throws(ArrayFileError) -> [UInt8] {
    var archive = try ZipWriter()
    for tensor in tensors {
      let (header, numbers) = tensor.npyParts
      try archive.append(numbers, after: header, as: tensor.name.utf8 + Self.suffix)
    }
    return try archive.finish()
  }
}
