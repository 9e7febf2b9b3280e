/// What a file is, as its first bytes, or the names in a folder, tell.
///
/// A kind is here when people give files of it to a command by mistake, or when what they have to do next depends on it.
/// To add one: a case, its bytes in `signatures` or `init`, and its words in `FileKind+Words.swift`.
public enum FileKind: Sendable, Hashable {
  // Files that Espalier reads.
  case espalierModel, onnx, npy, npz, safetensors, text, pem
  // Other networks.
  case pyTorch, pickle, hdf5, keras, tfLite, savedModel, ortModel, gguf
  // Other tables and data.
  case excel, parquet, arrow, sqlite, json, utf16, utf32
  // Archives and compressed files.
  case gzip, bzip2, xz, zstd, tar, sevenZip
  /// A zip archive of none of the other kinds.
  case zip
  // Pictures and sound.
  case image, sound, pdf
  // What stands where a file should be.
  case empty, html, xml
  /// What Git has in the place of a file that Git LFS keeps.
  case lfsPointer
  // Folders.
  case folder, runFolder
  /// Bytes of no kind that is known.
  case unknown

  /// How many bytes of the beginning tell the kind.
  public static let prefixLength = 4096

  /// Tells the kind of bytes.
  ///
  /// - Parameters:
  ///   - prefix: the first bytes, all of them when there are fewer than `prefixLength`.
  ///   - byteCount: how many bytes there are.
  public init(prefix: ArraySlice<UInt8>, byteCount: Int) {
    // Text first: the names that a table begins with may be a signature. Then the format whose first bytes are a size.
    if byteCount == 0 {
      self = .empty
    } else if prefix.isText(isWhole: prefix.count == byteCount) {
      self = Self.text(prefix)
    } else if Self.isSafeTensors(prefix) {
      self = .safetensors
    } else if let found = Self.signatures.first(where: { prefix.has($0.bytes, at: $0.offset) }) {
      self = found.kind == .zip ? Self.archive(firstEntry: prefix.firstZipEntry) : found.kind
    } else if Self.isONNX(prefix) {
      self = .onnx
    } else {
      self = Self.isUTF16(prefix) ? .utf16 : .unknown
    }
  }

  /// Tells the kind of bytes in memory.
  public init(_ bytes: [UInt8]) {
    self.init(prefix: bytes.prefix(Self.prefixLength), byteCount: bytes.count)
  }

