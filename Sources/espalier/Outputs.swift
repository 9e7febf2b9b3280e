import CEspalierSystem

/// Refuses a file to write that the command reads, through whatever links.
///
/// Every command that writes names here what it reads before it does anything, but for the model that it is asked to
/// change.
///
/// - Parameters:
///   - output: the file to write; nothing is refused while it does not exist.
///   - inputs: the files that are read; nil for those that are not.
/// - Throws: `CommandError` that names both.
func expectNotRead(_ output: String, _ inputs: String?...) throws {
  try expectNotRead(output, among: inputs.compactMap { $0 })
}

/// Refuses a file to write that the command reads, through whatever links.
func expectNotRead(_ output: String, among inputs: [String]) throws {
  guard let input = inputs.first(where: { espalier_is_same_file(output, $0) != 0 }) else { return }
  throw CommandError(
    output == input
      ? "\(output) would be overwritten, and is read; write to another place"
      : "\(output) is the same file as \(input), which is read; write to another place")
}
