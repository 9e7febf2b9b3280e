internal import EspalierText
import EspalierTraining

/// Values of several kinds, each with settings of its own: layers, optimizers.
///
/// A value is written `kind`, `kind: {settings}` or, when the kind has a main setting, `kind: value`.
struct Variants<Value>: Sendable {
  /// One kind.
  struct Kind: Sendable {
    let name: String
    /// The keys of its settings.
    let keys: [String]
    /// The setting that the short form gives.
    let shortKey: String?
    /// Reads the settings; nil when one is wrong, which is then noted.
    let read: @Sendable (Fields) -> Value?
  }

  /// What the values are, such as `layer`.
  let noun: String
  let kinds: [Kind]

  private var names: String { kinds.map(\.name).joined(separator: ", ") }

  /// Reads a value; nil when something is wrong, which is then noted.
  func read(_ node: YAMLNode, _ path: RecipePath, problems: Problems) -> Value? {
    switch node.content {
    case .scalar(let name, _) where !name.isEmpty:
      guard let kind = kind(name, node.place, path, problems) else { return nil }
      return kind.read(Fields(path / name, place: node.place, [], problems: problems))
    case .map(let entries) where entries.count == 1:
      return read(entries[0], path, problems)
    case .map(let entries) where entries.count > 1:
      problems.add(
        node.place, path,
        "expected one \(noun), found \(quotedList(entries.map(\.key))); indent the settings of "
          + "\(quoted(entries[0].key)) below it")
    default:
      problems.add(
        node.place, path,
        "expected a \(noun), found \(node.summary(unquoted: false)) (possible: \(names))")
    }
    return nil
  }

  private func read(
    _ entry: YAMLNode.Entry, _ path: RecipePath, _ problems: Problems
  ) -> Value? {
    guard let kind = kind(entry.key, entry.keyPlace, path, problems) else { return nil }
    let path = path / kind.name
    switch entry.value.content {
    case .map:
      return Fields(entry.value, path, place: entry.keyPlace, keys: kind.keys, problems: problems)
        .flatMap(kind.read)
    case .scalar where entry.value.isAbsent:
      return kind.read(Fields(path, place: entry.keyPlace, [], problems: problems))
    default:
      guard let key = kind.shortKey else {
        problems.add(
          entry.value.place, path,
          "expected a map with \(kind.keys.joined(separator: ", ")), found "
            + entry.value.summary(unquoted: false))
        return nil
      }
      let settings = [YAMLNode.Entry(key: key, keyPlace: entry.keyPlace, value: entry.value)]
      return kind.read(Fields(path, place: entry.keyPlace, settings, problems: problems))
    }
  }

  private func kind(
    _ name: String, _ place: TextPlace, _ path: RecipePath, _ problems: Problems
  ) -> Kind? {
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    let hint = suggestion(for: name, among: kinds.map(\.name))
    problems.add(place, path, "unknown \(noun) \(quoted(name))\(hint) (possible: \(names))")
    return nil
  }
}
