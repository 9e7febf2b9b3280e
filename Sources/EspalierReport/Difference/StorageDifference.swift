package import EspalierFormat

/// How two files that may hold one model store it differently; the JSON has these names.
package struct StorageDifference: Encodable, Equatable {
  /// What differs, such as `codec of weights of trunk`.
  package let subject: String
  /// What it is in the first file; nil when it is not there.
  package let a: String?
  /// What it is in the second file; nil when it is not there.
  package let b: String?

  /// A difference of something that the two files have, or that one of them has.
  package init(subject: String, a: String?, b: String?) {
    self.subject = subject
    self.a = a
    self.b = b
  }

  /// Compares what two files say of their sections.
  package static func all(_ a: [SectionInfo], _ b: [SectionInfo]) -> [StorageDifference] {
    var list: [StorageDifference] = []
    func compare(_ subject: String, _ a: String?, _ b: String?) {
      if a != b { list.append(StorageDifference(subject: subject, a: a, b: b)) }
    }
    compare("parts", "\(parts(a))", "\(parts(b))")
    let (first, second) = (byID(a), byID(b))
    let ids = Set(first.keys).union(second.keys)
    for id in ids.sorted(by: { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }) {
      let (left, right) = (first[id] ?? [], second[id] ?? [])
      let before = list.count
      compare("sections \(id)", count(left), count(right))
      guard list.count == before else { continue }
      compare("codec of \(id)", codecs(left), codecs(right))
      guard list.count == before else { continue }
      compare("raw bytes of \(id)", bytes(left, \.rawBytes), bytes(right, \.rawBytes))
      guard list.count == before else { continue }
      compare("stored bytes of \(id)", bytes(left, \.storedBytes), bytes(right, \.storedBytes))
      guard list.count == before else { continue }
      compare("checksum of \(id)", checksums(left), checksums(right))
    }
    if list.isEmpty { compare("order of sections", order(a), order(b)) }
    return list
  }

  private static func parts(_ sections: [SectionInfo]) -> Int {
    (sections.map(\.part).max() ?? 0) + 1
  }

  private static func byID(_ sections: [SectionInfo]) -> [SectionID: [SectionInfo]] {
    Dictionary(grouping: sections, by: \.id)
  }

  private static func count(_ sections: [SectionInfo]) -> String? {
    sections.isEmpty ? nil : "\(sections.count)"
  }

  private static func codecs(_ sections: [SectionInfo]) -> String {
    sections.map(\.codec.label).joined(separator: ", ")
  }

  private static func bytes(_ sections: [SectionInfo], _ count: KeyPath<SectionInfo, Int>) -> String
  {
    sections.map { "\($0[keyPath: count])" }.joined(separator: ", ")
  }

  private static func checksums(_ sections: [SectionInfo]) -> String {
    sections.map { String($0.crc32, radix: 16) }.joined(separator: ", ")
  }

  private static func order(_ sections: [SectionInfo]) -> String {
    sections.map(\.id.description).joined(separator: ", ")
  }
}
