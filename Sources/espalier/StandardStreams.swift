import CEspalierSystem
import EspalierFormat
import EspalierGraph
import Foundation

// All that a command prints goes through here. Nothing is buffered: what `printOutput` has returned from is with the
// system, so that the exit status can be trusted.

/// Prints text for people to standard output, ended by a line break; what does not show in it is escaped.
///
/// - Throws: `StandardOutputError` when it cannot be written, such as to a full disk.
func printOutput(_ text: String) throws {
  try writeOutput(visible(text, keepingLines: true) + "\n")
}

/// Writes data to standard output as they are.
///
/// Ends the process as SIGPIPE does, in silence, when nobody reads the pipe that standard output is.
///
/// - Throws: `StandardOutputError` when it cannot be written, such as to a full disk.
func writeOutput(_ text: String) throws {
  let bytes = Array(text.utf8)
  try expectOutput(espalier_stream_write(STDOUT_FILENO, bytes, bytes.count))
}

/// Prints a value as JSON with keys in order; what does not show in its texts is escaped as JSON has it.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "not a number")
  var text = ""
  for scalar in String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars {
    // What is ASCII is escaped already.
    if scalar.isASCII || !isInvisible(scalar.value) {
      text.unicodeScalars.append(scalar)
    } else {
      for unit in UTF16.encode(scalar) ?? .init() { text += String(format: "\\u%04x", unit) }
    }
  }
  try writeOutput(text + "\n")
}

/// Closes standard output, by which some file systems tell that what was written did not arrive.
///
/// - Throws: `StandardOutputError` when it did not.
func closeOutput() throws {
  try expectOutput(espalier_stream_close(STDOUT_FILENO))
}

/// Prints text for people to standard error, ended by a line break; what does not show in it is escaped.
func printError(_ text: String) { showProgress(visible(text, keepingLines: true) + "\n") }

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
  let message: String? = text.map { "\(start)espalier: \(visible($0, keepingLines: true))\n" }
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
