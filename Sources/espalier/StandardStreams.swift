import CEspalierSystem
import EspalierFormat
import Foundation

// All that a command prints goes through here. Nothing is buffered: what `printOutput` has returned from is with the
// system, so that the exit status can be trusted.

/// Prints text to standard output, ended by a line break.
///
/// Ends the process as SIGPIPE does, in silence, when nobody reads the pipe that standard output is.
///
/// - Throws: `StandardOutputError` when it cannot be written, such as to a full disk.
func printOutput(_ text: String, terminator: String = "\n") throws {
  let bytes = Array((text + terminator).utf8)
  try expectOutput(espalier_stream_write(STDOUT_FILENO, bytes, bytes.count))
}

/// Prints a value as JSON with keys in order.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "not a number")
  try printOutput(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Closes standard output, by which some file systems tell that what was written did not arrive.
///
/// - Throws: `StandardOutputError` when it did not.
func closeOutput() throws {
  try expectOutput(espalier_stream_close(STDOUT_FILENO))
}

/// Prints a line to standard error.
func printError(_ text: String) { showProgress(text + "\n") }

/// Writes text to standard error as it is.
///
/// A message that cannot be written, because the stream is closed or its disk is full, is lost, and fails nothing.
func showProgress(_ text: String) {
  let bytes = Array(text.utf8)
  _ = espalier_stream_write(STDERR_FILENO, bytes, bytes.count)
}

/// Sets what is said when the user interrupts the command; nil for nothing.
func sayWhenInterrupted(_ text: String?) {
  // A terminal shows ^C at the end of the line that stands there.
  let start = isatty(STDERR_FILENO) == 1 ? "\n" : ""
  let message: String? = text.map { "\(start)espalier: \($0)\n" }
  espalier_say_when_interrupted(message)
}

private func expectOutput(_ result: Int32) throws {
  if espalier_is_closed_pipe(result) != 0 { espalier_end_by_signal(SIGPIPE) }
  guard result >= 0 else { throw StandardOutputError(code: -result) }
}

/// Standard output could not be written.
struct StandardOutputError: Error, CustomStringConvertible {
  /// The errno.
  let code: Int32

  var description: String {
    "standard output could not be written: \(code == EBADF ? "it is closed" : systemMessage(code))"
  }
}

/// Swift's function does not tell when standard output cannot be written; use `printOutput`.
@available(*, unavailable, message: "use printOutput, whose failures are seen")
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {}
