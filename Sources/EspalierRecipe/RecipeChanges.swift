/// What differs between two recipes with every default written out, a line for each key.
struct RecipeChanges {
  /// The lines, such as `training.learning_rate: 0.01 when the run began, 0.02 now`.
  let lines: [String]

  /// Compares recipes as resolved; keys in `ignored` may differ.
  init(from old: String, to new: String, ignoring ignored: Set<String>) throws {
    let (old, new) = (try Self.values(old), try Self.values(new))
    let before = Dictionary(old, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new, uniquingKeysWith: { first, _ in first })
    var lines: [String] = []
    for (key, value) in old where !ignored.contains(key) && after[key] != value {
      lines.append("\(key): \(value) when the run began, \(after[key] ?? "nothing") now")
    }
    for (key, value) in new where !ignored.contains(key) && before[key] == nil {
      lines.append("\(key): nothing when the run began, \(value) now")
    }
    if lines.isEmpty && old.map(\.0) != new.map(\.0) {
      lines.append("the heads are declared in another order")
    }
    self.lines = lines
  }

  /// Every value with its keys, in the order of the text.
  private static func values(_ text: String) throws -> [(String, String)] {
    var values: [(String, String)] = []
    func add(_ node: YAMLNode, _ path: RecipePath) {
      switch node.content {
      case .scalar(let text, _): values.append(("\(path)", text))
      case .list(let elements):
        for (index, element) in elements.enumerated() { add(element, path / index) }
      case .map(let entries):
        for entry in entries { add(entry.value, path / entry.key) }
      }
    }
    add(try YAMLReader.read(text, file: "recipe"), .root)
    return values
  }
}
