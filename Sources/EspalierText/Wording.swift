internal import EspalierGraph

/// Text in quotes for a message: what does not show is escaped, and long text is cut.
package func quoted(_ text: String) -> String {
  let limit = 60
  var result = "\""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == limit { return result + "…\"" }
    result += scalar == "\"" ? "\\\"" : visible(String(scalar))
  }
  return result + "\""
}

/// Names in quotes with commas between, the first few of many.
package func quotedList(_ names: [String]) -> String {
  let limit = 12
  let shown = names.prefix(limit).map(quoted).joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}

/// The names that someone who wrote `text` may have meant, closest first, three at most.
///
/// A name counts when at most a third of the longer text's characters would have to change, without regard to case;
/// neighbours that are exchanged count once. Names of more than 40 characters never count, nor do those after the first
/// 10,000, which bounds the work.
package func closestNames(to text: String, among names: some Sequence<String>) -> [String] {
  let limit = 40
  let wanted = Array(text.lowercased().unicodeScalars)
  guard wanted.count <= limit else { return [] }
  var candidates: [(distance: Int, name: String)] = []
  for name in names.prefix(10_000) where name.utf8.count <= 4 * limit {
    let letters = Array(name.lowercased().unicodeScalars)
    let allowed = max(1, max(letters.count, wanted.count) / 3)
    guard letters.count <= limit, abs(letters.count - wanted.count) <= allowed else { continue }
    let distance = editDistance(wanted, letters)
    if distance <= allowed && distance < letters.count { candidates.append((distance, name)) }
  }
  return candidates.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// `; did you mean "a", "b"?` for the closest names, or nothing; or that a name looks the same in other characters.
package func suggestion(for text: String, among names: some Sequence<String>) -> String {
  // Strings are equal however their accents are written; names are bytes.
  if let twin = names.first(where: { $0 == text && !$0.utf8.elementsEqual(text.utf8) }) {
    return "; \(quoted(twin)) looks the same and is written \(codePoints(twin)), this is "
      + codePoints(text)
  }
  let closest = closestNames(to: text, among: names)
  guard !closest.isEmpty else { return "" }
  return "; did you mean \(closest.map(quoted).joined(separator: " or "))?"
}

/// The characters of text by their numbers, the first few of many: `U+0065 U+0301`.
private func codePoints(_ text: String) -> String {
  let limit = 8
  let shown = text.unicodeScalars.prefix(limit).map { scalar in
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
  return shown.joined(separator: " ") + (text.unicodeScalars.count > limit ? " …" : "")
}

/// The fewest insertions, deletions, replacements and exchanges of neighbours that turn one text into the other.
///
/// The optimal string alignment distance: Levenshtein's, and a pair that is exchanged counts once.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var earlier: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
      var distance = min(replaced, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, earlier[column - 1] + 1)
      }
      current.append(distance)
    }
    earlier = previous
    previous = current
  }
  return previous[right.count]
}
