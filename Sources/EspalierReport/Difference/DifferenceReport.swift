internal import EspalierGraph
internal import EspalierText

/// What `espalier diff` says of two files; the JSON has these names.
package struct DifferenceReport: Encodable {
  /// Whether the models are the same; how they are stored does not count.
  package let same: Bool
  let a: String
  let b: String
  let changes: [ModelDifference.Change]
  let storage: [StorageDifference]

  /// The most differences of storage that the text shows.
  static let storageLimit = 20
  /// The most columns of a value that is shown.
  private static let valueWidth = 60

  /// Puts together what was found of the files of two paths.
  package init(
    a: String, b: String, models: ModelDifference, storage: [StorageDifference]
  ) {
    same = models.changes.isEmpty
    self.a = a
    self.b = b
    changes = models.changes
    self.storage = storage
  }

  /// The report for people, at most 80 columns wide where names are short.
  package var text: String {
    let files = ["A  \(a)", "B  \(b)"]
    guard !same else {
      let answer = storage.isEmpty ? "same" : "same model, stored differently"
      return ([answer] + files + storageLines).joined(separator: "\n")
    }
    var lines = [verdict] + files
    lines += list(of: .onlyInA, "only in A") + list(of: .onlyInB, "only in B")
    var head: Name??
    for change in changes where change.kind != .onlyInA && change.kind != .onlyInB {
      let next = change.head.map { Name($0) }
      if head != .some(next) {
        lines += ["", change.head.map { "head \($0)" } ?? "trunk"]
        head = next
      }
      lines += wrapped("  " + words(change), indent: "    ")
    }
    return lines.joined(separator: "\n")
  }

  private var verdict: String {
    let heads = Set(changes.compactMap { $0.head.map { Name($0) } }).count
    let places = [
      changes.contains { $0.head == nil } ? "the trunk" : nil,
      heads > 0 ? counted(heads, "head") : nil,
    ]
    return "differ: \(counted(changes.count, "difference")) in "
      + places.compactMap { $0 }.joined(separator: " and ")
  }

  /// The heads that one model alone has.
  private func list(of kind: ModelDifference.Change.Kind, _ title: String) -> [String] {
    let names = changes.filter { $0.kind == kind }.compactMap(\.head)
    guard !names.isEmpty else { return [] }
    return [""] + wrapped("\(title): \(names.joined(separator: ", "))")
  }

  private func words(_ change: ModelDifference.Change) -> String {
    let text = change.numbers.map(words) ?? values(change.a, change.b)
    return "\(change.kind.rawValue) \(change.subject): \(text)"
  }

  private func words(_ numbers: NumberDifference) -> String {
    "\(grouped(numbers.differing)) of \(grouped(numbers.count)) differ, by at most "
      + "\(figure(numbers.largest_difference)) (\(figure(numbers.largest_relative_difference)) "
      + "relative)"
      + (numbers.not_finite > 0 ? ", \(grouped(numbers.not_finite)) not finite" : "")
  }

  private func values(_ a: String?, _ b: String?) -> String {
    let (first, second) = (a.map(shown), b.map(shown))
    // Where rounding would hide the difference, all digits are shown.
    let isHidden = first == second
    return switch (isHidden ? a : first, isHidden ? b : second) {
    case (let a?, let b?) where a == b: "\(a) in A, the same text in other bytes in B"
    case (let a?, let b?): "\(a) in A, \(b) in B"
    case (let a?, nil): "\(a) in A, absent in B"
    case (nil, let b?): "absent in A, \(b) in B"
    case (nil, nil): "differs"
    }
  }

  private func shown(_ text: String) -> String {
    if text.isEmpty { return "nothing" }
    if text.contains("."), let number = Double(text) { return figure(number) }
    return cut(text, to: Self.valueWidth)
  }

  private var storageLines: [String] {
    var lines = storage.prefix(Self.storageLimit).flatMap {
      wrapped("  \($0.subject): \(values($0.a, $0.b))", indent: "    ")
    }
    if storage.count > Self.storageLimit {
      lines.append("  ... and \(grouped(storage.count - Self.storageLimit)) more")
    }
    return lines
  }
}
