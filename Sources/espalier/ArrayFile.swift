import EspalierArrays
import EspalierGraph
import EspalierWriter
import EspalierZip
import Foundation

/// A file of arrays to write, whose format its name tells.
struct ArrayFile {
  /// What files hold arrays.
  enum Format: String, CaseIterable {
    case npz, npy, safetensors
  }

  let path: String
  let format: Format

  /// Tells the format by the end of the name; nil for another file.
  init?(_ path: String) {
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard let format = Format(rawValue: ending) else { return nil }
    self.path = path
    self.format = format
  }

  /// Writes arrays in one step.
  ///
  /// - Precondition: there is one for an `.npy` file.
  func write(_ tensors: [NamedTensor]) throws {
    try withFile(path) {
      let bytes =
        switch format {
        case .npz: try NumPyArchive(tensors).encoded()
        case .npy: tensors[0].npy
        case .safetensors: SafeTensors(tensors: tensors, metadata: [:]).encoded()
        }
      try replaceFile(path, with: bytes)
    }
  }
}
