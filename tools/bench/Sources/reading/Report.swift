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
    for way in Way.allCases {
      let path = way.isPlanes ? files.planes : files.none
      list.append(try Measurement(way, ofFileAt: path, runs: options.runs))
    }
    measurements = list
  }

  /// How long it takes to copy as many bytes into memory that is allocated for them.
  private static func copySeconds(_ count: Int, _ runs: Int) -> Double {
    let source = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    defer { source.deallocate() }
    memset(source, 1, count)
    return Measurement.fastest(runs) {
      let target = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
      target.copyMemory(from: source, byteCount: count)
      return target
    } release: {
      $0.deallocate()
    }
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
        row.way.label.padding(toLength: 14, withPad: " ", startingAt: 0)
          + right("\(row.way.threads)", 7) + right(fixed(speed(row.seconds), 2), 7)
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
          {"way": "\($0.way.rawValue)", "threads": \($0.way.threads), "gb_per_s": \(fixed(speed($0.seconds), 4)), \
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
