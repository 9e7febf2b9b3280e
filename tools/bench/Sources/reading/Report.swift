import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation

/// The files that are read.
struct Files {
  let planes: String
  let none: String

  init(folder: String) {
    let stem = "\(folder)/espalier-reading-\(getpid())"
    planes = "\(stem)-planes.espalier"
    none = "\(stem)-none.espalier"
  }

  func write(_ model: Model) throws {
    try ModelWriter(model, weights: .planes).write(to: planes)
    try ModelWriter(model, weights: .none).write(to: none)
  }

  func remove() {
    unlink(planes)
    unlink(none)
  }
}

/// One way to load the model, measured.
struct Measurement {
  let codec: String
  let threads: Int
  let seconds: Double
  /// KiB of anonymous memory before loading, with the model loaded, and at most in between.
  let before: Int
  let after: Int
  let peak: Int
}

/// All measurements of one run of the program.
struct Report {
  private let bytes: Int
  private let storedBytes: Int
  private let copySeconds: Double
  private let measurements: [Measurement]

  init(_ files: Files, _ options: Options) throws {
    let info = try ModelReader(FileSource(path: files.planes)).sections()
    bytes = info.reduce(0) { $0 + $1.rawBytes }
    storedBytes = info.reduce(0) { $0 + $1.storedBytes }
    copySeconds = Self.copySeconds(bytes, options.runs)
    var list: [Measurement] = []
    for threads in 1...2 {
      list.append(try Self.measured("planes", files.planes, threads, maps: true, options.runs))
    }
    list.append(try Self.measured("none, read", files.none, 1, maps: false, options.runs))
    list.append(try Self.measured("none, mapped", files.none, 1, maps: true, options.runs))
    measurements = list
  }

  /// How long it takes to copy as many bytes into memory that is allocated for them.
  private static func copySeconds(_ count: Int, _ runs: Int) -> Double {
    let source = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    defer { source.deallocate() }
    memset(source, 1, count)
    return fastest(runs) {
      let target = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
      target.copyMemory(from: source, byteCount: count)
      return target
    } release: {
      $0.deallocate()
    }
  }

  private static func measured(
    _ codec: String, _ path: String, _ threads: Int, maps: Bool, _ runs: Int
  ) throws -> Measurement {
    var limits = ReaderLimits()
    limits.threads = threads
    func load() throws -> Model {
      try ModelReader(FileSource(path: path, maps: maps), limits: limits).load()
    }
    _ = try load()
    let before = ResidentMemory()
    ResidentMemory.forgetPeak()
    let model = try load()
    let after = ResidentMemory()
    let seconds = try withExtendedLifetime(model) { try fastest(runs, load) }
    return Measurement(
      codec: codec, threads: threads, seconds: seconds, before: before.anonymous,
      after: after.anonymous, peak: after.peak - after.file)
  }

  /// The seconds of the fastest run; giving back what it made is not measured.
  private static func fastest<Value>(
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

  private func speed(_ seconds: Double) -> Double { Double(bytes) / seconds / 1e9 }

  /// The report for people, in 80 columns.
  var table: String {
    var lines = [
      "\(bytes >> 20) MiB of weights, in planes \(fixed(Double(storedBytes) / Double(bytes), 3))"
        + " of that; memcpy into fresh memory \(fixed(speed(copySeconds), 2)) GB/s", "",
      "codec         threads   GB/s  of memcpy   anonymous MiB: before   after    peak",
    ]
    for row in measurements {
      lines.append(
        row.codec.padding(toLength: 14, withPad: " ", startingAt: 0)
          + right("\(row.threads)", 7) + right(fixed(speed(row.seconds), 2), 7)
          + right(fixed(copySeconds / row.seconds, 2), 11)
          + right(mebibytes(row.before), 24) + right(mebibytes(row.after), 8)
          + right(mebibytes(row.peak), 8))
    }
    return lines.joined(separator: "\n")
  }

  /// The report for programs.
  var json: String {
    let rows = measurements.map {
      """
          {"codec": "\($0.codec)", "threads": \($0.threads), "gb_per_s": \(fixed(speed($0.seconds), 4)), \
      "of_memcpy": \(fixed(copySeconds / $0.seconds, 4)), "anonymous_kib_before": \($0.before), \
      "anonymous_kib_after": \($0.after), "anonymous_kib_peak": \($0.peak)}
      """
    }
    return """
      {
        "raw_bytes": \(bytes), "planes_bytes": \(storedBytes),
        "memcpy_gb_per_s": \(fixed(speed(copySeconds), 4)),
        "measurements": [
      \(rows.joined(separator: ",\n"))
        ]
      }
      """
  }

  private func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func mebibytes(_ kibibytes: Int) -> String { fixed(Double(kibibytes) / 1024, 1) }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
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
