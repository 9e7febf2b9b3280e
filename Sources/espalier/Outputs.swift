import CEspalierSystem
import EspalierFiles
import EspalierFormat
import EspalierWriter
import Foundation

/// Refuses a file to write that the command reads, through whatever links.
///
/// Every command that writes names here what it reads before it does anything, but for the model that it is asked to
/// change.
///
/// - Parameters:
///   - output: the file to write; nothing is refused while it does not exist.
///   - inputs: the files that are read; nil for those that are not. `-` is whatever standard input comes from.
/// - Throws: `CommandError` that names both.
func expectNotRead(_ output: String, _ inputs: String?...) throws {
  try expectNotRead(output, among: inputs.compactMap { $0 })
}

/// Refuses a file to write that the command reads, through whatever links.
func expectNotRead(_ output: String, among inputs: [String]) throws {
  let found = inputs.first { espalier_is_same_file(output, $0 == "-" ? "/dev/stdin" : $0) != 0 }
  guard let input = found else { return }
  throw CommandError(
    output == input
      ? "\(output) would be overwritten, and is read; write to another place"
      : "\(output) is the same file as \(shownInput(input)), which is read; write to another place")
}

private func shownInput(_ path: String) -> String { path == "-" ? shownPath(path) : path }

/// Whether writing to a path is writing to standard output: `-`, and whatever leads to the same file, pipe or device.
func isStandardOutput(_ path: String) -> Bool {
  path == "-" || espalier_is_same_file(path, "/dev/stdout") != 0
}

/// Writes text: to standard output, into a pipe or a device as it is, or to a file in one step.
///
/// - Throws: `CommandError` that names the path; `StandardOutputError`.
func write(_ text: String, to path: String) throws {
  if isStandardOutput(path) { return try writeOutput(text) }
  guard isPipeOrDevice(path) else {
    return try withFile(path) { try replaceFile(path, with: Array(text.utf8)) }
  }
  let stream = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
  guard stream >= 0 else { throw notWritten(path, -errno) }
  let bytes = Array(text.utf8)
  let written = espalier_stream_write(stream, bytes, bytes.count)
  let closed = espalier_stream_close(stream)
  if espalier_is_closed_pipe(written) != 0 { espalier_end_by_signal(SIGPIPE) }
  guard written >= 0, closed >= 0 else { throw notWritten(path, min(written, closed)) }
}

private func notWritten(_ path: String, _ result: Int32) -> CommandError {
  CommandError("\(path): the text could not be written: \(systemMessage(-result))")
}

/// Whether a path leads to what takes bytes one after the other: a pipe, or a device such as a terminal.
private func isPipeOrDevice(_ path: String) -> Bool {
  var status = stat()
  guard stat(path, &status) == 0 else { return false }
  return [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT)
}
