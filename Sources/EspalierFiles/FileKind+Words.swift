extension FileKind {
  /// What a file is wanted for.
  public enum Purpose: Sendable, CaseIterable {
    /// A model of Espalier.
    case model
    /// An ONNX model to convert.
    case document
    /// A table.
    case table
    /// Arrays of numbers.
    case arrays
    /// A table or arrays.
    case rows
    /// A recipe.
    case recipe
    /// A key.
    case key
    /// A signature in a file of its own.
    case signature
    /// The folder of a training run.
    case run

    /// What is wanted, in words.
    var noun: String {
      switch self {
      case .model: "an Espalier model"
      case .document: "an ONNX model"
      case .table: "a table of comma-separated values"
      case .arrays: "a file of arrays"
      case .rows: "a table or a file of arrays"
      case .recipe: "a recipe"
      case .key: "a key in PEM"
      case .signature: "a signature that espalier sign has written"
      case .run: "the folder of a training run"
      }
    }

    /// The kinds that are read.
    package var kinds: Set<FileKind> {
      switch self {
      case .model: [.espalierModel]
      case .document: [.onnx]
      case .table: [.text, .gzip]
      case .arrays: [.npy, .npz, .zip, .safetensors]
      case .rows: Self.table.kinds.union(Self.arrays.kinds)
      case .recipe: [.text, .json]
      case .key, .signature: [.pem]
      case .run: [.runFolder]
      }
    }
  }

  /// What is wrong with a file of this kind where another is wanted, and what to do; nil when nothing is known to be
  /// wrong.
  ///
  /// - Parameters:
  ///   - purpose: what the file is wanted for.
  ///   - path: the file, for the commands that are proposed.
  ///   - isInGzip: whether this is what was compressed in the file.
  public func problem(
    as purpose: Purpose, path: String = "FILE", isInGzip: Bool = false
  ) -> String? {
    if path.hasSuffix(".partial") {
      return "what an interrupted write left behind, not \(purpose.noun); remove it, and use the "
        + "file that it was to become"
    }
    let isSavedModel = path.hasSuffix("saved_model.pb")
    let kind = isSavedModel && self == .onnx ? .savedModel : self
    guard kind != .unknown, !purpose.kinds.contains(kind) else { return nil }
    if kind == .empty { return "the file is empty; make it or fetch it again" }
    if isInGzip {
      return "what is compressed here is \(kind.noun), not \(purpose.noun); "
        + FileKind.gzip.remedy(for: purpose, shellWord(path))
    }
    let remedy = kind.remedy(for: purpose, shellWord(path))
    return "this is \(kind.noun), not \(purpose.noun); \(remedy)"
  }

  /// What the kind is, in words.
  var noun: String {
    switch self {
    case .espalierModel: "an Espalier model"
    case .onnx: "an ONNX model"
    case .npy: "a NumPy array (.npy)"
    case .npz: "an archive of NumPy arrays (.npz)"
    case .safetensors: "a .safetensors file of arrays"
    case .text: "text"
    case .pem: "a key or certificate in PEM"
    case .pyTorch: "a PyTorch file"
    case .pickle: "a Python pickle"
    case .hdf5: "an HDF5 file, such as Keras writes"
    case .keras: "a Keras model"
    case .tfLite: "a TensorFlow Lite model"
    case .savedModel: "a TensorFlow SavedModel"
    case .ortModel: "a model in ONNX Runtime's own format"
    case .gguf: "a GGUF file"
    case .excel: "an Office document, such as an Excel workbook"
    case .parquet: "a Parquet file"
    case .arrow: "an Arrow or Feather file"
    case .sqlite: "an SQLite database"
    case .json: "JSON"
    case .utf16: "text in UTF-16"
    case .utf32: "text in UTF-32"
    case .gzip: "compressed with gzip"
    case .bzip2: "compressed with bzip2"
    case .xz: "compressed with xz"
    case .zstd: "compressed with zstd"
    case .tar: "a tar archive"
    case .sevenZip: "a 7z archive"
    case .zip: "a zip archive"
    case .image: "a picture"
    case .sound: "a sound file"
    case .pdf: "a PDF document"
    case .empty: "an empty file"
    case .html: "an HTML page"
    case .xml: "an XML document"
    case .lfsPointer: "a Git LFS pointer"
    case .folder: "a folder"
    case .runFolder: "the folder of a training run"
    case .unknown: "of no known kind"
    }
  }

  /// What to do with a file of this kind; `path` is ready to be pasted into a shell.
  private func remedy(for purpose: Purpose, _ path: String) -> String {
    switch self {
    case .lfsPointer: "git lfs pull fetches the file that it stands for"
    case .html: "it may be a download page or an error; fetch the file that the page is about"
    case .xml: "it may be a server's error message; fetch the file again"
    case .gzip: "gunzip \(path) decompresses it"
    case .bzip2: "bunzip2 \(path) decompresses it"
    case .xz: "unxz \(path) decompresses it"
    case .zstd: "unzstd \(path) decompresses it"
    case .tar: "tar xf \(path) unpacks it"
    case .zip: "unzip \(path) unpacks it"
    case .sevenZip: "unpack it first"
    case .utf16: "iconv -f UTF-16 -t UTF-8 \(path) > NEW makes it readable"
    case .utf32: "iconv -f UTF-32 -t UTF-8 \(path) > NEW makes it readable"
    case .excel: "save the sheet as CSV in UTF-8"
    case .parquet, .arrow, .sqlite, .json: "write what you need of it as CSV"
    case .runFolder where purpose == .model || purpose == .document:
      "espalier export \(path) --out MODEL.espalier makes a model of it"
    case .runFolder where purpose == .recipe: "the recipe that it has is \(path)/recipe.yaml"
    case .text where purpose == .run || purpose == .model:
      "espalier train \(path) --out RUN trains it if it is a recipe"
    case .espalierModel where purpose == .run: "it is exported already"
    case .pyTorch, .pickle: purpose.isOfNumbers ? Self.numPy : Self.exporting("torch.onnx.export")
    case .hdf5, .keras:
      purpose.isOfNumbers ? Self.numPy : Self.exporting("model.export(..., format=\"onnx\")")
    case .tfLite: Self.exporting("python -m tf2onnx.convert --tflite")
    case .savedModel: Self.exporting("python -m tf2onnx.convert --saved-model")
    case .ortModel: "take the .onnx file that it was made of"
    case .onnx where purpose == .model: "espalier convert \(path) MODEL.espalier makes one of it"
    case .espalierModel where purpose == .document:
      "espalier convert \(path) MODEL.onnx makes one of it"
    case .npy, .npz, .safetensors, .gguf:
      purpose == .model || purpose == .document
        ? "it holds numbers without a network; export the network itself" : Self.anotherFile
    case .image where purpose.isOfNumbers: "write its pixels into an .npy file, one row for each"
    case .folder where purpose == .run:
      "it has no recipe.yaml and metrics.jsonl; name another folder"
    case .espalierModel, .onnx, .text, .pem, .image, .sound, .pdf, .empty, .folder, .runFolder,
      .unknown:
      Self.anotherFile
    }
  }

  private static let anotherFile = "name another file"
  private static let numPy = "write its numbers with numpy.savez"

  private static func exporting(_ way: String) -> String {
    "export the network with \(way), then espalier convert"
  }
}

extension FileKind.Purpose {
  /// Whether numbers are wanted, and not a network.
  fileprivate var isOfNumbers: Bool { self == .table || self == .arrays || self == .rows }
}

/// A word as a shell takes it: in quotes where it has other characters than those of plain names.
package func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "/._-+,:@%=".utf8.contains(byte)
    }
  }
  if isPlain && !text.isEmpty { return text }
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'\(parts.joined(separator: "'\\''"))'"
}
