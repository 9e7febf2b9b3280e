internal import EspalierData
import EspalierFormat
import EspalierGraph
internal import EspalierText
import EspalierTraining
import EspalierWriter

/// What a run took from its data when it began: the file `data.json` of a run folder.
///
/// A run that goes on, or is exported, uses this and derives nothing from the table again.
struct RunData: Codable, Equatable {
  /// A column that the network reads, as an input or as the target of a head.
  struct Column: Codable, Equatable {
    let name: String
    /// What it is: `input`, or `target of HEAD`.
    let role: String
    /// The SHA-256 digest of its numbers, in the order of the rows, in hexadecimal digits.
    let sha256: String
    /// The smallest and the largest number of an input column in the training rows.
    let least: Double?
    let most: Double?
  }

  let rows: Int
  let columns: [Column]
  /// A letter for each row: `t` for training, `v` for validation, `e` for test (evaluation).
  let split: String
  /// For each head whose targets are standardised, how.
  let standardizations: [String: Standardization]

  /// Describes the data of a trainer.
  init(_ trainer: Trainer) {
    let (network, dataset) = (trainer.experiment.network, trainer.dataset)
    rows = dataset.rowCount
    split = trainer.rows.letters(rows: dataset.rowCount)
    columns = Self.columns(network, dataset, training: trainer.rows.training)
    standardizations = Dictionary(
      zip(network.heads.map(\.name), trainer.standardizations).compactMap { head, found in
        found.map { (head, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func columns(
    _ network: Network, _ dataset: Dataset, training: [Int]
  ) -> [Column] {
    let names = network.input.columns
    let inputs = names.enumerated().map { index, name in
      func number(_ row: Int) -> Float { dataset.inputs[row * names.count + index] }
      let seen = training.map { Double(number($0)) + network.input.mean }
      return Column(
        name: name, role: "input",
        sha256: digest(of: (0..<dataset.rowCount).map(number)),
        least: seen.min(), most: seen.max())
    }
    let targets = zip(network.heads, dataset.targets).map { head, values in
      Column(
        name: head.target, role: "target of \(head.name)",
        sha256: digest(values.map(\.bitPattern)), least: nil, most: nil)
    }
    return inputs + targets
  }

  /// The digest of the numbers of an input column.
  static func digest(of numbers: [Float]) -> String {
    digest(numbers.map { UInt64($0.bitPattern) })
  }

  private static func digest(_ numbers: [UInt64]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * numbers.count)
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return SHA256.digest(of: bytes).hexadecimal
  }

  /// The rows of each part.
  var parts: Split.Parts {
    var parts = Split.Parts()
    for (row, letter) in split.utf8.enumerated() {
      switch letter {
      case UInt8(ascii: "v"): parts.validation.append(row)
      case UInt8(ascii: "e"): parts.test.append(row)
      default: parts.training.append(row)
      }
    }
    return parts
  }

  /// What is not as it was when the run began, a line each; nothing when the data are the same.
  func changes(to now: RunData) -> [String] {
    var lines: [String] = []
    if rows != now.rows { lines.append("\(counted(now.rows, "row")); there were \(rows)") }
    for (old, new) in zip(columns, now.columns) where old.sha256 != new.sha256 && rows == now.rows {
      lines.append("column \(quoted(new.name)) (\(new.role)) has other numbers")
    }
    return lines
  }
}

extension Split.Parts {
  fileprivate func letters(rows: Int) -> String {
    var letters = [UInt8](repeating: UInt8(ascii: "t"), count: rows)
    for row in validation { letters[row] = UInt8(ascii: "v") }
    for row in test { letters[row] = UInt8(ascii: "e") }
    return String(decoding: letters, as: UTF8.self)
  }
}

extension Digest {
  /// All 64 hexadecimal digits.
  var hexadecimal: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
