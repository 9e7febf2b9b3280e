package import EspalierFormat
internal import EspalierGraph
internal import EspalierText
internal import Foundation

/// What `espalier inspect` says of a section; the JSON has these names.
package struct SectionSummary: Encodable {
  let kind: String
  let name: String
  let codec: String
  let raw_bytes: Int
  let stored_bytes: Int
  let offset: Int
  /// Counted from 1 in the order of the file.
  let part: Int
  let sha256: String

  /// The sections of a file in its order.
  static func list(_ sections: [SectionInfo]) -> [SectionSummary] {
    sections.map { section in
      SectionSummary(
        kind: section.id.kind.label, name: "\(section.id.name)", codec: section.codec.label,
        raw_bytes: section.rawBytes, stored_bytes: section.storedBytes,
        offset: section.offset, part: section.part + 1,
        sha256: section.sha256.hexadecimal)
    }
  }
}

/// All sections of a file, for `espalier inspect --sections`; the JSON has these names.
package struct SectionTable: Encodable {
  let format_version: Int
  let file_bytes: Int
  let sections: [SectionSummary]

  /// Takes what a file says of its sections.
  package init(version: Int, sections: [SectionInfo], fileBytes: Int) {
    format_version = version
    file_bytes = fileBytes
    self.sections = SectionSummary.list(sections)
  }

  /// One line in sum, an empty one, a heading, then one line for each section.
  ///
  /// Numbers are plain and the name comes last, so that `sort` and `awk` can work on the columns.
  package func text(title: String) -> String {
    let raw = sections.reduce(0) { $0 + $1.raw_bytes }
    let stored = sections.reduce(0) { $0 + $1.stored_bytes }
    let parts = Set(sections.map(\.part)).count
    let summary =
      "\(title): \(counted(sections.count, "section")) in \(counted(parts, "part")), "
      + "\(counted(file_bytes, "byte")); payloads \(grouped(stored)) of \(counted(raw, "byte")), "
      + ratio(stored, raw)
    var rows = [["section", "codec", "raw", "stored", "ratio", "sha256", "offset", "part", "name"]]
    for section in sections {
      rows.append([
        section.kind, section.codec, "\(section.raw_bytes)", "\(section.stored_bytes)",
        ratio(section.stored_bytes, section.raw_bytes), String(section.sha256.prefix(8)),
        "\(section.offset)", "\(section.part)", section.name,
      ])
    }
    return (wrapped(summary) + [""] + aligned(rows, right: [2, 3, 4, 6, 7]))
      .joined(separator: "\n")
  }

  private func ratio(_ stored: Int, _ raw: Int) -> String {
    String(format: "%.3f", Double(stored) / Double(max(raw, 1)))
  }
}

extension Digest {
  /// All 64 hexadecimal digits.
  fileprivate var hexadecimal: String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}
