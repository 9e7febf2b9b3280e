public import EspalierArrays
public import EspalierGraph

/// Named arrays, as an `.npz` file holds them: a zip archive of `.npy` files.
public struct NumPyArchive: Sendable, Equatable {
  /// How the names of entries end; arrays are named without it.
  private static let suffix = Array(".npy".utf8)

  /// The arrays that were read, in the order of the file.
  public let tensors: [NamedTensor]
  /// The names of those that were not asked for.
  public let unread: [Name]

  /// Makes the content of a file.
  public init(_ tensors: [NamedTensor]) {
    self.tensors = tensors
    unread = []
  }

  /// Reads the bytes of a file whose entries are stored or deflated.
  ///
  /// No entry becomes larger than type and shape in its own header say, and nothing is allocated before they agree with
  /// what the archive says. Names stay names: no file is ever made of one.
  ///
  /// - Parameters:
  ///   - bytes: the archive.
  ///   - options: how arrays are read.
  ///   - names: the arrays that are asked for; all when nil. Whatever is wrong with others is in nobody's way.
  /// - Throws: `ArrayFileError`.
  public init(
    decoding bytes: [UInt8], options: ReadingOptions = ReadingOptions(), only names: [Name]? = nil
  ) throws(ArrayFileError) {
    var result: Result<Self, ArrayFileError> = .success(Self([]))
    bytes.withUnsafeBytes { buffer in
      result = Result { () throws(ArrayFileError) in
        try Self(ZipReader(buffer), options, only: names.map { Set($0) })
      }
    }
    self = try result.get()
  }

  private init(
    _ archive: borrowing ZipReader, _ options: ReadingOptions, only wanted: Set<Name>?
  ) throws(ArrayFileError) {
    guard archive.entryCount <= options.arrays else {
      throw ArrayFileError(.tooManyArrays(Int(archive.entryCount), limit: options.arrays))
    }
    var names: Set<Name> = []
    var unread: [Name] = []
    var tensors: [NamedTensor] = []
    var budget = options.memoryBytes
    for index in 0..<archive.entryCount {
      let name: Name
      do throws(ArrayFileError) {
        name = try Self.name(of: try archive.name(index), index)
      } catch {
        if wanted == nil { throw error } else { continue }
      }
      guard wanted?.contains(name) ?? true else {
        unread.append(name)
        continue
      }
      guard names.insert(name).inserted else { throw ArrayFileError(.duplicateName, in: name) }
      let entry = try archive.entry(index, named: name)
      let file = try archive.open(entry)
      let tensor = try NamedTensor(name: name, npyBytes: entry.byteCount, options, &budget) {
        (buffer) throws(ArrayFileError) in try file.read(into: buffer)
      }
      try file.expectEnd()
      tensors.append(tensor)
    }
    self.tensors = tensors
    self.unread = unread
  }

  /// The name of an array, of that of its entry.
  private static func name(of entry: Name, _ index: UInt64) throws(ArrayFileError) -> Name {
    guard entry.utf8.suffix(suffix.count) == suffix[...] else {
      throw ArrayFileError(.notAnArray, in: entry)
    }
    let name = Name(utf8: entry.utf8.dropLast(suffix.count))
    guard !name.isEmpty else { throw ArrayFileError(.badName(entry: Int(index) + 1)) }
    return name
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
