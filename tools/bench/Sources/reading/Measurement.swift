import EspalierFormat
import EspalierGraph
import Foundation

/// How the model is stored and loaded.
enum Way: String, CaseIterable, Codable {
  case planes
  case planesOnTwoThreads = "planes-2"
  case noneRead = "none-read"
  case noneMapped = "none-mapped"

  var isPlanes: Bool { self == .planes || self == .planesOnTwoThreads }
  var threads: Int { self == .planesOnTwoThreads ? 2 : 1 }

  /// The codec as the table has it.
  var label: String {
    switch self {
    case .planes, .planesOnTwoThreads: "planes"
    case .noneRead: "none, read"
    case .noneMapped: "none, mapped"
    }
  }
}

/// One way to load the model, measured.
struct Measurement: Codable {
  let way: Way
  let seconds: Double
  /// KiB of anonymous memory before the first loading, with the model loaded, and at most in between.
  let before: Int
  let after: Int
  let peak: Int

  /// Measures in a process of its own, whose memory nothing else has touched.
  init(_ way: Way, ofFileAt path: String, runs: Int) throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--measure", way.rawValue, path, "\(runs)"]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError("measuring \(way.rawValue) failed")
    }
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  /// Measures in this process.
  init(here way: Way, path: String, runs: Int) throws {
    var limits = ReaderLimits()
    limits.threads = way.threads
    func load() throws -> Model {
      let source = try FileSource(path: path, maps: way != .noneRead)
      var reader = try ModelReader(source, limits: limits)
      return try reader.load()
    }
    self.way = way
    ResidentMemory.forgetPeak()
    let start = ResidentMemory()
    let model = try load()
    let end = ResidentMemory()
    before = start.anonymous
    after = end.anonymous
    peak = end.peak - end.file
    seconds = try withExtendedLifetime(model) { try Self.fastest(runs, load) }
  }

  /// The seconds of the fastest run; giving back what it made is not measured.
  static func fastest<Value>(
    _ runs: Int, _ body: () throws -> Value, release: (Value) -> Void = { _ in }
  ) rethrows -> Double {
    var best = Duration.seconds(1 << 30)
    for _ in 0..<runs {
      let start = ContinuousClock.now
      let value = try body()
      best = min(best, start.duration(to: .now))
      release(value)
    }
    return best / .seconds(1)
  }
}

/// The memory of this process in KiB, as /proc/self/status has it.
struct ResidentMemory {
  private(set) var anonymous = 0
  private(set) var file = 0
  /// The most that was resident since the last `forgetPeak`.
  private(set) var peak = 0

  init() {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count >= 2, let number = Int(words[1]) else { continue }
      switch words[0] {
      case "RssAnon:": anonymous = number
      case "RssFile:": file = number
      case "VmHWM:": peak = number
      default: continue
      }
    }
  }

  /// Lets the kernel count the peak from now on.
  static func forgetPeak() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }
}
