internal import CLibzip
internal import EspalierArrays
internal import EspalierFiles
internal import EspalierGraph

/// What the directory of a zip archive says of an entry.
struct ZipEntry {
  let index: UInt64
  /// The name of the array that it holds.
  let name: Name
  /// The bytes of the content.
  let byteCount: Int
}

/// A zip archive in memory, read by libzip.
struct ZipReader: ~Copyable {
  /// Deflate spends at least two bits on 258 bytes, and a few on the end.
  private static let largestRatio = 1032

  private let archive: OpaquePointer

  /// Opens an archive; its bytes have to stay where they are.
  ///
  /// - Throws: `ArrayFileError` when they are none, or headers before entries say something else than the directory.
  init(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) {
    archive = try Self.open(bytes)
  }

  private static func open(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) -> OpaquePointer
  {
    let found = FileKind(
      prefix: Array(bytes.prefix(FileKind.prefixLength))[...], byteCount: bytes.count)
    guard found == .npz || found == .zip else {
      throw ArrayFileError(.notOfFormat(.npz, found: found))
    }
    var error = ZipError()
    defer { error.end() }
    guard
      let source = zip_source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, &error.error)
    else { throw ArrayFileError(.damaged(error.message)) }
    if let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error.error) {
      return archive
    }
    zip_source_free(source)
    switch error.error.zip_err {
    case ZIP_ER_NOZIP: throw ArrayFileError(.notOfFormat(.npz, found: found))
    case ZIP_ER_EXISTS: throw ArrayFileError(.duplicateName)
    default: throw ArrayFileError(.damaged(error.message))
    }
  }

  deinit { zip_discard(archive) }

  /// The number of entries.
  var entryCount: UInt64 { UInt64(max(zip_get_num_entries(archive, 0), 0)) }

  /// The name of an entry.
  func name(_ index: UInt64) throws(ArrayFileError) -> Name {
    guard let text = zip_get_name(archive, index, ZIP_FL_ENC_RAW) else {
      throw ArrayFileError(.damaged(message))
    }
    guard let name = String(validatingCString: text).map({ Name($0) }), name.isPrintable,
      !name.isEmpty
    else { throw ArrayFileError(.badName(entry: Int(index) + 1)) }
    return name
  }

  /// What the directory says of an entry, which has to be one that is read.
  func entry(_ index: UInt64, named name: Name) throws(ArrayFileError) -> ZipEntry {
    var stat = zip_stat_t()
    let needed = UInt64(ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD)
    guard zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) == 0, stat.valid & needed == needed
    else { throw ArrayFileError(.damaged(message), in: name) }
    guard stat.encryption_method == ZIP_EM_NONE else { throw ArrayFileError(.encrypted, in: name) }
    guard let size = Int(exactly: stat.size), let stored = Int(exactly: stat.comp_size) else {
      throw ArrayFileError(
        .impossibleSize(Int.max, stored: Int(clamping: stat.comp_size)), in: name)
    }
    switch Int32(stat.comp_method) {
    case ZIP_CM_STORE where size == stored: break
    case ZIP_CM_DEFLATE where size / Self.largestRatio <= stored: break
    case ZIP_CM_STORE, ZIP_CM_DEFLATE:
      throw ArrayFileError(.impossibleSize(size, stored: stored), in: name)
    default: throw ArrayFileError(.unknownCompression(Int(stat.comp_method)), in: name)
    }
    return ZipEntry(index: index, name: name, byteCount: size)
  }

  /// Opens an entry for reading; must not be used after the archive.
  func open(_ entry: ZipEntry) throws(ArrayFileError) -> ZipFile {
    guard let file = zip_fopen_index(archive, entry.index, 0) else {
      throw ArrayFileError(.damaged(message), in: entry.name)
    }
    return ZipFile(file: file, name: entry.name)
  }

  private var message: String { String(cString: zip_strerror(archive)) }
}

/// The content of an entry, from the first byte on.
struct ZipFile: ~Copyable {
  fileprivate let file: OpaquePointer
  fileprivate let name: Name

  deinit { zip_fclose(file) }

  /// Fills a buffer with the next bytes.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArrayFileError) {
    var done = 0
    while done < buffer.count {
      let count = zip_fread(file, buffer.baseAddress.map { $0 + done }, UInt64(buffer.count - done))
      guard count != 0 else { throw failure("it has fewer bytes than its directory says") }
      guard count > 0 else { throw failure() }
      done += Int(count)
    }
  }

  /// Sees to it that nothing is left, which checks the sum of the bytes too.
  func expectEnd() throws(ArrayFileError) {
    var byte: UInt8 = 0
    switch zip_fread(file, &byte, 1) {
    case 0: return
    case 1: throw failure("it has more bytes than its directory says")
    default: throw failure()
    }
  }

  /// An error in our words, or in those of libzip.
  private func failure(_ message: String? = nil) -> ArrayFileError {
    ArrayFileError(.damaged(message ?? String(cString: zip_file_strerror(file))), in: name)
  }
}

/// What libzip says of a failure.
struct ZipError {
  var error = zip_error_t()

  init() { zip_error_init(&error) }

  /// The failure in words.
  var message: String {
    mutating get { String(cString: zip_error_strerror(&error)) }
  }

  /// Gives its memory back.
  mutating func end() { zip_error_fini(&error) }
}