  /// Kinds that fixed bytes at fixed places tell.
  private static let signatures: [(kind: FileKind, offset: Int, bytes: [UInt8])] = [
    (.espalierModel, 0, [0x0A, 0x0F, 0x0A, 0x08] + Array("ESPALIER".utf8)),
    (.npy, 0, [0x93] + Array("NUMPY".utf8)),
    (.hdf5, 0, [0x89] + Array("HDF\r\n\u{1A}\n".utf8)),
    (.tfLite, 4, Array("TFL3".utf8)),
    (.ortModel, 4, Array("ORTM".utf8)),
    (.gguf, 0, Array("GGUF".utf8)),
    // A pickle begins with its protocol; the number that PyTorch's old files begin with comes next.
    (.pyTorch, 0, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]),
    (.pickle, 0, [0x80, 0x02]), (.pickle, 0, [0x80, 0x03]), (.pickle, 0, [0x80, 0x04]),
    (.pickle, 0, [0x80, 0x05]),
    (.excel, 0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
    (.parquet, 0, Array("PAR1".utf8)),
    (.arrow, 0, Array("ARROW1".utf8)), (.arrow, 0, Array("FEA1".utf8)),
    (.sqlite, 0, Array("SQLite format 3\0".utf8)),
    (.utf32, 0, [0xFF, 0xFE, 0, 0]), (.utf32, 0, [0, 0, 0xFE, 0xFF]),
    (.utf16, 0, [0xFF, 0xFE]), (.utf16, 0, [0xFE, 0xFF]),
    (.gzip, 0, [0x1F, 0x8B]),
    (.bzip2, 0, Array("BZh".utf8)),
    (.zip, 0, [0x50, 0x4B, 0x03, 0x04]),
    // What NumPy writes for no arrays: an archive of no entries.
    (.npz, 0, [0x50, 0x4B, 0x05, 0x06]),
    (.xz, 0, [0xFD] + Array("7zXZ\0".utf8)),
    (.zstd, 0, [0x28, 0xB5, 0x2F, 0xFD]),
    (.sevenZip, 0, Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C]),
    (.tar, 257, Array("ustar".utf8)),
    (.image, 0, [0x89] + Array("PNG".utf8)), (.image, 0, [0xFF, 0xD8, 0xFF]),
    (.image, 0, Array("GIF8".utf8)), (.image, 8, Array("WEBP".utf8)),
    (.image, 0, Array("II*\0".utf8)), (.image, 0, Array("MM\0*".utf8)),
    (.sound, 8, Array("WAVE".utf8)),
    (.pdf, 0, Array("%PDF-".utf8)),
  ]

  /// The kind of a zip archive, by the name of its first entry.
  private static func archive(firstEntry: String?) -> FileKind {
    guard let name = firstEntry else { return .zip }
    if name.hasSuffix(".npy") { return .npz }
    if name.hasSuffix("/data.pkl") || name.hasSuffix("/byteorder") || name.hasSuffix("/version") {
      return .pyTorch
    }
    if name == "[Content_Types].xml" || name.hasPrefix("xl/") || name.hasPrefix("_rels/") {
      return .excel
    }
    // Keras 3 writes these first.
    if name == "metadata.json" || name == "config.json" || name == "model.weights.h5" {
      return .keras
    }
    return .zip
  }

  /// Whether bytes begin with the size of a header of JSON, and it.
  private static func isSafeTensors(_ prefix: ArraySlice<UInt8>) -> Bool {
    guard prefix.count > 9, prefix.has(Array("{".utf8), at: 8) else { return false }
    let length = prefix.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return (2...100_000_000).contains(length)
  }

  /// Whether bytes begin as serializers write a `ModelProto`: its version, then another of its fields.
  private static func isONNX(_ prefix: ArraySlice<UInt8>) -> Bool {
    // ir_version is field 1; producer_name (2) to opset_import (8) follow, all of them with a length but one.
    let following: [UInt8] = [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42]
    return prefix.count > 3 && prefix.has([0x08], at: 0)
      && (1...32).contains(prefix[prefix.startIndex + 1])
      && following.contains(prefix[prefix.startIndex + 2])
  }

  /// Whether bytes begin with eight letters of two bytes each, of which one is 0.
  private static func isUTF16(_ prefix: ArraySlice<UInt8>) -> Bool {
    let start = Array(prefix.prefix(16))
    guard start.count == 16 else { return false }
    return [0, 1].contains { zeros in
      (0..<8).allSatisfy { start[2 * $0 + zeros] == 0 && start[2 * $0 + 1 - zeros] >= 0x09 }
    }
  }

  /// The kind of text.
  private static func text(_ prefix: ArraySlice<UInt8>) -> FileKind {
    let start = String(decoding: prefix.prefix(256), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let beginnings: [(String, FileKind)] = [
      ("version https://git-lfs.github.com/", .lfsPointer), ("-----begin ", .pem),
      ("<!doctype html", .html), ("<html", .html), ("<?xml", .xml), ("<!doctype", .xml),
      ("%pdf-", .pdf),
    ]
    if let kind = beginnings.first(where: { start.hasPrefix($0.0) })?.1 { return kind }
    let isJSON = start.hasPrefix("{\"") || start.hasPrefix("[{") || start.hasPrefix("{\n")
    return isJSON ? .json : .text
  }
}

extension ArraySlice<UInt8> {
  /// Whether other bytes stand at a place.
  fileprivate func has(_ bytes: [UInt8], at offset: Int) -> Bool {
    dropFirst(offset).starts(with: bytes)
  }

  /// The name of the first entry of a zip archive; nil when the bytes do not hold it (APPNOTE 4.3.7).
  fileprivate var firstZipEntry: String? {
    guard has([0x50, 0x4B, 0x03, 0x04], at: 0), count > 30 else { return nil }
    let length = Int(self[startIndex + 26]) | Int(self[startIndex + 27]) << 8
    return String(validating: dropFirst(30).prefix(length), as: UTF8.self)
  }

  /// Whether the bytes are UTF-8 without control characters but those of lines.
  ///
  /// - Parameter isWhole: whether a character cannot be cut off at the end.
  fileprivate func isText(isWhole: Bool) -> Bool {
    let controls = contains { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B || $0 == 0x7F }
    guard !controls else { return false }
    // A character has four bytes at most.
    let cuts = isWhole ? 0...0 : 0...3
    return cuts.contains { String(validating: dropLast($0), as: UTF8.self) != nil }
  }
}
