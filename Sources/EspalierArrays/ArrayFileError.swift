public import EspalierFiles
public import EspalierGraph

/// Why a file of arrays is refused: which array, and what is wrong with it.
///
/// Whoever knows the file's name puts it before the description.
public struct ArrayFileError: Error, Sendable, Equatable {
  /// The array, or nil for the whole file.
  public let array: Name?
  /// What is wrong.
  public let problem: Problem

  /// Makes an error.
  public init(_ problem: Problem, in array: Name? = nil) {
    self.array = array
    self.problem = problem
  }

  /// What can be wrong with a file of arrays.
  public enum Problem: Sendable, Equatable {
    /// The first bytes are not those of the format; what they are.
    case notOfFormat(ArrayFormat, found: FileKind)
    /// The file ends before its header does.
    case truncated(needed: Int, found: Int)
    /// The version of the format is none that is known.
    case unknownVersion(major: Int, minor: Int)
    /// The header claims more bytes than the limit.
    case headerTooLong(Int, limit: Int)
    /// The header breaks its grammar at a byte, counted from its beginning.
    case badHeader(offset: Int, expected: String)
    /// The header has a key twice.
    case duplicateKey(String)
    /// The header lacks a key that it has to have.
    case missingKey(String)
    /// There are more elements, or bytes of them, than can be counted.
    case badShape([Int])
    /// There are more or fewer bytes of numbers than type and shape say.
    case wrongSize(found: Int, expected: Int)
    /// Tensors leave bytes between them, or share some.
    case gap(offset: Int)
    /// The elements are objects of Python, which only running the file could make.
    case objects
    /// The elements are of a type that no tensor has, or none that can be widened without loss.
    case unsupportedType(String)
    /// A float64 number is larger than every float32 number; where in the array, counted from 0.
    case beyondFloat32(index: [Int], value: Double)
    /// A uint64 number is larger than every int64 number; where in the array, counted from 0.
    case beyondInt64(index: [Int], value: UInt64)
    /// An element of booleans is neither 0 nor 1.
    case notBoolean(element: Int, value: UInt8)
    /// A name is empty, not printable UTF-8, or too long for the format.
    case badName(entry: Int)
    /// Two arrays have the same name.
    case duplicateName
    /// There are more arrays than the limit.
    case tooManyArrays(Int, limit: Int)
    /// The numbers take more memory than the limit.
    case overBudget(needed: Int, limit: Int)
    /// An archive holds something else than arrays.
    case notAnArray
    /// An entry of an archive is encrypted.
    case encrypted
    /// An entry of an archive is compressed in a way that is not read.
    case unknownCompression(Int)
    /// An entry of an archive claims more bytes than its compressed ones can become.
    case impossibleSize(Int, stored: Int)
    /// The archive, or an entry of it, is damaged; in the words of the library that reads it.
    case damaged(String)
    /// The archive cannot be written; in the words of the library that writes it.
    case unwritable(String)
  }
}

/// A format of files of arrays.
public enum ArrayFormat: Sendable, Equatable {
  /// One NumPy array.
  case npy
  /// A zip archive of NumPy arrays.
  case npz
  /// Tensors and text behind a JSON header.
  case safetensors
}

extension ArrayFormat {
  /// What files of the format are, and how to tell.
  fileprivate var expectation: String {
    switch self {
    case .npy: "no .npy file: the first bytes are not those of NumPy's format"
    case .npz: "no .npz file: it is not a zip archive, or was cut short"
    case .safetensors: "no .safetensors file: it does not begin with the size of a header"
    }
  }
}

extension ArrayFileError: CustomStringConvertible {
  /// What is wrong and where, in words.
  public var description: String {
    array.map { "array \($0): \(problem)" } ?? "\(problem)"
  }
}

extension ArrayFileError.Problem: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .notOfFormat(let format, let found):
      found.problem(as: .arrays) ?? format.expectation
    case .truncated(let needed, let found):
      "cut short: the header takes \(needed) bytes, but there are \(found)"
    case .unknownVersion(let major, let minor):
      "version \(major).\(minor) of NumPy's format is not known"
    case .headerTooLong(let count, let limit):
      "the header claims \(count) bytes; the limit is \(limit)"
    case .badHeader(let offset, let expected):
      "byte \(offset) of the header: expected \(expected)"
    case .duplicateKey(let key): "the header has the key \"\(key)\" twice"
    case .missingKey(let key): "the header has no key \"\(key)\""
    case .badShape(let sizes):
      "the shape \(sizes) has more elements than can be counted"
    case .wrongSize(let found, let expected):
      "its type and shape take \(expected) bytes, but there are \(found)"
    case .gap(let offset):
      "its numbers should begin at byte \(offset); they leave a gap, or overlap others"
    case .objects:
      "its elements are Python objects, which are never loaded; save an array of numbers"
    case .unsupportedType(let type):
      "its elements are \(type), of which there are no tensors"
    case .beyondFloat32(let index, let value):
      "\(value), at \(placeText(index)), is too large for float32"
    case .beyondInt64(let index, let value):
      "\(value), at \(placeText(index)), is too large for int64"
    case .notBoolean(let element, let value):
      "element \(element) is \(value), but booleans are 0 or 1"
    case .badName(let entry):
      "the name of array \(entry), counted from 1, is empty, too long or not printable"
    case .duplicateName: "two arrays have the same name"
    case .tooManyArrays(let count, let limit):
      "\(count) arrays; the limit is \(limit)"
    case .overBudget(let needed, let limit):
      "the numbers take \(needed) bytes of memory; the limit is \(limit)"
    case .notAnArray:
      "not an array: the names of arrays in an archive end in .npy"
    case .encrypted: "encrypted; write the archive without a password"
    case .unknownCompression(let method):
      "compressed by method \(method); stored and deflated entries are read"
    case .impossibleSize(let count, let stored):
      "claims \(count) bytes, more than \(stored) compressed bytes can become"
    case .damaged(let detail): "the archive is damaged: \(detail)"
    case .unwritable(let detail): "the archive cannot be written: \(detail)"
    }
  }
}
