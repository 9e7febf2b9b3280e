import EspalierFiles
import Foundation
import Testing

/// What files are, and what is said of them.
///
/// A new kind needs an example here.
@Suite struct FileKindTests {
  /// A file that begins with a zip archive's first entry.
  private static func zip(_ name: String) -> [UInt8] {
    let count = UInt8(name.utf8.count)
    return [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [count, 0, 0, 0]
      + Array(name.utf8) + [1, 2, 3]
  }

  private static let examples: [(kind: FileKind, bytes: [UInt8])] = [
    (.empty, []),
    (.espalierModel, [0x0A, 0x0F, 0x0A, 0x08] + Array("ESPALIER".utf8) + [0x15, 1, 0, 0, 0]),
    (.onnx, [0x08, 0x0A, 0x12, 0x07] + Array("pytorch".utf8)),
    (.onnx, [0x08, 0x07, 0x3A, 0x00]),
    (.npy, [0x93] + Array("NUMPY".utf8) + [1, 0]),
    (.npz, zip("arr_0.npy")), (.npz, zip("größe/a.npy")),
    (.npz, [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)),
    (.safetensors, [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)),
    // The size of a header may be what another format begins with.
    (.safetensors, [0x80, 2, 0, 0, 0, 0, 0, 0] + Array("{\"a\":".utf8)),
    (.safetensors, [0x50, 0x4B, 0, 0, 0, 0, 0, 0] + Array("{\"a\":".utf8)),
    (.text, Array("a,b\n1,2\n".utf8)), (.text, Array("\u{FEFF}größe;x\r\n".utf8)),
    // Names of columns that formats begin with.
    (.text, Array("PAR1,PAR2\n".utf8)), (.text, Array("PK,name\n".utf8)),
    (.text, Array("GGUF\n".utf8)), (.text, Array("version,https\n".utf8)),
    (.json, Array("{\"a\": 1}".utf8)), (.json, Array(" [{\"a\": 1}]".utf8)),
    (.html, Array("\n<!DOCTYPE html><html>".utf8)), (.html, Array("<HTML lang=en>".utf8)),
    (.xml, Array("<?xml version=\"1.0\"?><Error>".utf8)),
    (.lfsPointer, Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8)),
    (.pem, Array("-----BEGIN PRIVATE KEY-----\n".utf8)),
    (.utf16, "a,größe\n12".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
    (.utf16, "a,größe\n12".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }),
    (.utf16, [0xFF, 0xFE, 0x61, 0]), (.utf16, [0xFE, 0xFF, 0, 0x61]),
    (.utf32, [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]), (.utf32, [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61]),
    (.gzip, [0x1F, 0x8B, 8, 0]), (.bzip2, Array("BZh91AY&SY".utf8) + [0, 0xFF]),
    (.xz, [0xFD] + Array("7zXZ".utf8) + [0]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
    (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    (.tar, Array("a.csv".utf8) + [UInt8](repeating: 0, count: 252) + Array("ustar\0".utf8)),
    (.zip, zip("data.csv")),
    (.excel, zip("[Content_Types].xml")), (.excel, zip("xl/workbook.xml")),
    (.pyTorch, zip("archive/data.pkl")), (.pyTorch, zip("model/data.pkl")),
    (.pyTorch, [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]),
    (.pickle, [0x80, 4, 0x95, 0]), (.keras, zip("metadata.json")),
    (.hdf5, [0x89] + Array("HDF\r\n\u{1A}\n".utf8)),
    (.tfLite, [0x1C, 0, 0, 0] + Array("TFL3".utf8)),
    (.ortModel, [0x1C, 0, 0, 0] + Array("ORTM".utf8)), (.gguf, Array("GGUF".utf8) + [3, 0, 0, 0]),
    (.parquet, Array("PAR1".utf8) + [0x15, 0]), (.arrow, Array("ARROW1".utf8) + [0, 0]),
    (.sqlite, Array("SQLite format 3\0".utf8)), (.image, [0x89] + Array("PNG\r\n".utf8)),
    (.image, [0xFF, 0xD8, 0xFF, 0xE0]),
    (.sound, Array("RIFF\0\0\0\0WAVE".utf8)),
    (.pdf, Array("%PDF-1.7\n".utf8)),
    (.unknown, [0, 1, 2, 3]), (.unknown, [0x08, 0xFF]), (.unknown, [0xC3, 0x28]),
  ]

  @Test(arguments: examples.indices)
  func firstBytesTellTheKind(_ index: Int) {
    let (kind, bytes) = Self.examples[index]
    #expect(FileKind(bytes) == kind, "\(bytes)")
    // More of the same file changes nothing.
    guard kind != .empty, kind != .unknown else { return }
    let more = bytes + [UInt8](repeating: 0x20, count: 10_000)
    #expect(FileKind(more) == kind, "\(bytes)")
  }

  @Test func cutCharactersAtTheEndOfThePrefixAreText() {
    for count in 4093...4099 {
      let bytes = [UInt8](repeating: 0x61, count: count) + Array("🌳,x\n".utf8)
      #expect(FileKind(bytes) == .text, "\(count)")
    }
    #expect(FileKind(Array("a,🌳".utf8).dropLast()) == .unknown)
  }

  @Test func bytesOfEveryKindAreRecognisedOrUnknown() {
    // Every prefix of every example, and every byte alone: nothing traps.
    for (_, bytes) in Self.examples {
      for count in bytes.indices { _ = FileKind(Array(bytes[..<count])) }
    }
    for byte in UInt8.min...UInt8.max { _ = FileKind([byte]) }
  }

  @Test func whatIsWantedIsNoProblem() {
    for (kind, purposes) in [
      (.espalierModel, [.model]), (.onnx, [.document]), (.text, [.table, .rows, .recipe]),
      (.gzip, [.table, .rows]), (.npy, [.arrays, .rows]), (.npz, [.arrays, .rows]),
      (.zip, [.arrays, .rows]),
      (.safetensors, [.arrays, .rows]), (.pem, [.key, .signature]), (.json, [.recipe]),
      (.runFolder, [.run]),
    ] as [(FileKind, [FileKind.Purpose])] {
      for purpose in FileKind.Purpose.allCases {
        #expect((kind.problem(as: purpose) == nil) == purposes.contains(purpose), "\(kind)")
      }
    }
    for purpose in FileKind.Purpose.allCases {
      #expect(FileKind.unknown.problem(as: purpose) == nil)
    }
  }

  @Test(
    arguments: [
      (
        .lfsPointer, .model, "m.espalier",
        "this is a Git LFS pointer, not an Espalier model; git lfs pull fetches the file that it "
          + "stands for"
      ),
      (
        .onnx, .model, "my model.onnx",
        "this is an ONNX model, not an Espalier model; espalier convert 'my model.onnx' "
          + "MODEL.espalier makes one of it"
      ),
      (
        .runFolder, .model, "digits-run",
        "this is the folder of a training run, not an Espalier model; espalier export digits-run "
          + "--out MODEL.espalier makes a model of it"
      ),
      (.empty, .table, "t.csv", "the file is empty; make it or fetch it again"),
      (
        .html, .document, "m.onnx",
        "this is an HTML page, not an ONNX model; it may be a download page or an error; fetch the "
          + "file that the page is about"
      ),
      (
        .pyTorch, .document, "m.pt",
        "this is a PyTorch file, not an ONNX model; export the network with torch.onnx.export, then "
          + "espalier convert"
      ),
      (
        .pyTorch, .arrays, "x.pt",
        "this is a PyTorch file, not a file of arrays; write its numbers with numpy.savez"
      ),
      (
        .gzip, .arrays, "x.npy.gz",
        "this is compressed with gzip, not a file of arrays; gunzip x.npy.gz decompresses it"
      ),
      (
        .safetensors, .model, "w.safetensors",
        "this is a .safetensors file of arrays, not an Espalier model; it holds numbers without a "
          + "network; export the network itself"
      ),
      (
        .onnx, .document, "saved_model.pb",
        "this is a TensorFlow SavedModel, not an ONNX model; export the network with python -m "
          + "tf2onnx.convert --saved-model, then espalier convert"
      ),
      (
        .espalierModel, .model, "m.espalier.1.partial",
        "what an interrupted write left behind, not an Espalier model; remove it, and use the file "
          + "that it was to become"
      ),
    ] as [(FileKind, FileKind.Purpose, String, String)])
  func messagesSayWhatItIsAndWhatToDo(
    _ kind: FileKind, _ purpose: FileKind.Purpose, _ path: String, _ expected: String
  ) {
    #expect(kind.problem(as: purpose, path: path) == expected)
  }

  @Test func whatIsCompressedIsToldAsSuch() {
    #expect(
      FileKind.npy.problem(as: .table, path: "x.npy.gz", isInGzip: true)
        == "what is compressed here is a NumPy array (.npy), not a table of comma-separated values; "
        + "gunzip x.npy.gz decompresses it")
    #expect(FileKind.text.problem(as: .table, path: "x.csv.gz", isInGzip: true) == nil)
  }

  @Test func foldersAreToldByWhatIsInThem() throws {
    try inTemporaryFolder { folder in
      #expect(FileKind(path: folder) == .folder)
      try Data().write(to: URL(fileURLWithPath: folder + "/recipe.yaml"))
      #expect(FileKind(path: folder) == .folder)
      try Data().write(to: URL(fileURLWithPath: folder + "/metrics.jsonl"))
      #expect(FileKind(path: folder) == .runFolder)
      #expect(FileKind(path: folder + "/recipe.yaml") == .empty)
      #expect(FileKind(path: folder + "/nothing") == nil)
      try FileManager.default.createDirectory(
        atPath: folder + "/saved", withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: folder + "/saved/saved_model.pb"))
      #expect(FileKind(path: folder + "/saved") == .savedModel)
    }
  }

  @Test func wordsOfTheShell() {
    #expect(shellWord("data/digits.csv") == "data/digits.csv")
    #expect(shellWord("it's mine") == "'it'\\''s mine'")
    #expect(shellWord("") == "''")
    #expect(shellWord("$(x)") == "'$(x)'")
  }
}

/// Does something in a new folder, which is then removed.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("espalier-files-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
