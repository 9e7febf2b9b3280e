import ArgumentParser
import EspalierArrays
import EspalierFormat
import EspalierWriter
import Foundation

/// The command `espalier`.
@main struct Espalier: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "espalier",
    abstract: "Train networks of one trunk and many heads, export them to one file, run it.",
    discussion: """
      A first run, from the project's folder:

        espalier train tools/recipes/digits.yaml --out digits-run
        espalier export digits-run --out digits.espalier
        espalier inspect digits.espalier
        espalier run digits.espalier --input tools/data/digits.csv --heads even

      Exit status: 0 done, 1 an error that was reported, 2 a wrong call.
      """,
    subcommands: [
      Train.self, Export.self, Inspect.self, Diff.self, Run.self, Convert.self, Weights.self,
      Graft.self, Prune.self, Split.self, Pack.self, Verify.self, Sign.self,
    ])

  /// Runs a command and turns every error into one message and an exit status.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Foundation.exit(report(error))
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    if let status = error as? ExitCode { return status.rawValue }
    switch exitCode(for: error) {
    case .success:
      print(fullMessage(for: error))
      return 0
    case .validationFailure:
      printError(fullMessage(for: error))
      return 2
    default:
      printError("espalier: \(text(of: error))")
      return 1
    }
  }

  /// An error of ours says it all by itself; one of Foundation's has a sentence for people.
  private static func text(of error: any Error) -> String {
    error is CocoaError ? error.localizedDescription : "\(error)"
  }
}

/// Prints a line to standard error.
func printError(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Does something with a file; errors of the file's content begin with its path.
func withFile<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FormatError {
    throw CommandError("\(path): \(error)")
  } catch let error as ArrayFileError {
    throw CommandError("\(path): \(error)")
  } catch WriterError.unreadableHead(let head, let error) {
    throw CommandError("\(head): \(error)")
  } catch let error as WriterError {
    throw CommandError("\(path): \(error)")
  }
}

/// An error that a command found itself.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Several things that are wrong: a line each under a title, the first of very many.
  init(_ title: String, _ problems: [String]) {
    let limit = 100
    var lines = problems.prefix(limit).map { "\n  \($0)" }
    if problems.count > limit { lines.append("\n  and \(problems.count - limit) more") }
    description = "\(title):\(lines.joined())"
  }
}
