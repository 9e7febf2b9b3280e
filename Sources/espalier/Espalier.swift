import ArgumentParser
import CEspalierSystem
import EspalierArrays
import EspalierData
import EspalierFormat
import EspalierONNX
import EspalierRuntime
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

      Exit status: 0 done, 1 an error that was reported, 2 a wrong call. A command whose \
      standard output is a pipe that nobody reads any more, as behind head, ends in silence \
      as SIGPIPE ends it (141 in a shell).
      """,
    version: """
      espalier 0.1.0
      file format \(Layout.version); ONNX opsets \(ONNXModel.opsetVersions.lowerBound) to \
      \(ONNXModel.opsetVersions.upperBound), IR \(ONNXModel.irVersions.lowerBound) to \
      \(ONNXModel.irVersions.upperBound)
      """,
    subcommands: [
      Train.self, Export.self, Inspect.self, Diff.self, Run.self, Evaluate.self, Convert.self,
      Weights.self,
      Graft.self, Prune.self, Split.self, Pack.self, Verify.self, Sign.self,
    ])

  /// Runs a command and turns every error into one message and an exit status.
  static func main() {
    espalier_streams_prepare()
    espalier_handle_interruptions()
    espalier_handle_changed_files()
    Foundation.exit(status { try parseAndRun() })
  }

  private static func parseAndRun() throws {
    do {
      var command = try parseAsRoot()
      try command.run()
      try expectUnchangedFiles()
    } catch  where exitCode(for: error) == .success {
      // Help and the like.
      try printOutput(fullMessage(for: error))
    }
    try closeOutput()
  }

  /// The exit status that a body ends with; an error is reported.
  private static func status(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return 0
    } catch let status as ExitCode {
      return status.rawValue
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    switch exitCode(for: error) {
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

/// Refuses to go on when a file that is or was mapped into memory was written to meanwhile.
func expectUnchangedFiles() throws {
  guard let path = espalier_changed_file() else { return }
  throw CommandError(
    "\(String(cString: path)): the file was changed while it was in use; run the command again")
}

/// Does something with a file; errors of the file's content begin with its path.
func withFile<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FormatError {
    throw CommandError("\(path): \(problem(ofModel: path, error))")
  } catch let error as ArrayFileError {
    throw CommandError("\(path): \(error)")
  } catch let error as RuntimeError {
    throw CommandError("\(path): \(error)")
  } catch WriterError.unreadable(let error) {
    throw CommandError("\(path): \(problem(ofModel: path, error))")
  } catch WriterError.unreadableHead(let head, let error) {
    throw CommandError("\(head): \(problem(ofModel: head, error))")
  } catch let error as WriterError {
    throw CommandError(error.namesItsFile ? "\(error)" : "\(path): \(error)")
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
