internal import CLibzip
internal import EspalierArrays
internal import EspalierGraph

/// A zip archive that is made in memory, by libzip.
struct ZipWriter: ~Copyable {
  /// What an archive without entries is, which libzip does not write: the end of a directory.
  static let emptyArchive: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)

  /// 1 January 1980 as MS-DOS writes it: years since, month and day in 7, 4 and 5 bits.
  private static let firstDay: UInt16 = 0 << 9 | 1 << 5 | 1
  /// A file that its owner may read and write, and everybody else read.
  private static let attributes: UInt32 = 0o100644 << 16

  private let archive: OpaquePointer
  /// Where libzip puts the bytes of the archive.
  private let source: OpaquePointer
  /// What libzip reads when the archive is finished.
  private var contents: [TensorStorage] = []
  private var isClosed = false

  init() throws(ArrayFileError) {
    (archive, source) = try Self.open()
  }

  private static func open() throws(ArrayFileError) -> (
    archive: OpaquePointer, source: OpaquePointer
  ) {
    var error = ZipError()
    defer { error.end() }
    guard let source = zip_source_buffer_create(nil, 0, 0, &error.error) else {
      throw ArrayFileError(.unwritable(error.message))
    }
    guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &error.error) else {
      zip_source_free(source)
      throw ArrayFileError(.unwritable(error.message))
    }
    // Closing the archive gives the source back once; it is read after that.
    zip_source_keep(source)
    return (archive, source)
  }

  deinit {
    if !isClosed { zip_discard(archive) }
    zip_source_free(source)
  }

  /// Appends a stored entry of some bytes and those of a tensor.
  mutating func append(
    _ tensor: NamedTensor, after start: [UInt8], as name: [UInt8]
  ) throws(ArrayFileError) {
    guard tensor.name.isPrintable, !tensor.name.isEmpty else {
      throw ArrayFileError(.badName(entry: contents.count / 2 + 1))
    }
    let header = TensorStorage.filled(byteCount: start.count) { $0.copyBytes(from: start) }
    contents += [header, tensor.storage]
    // libzip reads these bytes when the archive is closed, and never writes them.
    let fragments = [header.withUnsafeBytes { $0 }, tensor.withBytes { $0 }].compactMap { bytes in
      bytes.baseAddress.map {
        zip_buffer_fragment_t(
          data: UnsafeMutableRawPointer(mutating: $0).assumingMemoryBound(to: UInt8.self),
          length: UInt64(bytes.count))
      }
    }
    guard let content = zip_source_buffer_fragment(archive, fragments, UInt64(fragments.count), 0)
    else { throw failure(tensor.name) }
    let index = (name.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer {
      $0.baseAddress.map { zip_file_add(archive, $0, content, ZIP_FL_ENC_UTF_8) } ?? -1
    }
    guard index >= 0 else {
      zip_source_free(content)
      if zip_error_code_zip(zip_get_error(archive)) == ZIP_ER_EXISTS {
        throw ArrayFileError(.duplicateName, in: tensor.name)
      }
      throw failure(tensor.name)
    }
    let entry = UInt64(index)
    guard zip_set_file_compression(archive, entry, ZIP_CM_STORE, 0) == 0,
      zip_file_set_dostime(archive, entry, 0, Self.firstDay, 0) == 0,
      zip_file_set_external_attributes(
        archive, entry, 0, UInt8(ZIP_OPSYS_UNIX), Self.attributes) == 0
    else { throw failure(tensor.name) }
  }

  /// The bytes of the archive.
  consuming func finish() throws(ArrayFileError) -> [UInt8] {
    if contents.isEmpty { return Self.emptyArchive }
    guard zip_close(archive) == 0 else { throw failure(nil) }
    isClosed = true
    var stat = zip_stat_t()
    guard zip_source_stat(source, &stat) == 0, zip_source_open(source) == 0 else {
      throw ArrayFileError(.unwritable("it cannot be read back"))
    }
    let size = Int(stat.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      while count < size {
        let read = zip_source_read(source, base + count, UInt64(size - count))
        if read <= 0 { return }
        count += Int(read)
      }
    }
    zip_source_close(source)
    guard bytes.count == size else { throw ArrayFileError(.unwritable("it ends too early")) }
    return bytes
  }

  private func failure(_ array: Name?) -> ArrayFileError {
    ArrayFileError(.unwritable(String(cString: zip_strerror(archive))), in: array)
  }
}
