import CEspalier
import EspalierFormat
import EspalierGraph
import EspalierRuntime

/// Why a function failed, as its code and in words.
struct Failure: Error {
  let code: espalier_code
  let text: String

  init(_ code: espalier_code, _ text: String) {
    self.code = code
    self.text = text
  }

  init(_ error: FormatError) {
    if case .unknownHead = error {
      self.init(ESPALIER_UNKNOWN_HEAD, error.description)
    } else {
      self.init(ESPALIER_UNREADABLE, error.description)
    }
  }

  init(_ error: RuntimeError) {
    self.init(error.code, error.description)
  }

  /// Writes code and words into the caller's error, as much of them as it has room for.
  func write(to error: UnsafeMutablePointer<espalier_error>?) {
    guard let error else { return }
    let whole = MemoryLayout<espalier_error>.size
    let begin = whole - MemoryLayout.size(ofValue: error.pointee.message)
    let size = min(Int(error.pointee.struct_size), whole)
    guard size > begin else { return }
    error.pointee.code = Int32(code.rawValue)
    withUnsafeMutableBytes(of: &error.pointee.message) { message in
      var count = 0
      for byte in text.utf8 {
        if count == size - begin - 1 { break }
        message[count] = byte
        count += 1
      }
      message[count] = 0
    }
  }
}

extension RuntimeError {
  fileprivate var code: espalier_code {
    switch self {
    case .unknownHead: ESPALIER_UNKNOWN_HEAD
    case .unknownInput, .unknownOutput: ESPALIER_UNKNOWN_TENSOR
    case .wrongCount, .misaligned: ESPALIER_WRONG_SIZE
    case .missingInput: ESPALIER_MISSING_INPUT
    case .wrongElement: ESPALIER_WRONG_ELEMENT
    case .badSize, .sizeOutOfRange, .doesNotFit: ESPALIER_BAD_SIZE
    case .outOfMemory, .tooManyOperations: ESPALIER_OUT_OF_MEMORY
    case .outOfRange: ESPALIER_OUT_OF_RANGE
    case .overlap: ESPALIER_INTERNAL
    }
  }
}

/// Runs what a function does and returns its code.
func code(
  _ target: UnsafeMutablePointer<espalier_error>?, _ body: () throws(Failure) -> Void
) -> Int32 {
  do throws(Failure) {
    try body()
    return Int32(ESPALIER_OK.rawValue)
  } catch {
    error.write(to: target)
    return Int32(error.code.rawValue)
  }
}

/// Runs what reads a file, with its errors as failures.
func reading<Result: ~Copyable>(
  _ body: () throws(FormatError) -> Result
) throws(Failure) -> Result {
  do throws(FormatError) { return try body() } catch { throw Failure(error) }
}

/// Runs what uses the runtime, with its errors as failures.
func running<Result: ~Copyable>(
  _ body: () throws(RuntimeError) -> Result
) throws(Failure) -> Result {
  do throws(RuntimeError) { return try body() } catch { throw Failure(error) }
}

/// A pointer that may not be NULL.
func given<Pointee>(_ pointer: Pointee?, _ name: StaticString) throws(Failure) -> Pointee {
  guard let pointer else { throw Failure(ESPALIER_BAD_ARGUMENT, "\(name) is NULL") }
  return pointer
}
