internal import EspalierText
import EspalierTraining
import Yams

/// Reads a YAML text as a tree of bounded size; the only user of the YAML library.
///
/// The library compares the keys of a map by their whole content, follows aliases while it does, and descends as
/// deep as the text nests (at most 1,000 levels). So that its work stays bounded, anchors are refused before it
/// begins, and the characters that can nest one key in another are counted.
struct YAMLReader {
  /// The bytes of a text at most.
  static let maximumBytes = 1 << 20
  /// The characters `[` and `{` of a text at most; keys that they nest are at most 1,024 characters long.
  static let maximumBrackets = 20_000
  /// The characters `?` of a text at most; keys that they nest may be of any length.
  static let maximumQuestionMarks = 1000
  /// The levels of maps and lists at most.
  static let maximumDepth = 32

  private let file: String

  /// Reads a text of one document.
  ///
  /// - Throws: `RecipeError` when the text is not YAML, or uses what recipes do without: anchors, aliases, tags but
  ///   `!!str`, keys that are not text, block texts, several documents.
  static func read(_ text: String, file: String) throws -> YAMLNode {
    let reader = YAMLReader(file: file)
    try reader.checkBounds(text)
    return try reader.converted(reader.composed(text), depth: 0)
  }

  private func checkBounds(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maximumBytes else {
      throw problem(.start, "more than \(Self.maximumBytes) bytes, the most that a recipe has")
    }
    var brackets = 0
    var questionMarks = 0
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        brackets += 1
      case UInt8(ascii: "?"):
        questionMarks += 1
      case UInt8(ascii: "&") where beginsAnchor(bytes, index):
        throw problem(
          place(bytes, index),
          "recipes have no anchors (&name); write the value out, or \"\\x26\" for an & in quotes")
      default:
        break
      }
    }
    guard brackets <= Self.maximumBrackets else {
      throw problem(.start, "more than \(Self.maximumBrackets) of the characters [ and {")
    }
    guard questionMarks <= Self.maximumQuestionMarks else {
      throw problem(.start, "more than \(Self.maximumQuestionMarks) question marks")
    }
  }

  /// Whether an `&` could begin an anchor; some in comments and quotes could, but none that does is missed.
  private func beginsAnchor(_ bytes: [UInt8], _ index: Int) -> Bool {
    let continues = index + 1 < bytes.count && isWordByte(bytes[index + 1])
    let isInsideWord =
      index > 0 && isWordByte(bytes[index - 1]) && bytes[index - 1] != UInt8(ascii: "-")
    return continues && !isInsideWord
  }

  private func place(_ bytes: [UInt8], _ index: Int) -> TextPlace {
    let before = bytes[..<index]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = String(decoding: bytes[lineStart..<index], as: UTF8.self).unicodeScalars.count + 1
    return TextPlace(line: line, column: column)
  }

  private func composed(_ text: String) throws -> Node {
    // The parser keeps a pointer into the text, which has to live on the heap: short strings do not.
    let padded = text.trimmingByteOrderMark + String(repeating: "\n", count: 64)
    do {
      let parser = try Parser(yaml: padded, resolver: .basic, encoding: .utf8)
      guard let root = try parser.singleRoot() else {
        throw problem(.start, "the recipe is empty")
      }
      return root
    } catch let error as YamlError {
      throw problem(error, in: padded, lineCount: text.utf8.count { $0 == UInt8(ascii: "\n") } + 1)
    }
  }

  private func problem(_ error: YamlError, in text: String, lineCount: Int) -> RecipeError {
    switch error {
    case .reader(let message, let offset, _, _):
      let index = offset.flatMap {
        text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex)
      }
      let before = Array(text[..<(index ?? text.startIndex)].utf8)
      return problem(place(before, before.count), "not readable as text: \(message)")
    case .composer(_, "found undefined alias", let mark, _):
      return problem(
        TextPlace(mark), "a * at the beginning of a text needs quotes, as in \"*_name\"")
    case .scanner(let context?, "found unexpected end of stream", _, _):
      return problem(TextPlace(context.mark), "not valid YAML: the quotes are never closed")
    case .scanner(let context, let message, let mark, _),
      .parser(let context, let message, let mark, _),
      .composer(let context, let message, let mark, _):
      let begun = context.map { ", \($0.text), which begins at \(TextPlace($0.mark))" } ?? ""
      // What is never closed is missed at the end of the text, where there is nothing to mend.
      let isAtEnd = mark.line > lineCount
      let place = TextPlace(isAtEnd ? context?.mark ?? mark : mark)
      return problem(place, "not valid YAML: \(message)\(begun)")
    case .duplicatedKeysInMapping(let keys, let context):
      let isPlain = keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
      return problem(
        TextPlace(context.mark),
        "\(quotedList(keys)) more than once in one map; keep one"
          + (isPlain ? "" : " (letters that are the same in other bytes are the same key)"))
    default:
      return problem(.start, "not valid YAML: \(error)")
    }
  }

  private func converted(_ node: Node, depth: Int) throws -> YAMLNode {
    let place = node.mark.map(TextPlace.init) ?? .start
    guard depth < Self.maximumDepth else {
      throw problem(place, "more than \(Self.maximumDepth) levels of maps and lists")
    }
    switch node {
    case .scalar(let scalar):
      try checkTag(scalar.tag, place)
      guard scalar.style != .literal, scalar.style != .folded else {
        throw problem(place, "recipes have no block texts (| and >); write the text in quotes")
      }
      return YAMLNode(
        content: .scalar(scalar.string, isPlain: scalar.style == .plain), place: place)
    case .sequence(let sequence):
      try checkTag(sequence.tag, place)
      let elements = try sequence.map { try converted($0, depth: depth + 1) }
      return YAMLNode(content: .list(elements), place: place)
    case .mapping(let mapping):
      try checkTag(mapping.tag, place)
      let entries = try mapping.map { try entry($0.key, $0.value, depth: depth) }
      return YAMLNode(content: .map(entries), place: place)
    case .alias:
      throw problem(place, "recipes have no aliases (*name); write the value out")
    }
  }

  private func entry(_ key: Node, _ value: Node, depth: Int) throws -> YAMLNode.Entry {
    let place = key.mark.map(TextPlace.init) ?? .start
    guard case .scalar(let scalar) = key else {
      throw problem(place, "a key has to be text")
    }
    return YAMLNode.Entry(
      key: scalar.string, keyPlace: place, value: try converted(value, depth: depth + 1))
  }

  private func checkTag(_ tag: Tag, _ place: TextPlace) throws {
    guard tag == .implicit || tag == Tag(.str) else {
      throw problem(place, "recipes have no tags (!\u{2026}); remove \(quoted(tag.description))")
    }
  }

  private func problem(_ place: TextPlace, _ message: String) -> RecipeError {
    RecipeError([RecipeProblem(file: file, place: place, path: .root, message: message)])
  }
}

extension TextPlace {
  fileprivate init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}

extension String {
  /// The text without a byte order mark.
  fileprivate var trimmingByteOrderMark: String {
    let scalars = unicodeScalars
    return scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : self
  }
}
