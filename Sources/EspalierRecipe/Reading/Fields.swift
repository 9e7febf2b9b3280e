internal import EspalierText
import EspalierTraining

/// The keys of a map while they are read one by one; what is wrong is noted among the problems.
struct Fields {
  let path: RecipePath
  /// Where missing keys are reported.
  let place: TextPlace
  let problems: Problems
  /// The keys and values, in the order of the file.
  let entries: [YAMLNode.Entry]
  private let nodes: [String: YAMLNode]
  /// The keys that unknown ones were probably meant to be; nobody needs to hear that they are missing, too.
  private var misspelt: Set<String> = []

  /// Takes a map.
  ///
  /// - Parameters:
  ///   - node: the map.
  ///   - path: the path of the map.
  ///   - place: where missing keys are reported: the key that holds the map.
  ///   - keys: the keys that it may have; nil for any.
  ///   - problems: what notes problems.
  /// - Returns: nil when the value is not a map.
  init?(
    _ node: YAMLNode, _ path: RecipePath, place: TextPlace, keys: [String]?, problems: Problems
  ) {
    guard case .map(let list) = node.content else {
      let expected = keys.map { "a map with \($0.joined(separator: ", "))" } ?? "a map"
      problems.add(
        node.place, path, "expected \(expected), found \(node.summary(unquoted: false))")
      return nil
    }
    self.init(path, place: place, list, problems: problems)
    guard let keys else { return }
    for entry in list where !keys.contains(entry.key) {
      misspelt.formUnion(closestNames(to: entry.key, among: keys))
      problems.add(
        entry.keyPlace, path / entry.key,
        "unknown key\(suggestion(for: entry.key, among: keys)) "
          + "(possible: \(keys.joined(separator: ", ")))")
    }
  }

  /// Takes keys and values.
  init(
    _ path: RecipePath, place: TextPlace, _ entries: [YAMLNode.Entry], problems: Problems
  ) {
    self.path = path
    self.place = place
    self.problems = problems
    self.entries = entries
    self.nodes = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The value of a key, or nil when the key is absent.
  func node(_ key: String) -> YAMLNode? { nodes[key] }

  /// The place of an element of a key's list, or of the key's value.
  func elementPlace(_ key: String, _ index: Int) -> TextPlace {
    guard case .list(let elements) = nodes[key]?.content, elements.indices.contains(index) else {
      return nodes[key]?.place ?? place
    }
    return elements[index].place
  }

  /// Notes a problem with the value of a key, or with the map when the key is absent.
  func problem(_ key: String, _ message: @autoclosure () -> String) {
    problems.add(nodes[key]?.place ?? place, path / key, message())
  }

  /// Notes that a key is missing, unless it is there misspelt.
  func noteMissing(_ key: String, expected: String) {
    if !misspelt.contains(key) {
      problems.add(place, path / key, "missing; expected \(expected)")
    }
  }

  /// Reads a key that has to be there; nil when it is not or its value is wrong.
  func required<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
    guard nodes[key] != nil else {
      noteMissing(key, expected: kind.expected)
      return nil
    }
    return optional(key, kind)
  }

  /// Reads a key that may be absent; nil when it is or its value is wrong.
  func optional<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
    guard let node = nodes[key] else { return nil }
    do {
      return try kind.read(node)
    } catch let mismatch as Mismatch {
      let path = path / key
      problems.add(mismatch.place, mismatch.index.map { path / $0 } ?? path, mismatch.message)
    } catch {
      problems.add(node.place, path / key, "\(error)")
    }
    return nil
  }

  /// Reads a key that has a default.
  func optional<Value>(_ key: String, _ kind: ValueKind<Value>, default value: Value) -> Value {
    optional(key, kind) ?? value
  }

  /// Reads a key whose value is a map; nil when it is absent or not a map.
  func map(_ key: String, keys: [String]?) -> Fields? {
    guard let node = nodes[key] else { return nil }
    return Fields(node, path / key, place: node.place, keys: keys, problems: problems)
  }
}
