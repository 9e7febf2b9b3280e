import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation

/// Measures how fast weights are read.
@main struct Reading {
  static let usage = """
    usage: tools/bench/reading [--megabytes N] [--runs N] [--folder PATH] [--json]

    Writes a model of dense layers with Gaussian fp32 weights, once in byte planes
    and once as they are, and loads it again with every check. Speeds are those of
    the fastest run, in GB (10^9) of raw bytes a second, with the file in the page
    cache.

      --megabytes N   MiB of weights, a multiple of 16 (default 256)
      --runs N        runs of each measurement (default 7)
      --folder PATH   where the two files are written for a while (default /tmp)
      --json          print JSON instead of a table
    """

  static func main() {
    do {
      let options = try Options(CommandLine.arguments.dropFirst())
      if options.wantsHelp { return print(usage) }
      if let child = options.child { return try measure(child, options.runs) }
      try run(options)
    } catch {
      FileHandle.standardError.write(Data("reading: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func measure(_ child: Options.Child, _ runs: Int) throws {
    let measurement = try Measurement(here: child.way, path: child.path, runs: runs)
    FileHandle.standardOutput.write(try JSONEncoder().encode(measurement))
  }

  private static func run(_ options: Options) throws {
    let files = Files(folder: options.folder)
    defer { files.remove() }
    var gaussian = GaussianModel(megabytes: options.megabytes)
    try files.write(gaussian.model())
    let report = try Report(files, options)
    print(options.wantsJSON ? report.json : report.table)
  }
}

/// What was asked for on the command line.
struct Options {
  var megabytes = 256
  var runs = 7
  var folder = "/tmp"
  var wantsJSON = false
  var wantsHelp = false
  /// What this process measures for the one that started it.
  var child: Child?

  /// A way, and the file that is loaded in it.
  struct Child {
    let way: Way
    let path: String
  }

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h": wantsHelp = true
      case "--json": wantsJSON = true
      case "--megabytes": megabytes = try Self.number(&rest, after: word, multipleOf: 16)
      case "--runs": runs = try Self.number(&rest, after: word, multipleOf: 1)
      case "--folder":
        guard let path = rest.popFirst() else { throw BenchError("--folder needs a path") }
        folder = path
      case "--measure":
        guard let way = rest.popFirst().flatMap({ Way(rawValue: $0) }), let path = rest.popFirst()
        else { throw BenchError("--measure needs a way and a file") }
        child = Child(way: way, path: path)
        runs = try Self.number(&rest, after: word, multipleOf: 1)
      default: throw BenchError("unknown option \(word); --help lists them")
      }
    }
  }

  private static func number(
    _ rest: inout ArraySlice<String>, after option: String, multipleOf step: Int
  ) throws -> Int {
    guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0, number % step == 0 else {
      throw BenchError("\(option) needs a positive number, a multiple of \(step)")
    }
    return number
  }
}

/// What went wrong, in words.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
