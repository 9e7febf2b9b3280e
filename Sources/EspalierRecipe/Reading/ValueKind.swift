internal import EspalierData
internal import EspalierText
import EspalierTraining

/// A kind of value that a key can have: what it is in words, and how it is read.
struct ValueKind<Value> {
  /// The kind for messages, such as `a whole number from 1 to 9`.
  let expected: String
  /// Reads a value.
  let read: (YAMLNode) throws -> Value
}

/// A value that is not of its kind.
struct Mismatch: Error {
  let place: TextPlace
  /// The element of the list that is wrong, if it is one.
  var index: Int?
  let message: String
}

extension ValueKind {
  /// A scalar that a function turns into a value, or not.
  static func scalar(
    _ expected: String, unquoted: Bool = false, _ convert: @escaping (String) -> Value?
  ) -> ValueKind {
    ValueKind(expected: expected) { node in
      if case .scalar(let text, let isPlain) = node.content, isPlain || !unquoted,
        let value = convert(text)
      {
        return value
      }
      throw Mismatch(
        place: node.place,
        message: "expected \(expected), found \(node.summary(unquoted: unquoted))")
    }
  }

  /// One of several values by name.
  static func choice(_ values: [(name: String, value: Value)]) -> ValueKind {
    let names = values.map(\.name)
    let expected = "one of \(names.joined(separator: ", "))"
    return ValueKind(expected: expected) { node in
      guard case .scalar(let text, _) = node.content, !text.isEmpty else {
        throw Mismatch(
          place: node.place, message: "expected \(expected), found \(node.summary(unquoted: false))"
        )
      }
      if let match = values.first(where: { $0.name == text }) { return match.value }
      throw Mismatch(
        place: node.place,
        message: "unknown value \(quoted(text))\(suggestion(for: text, among: names)) "
          + "(possible: \(names.joined(separator: ", ")))")
    }
  }

  /// Any number of values.
  static func list<Element>(
    _ expected: String, of kind: ValueKind<Element>
  ) -> ValueKind where Value == [Element] {
    ValueKind(expected: expected) { node in
      guard case .list(let elements) = node.content else {
        throw Mismatch(
          place: node.place, message: "expected \(expected), found \(node.summary(unquoted: false))"
        )
      }
      return try elements.enumerated().map { index, element in
        do {
          return try kind.read(element)
        } catch let mismatch as Mismatch {
          throw Mismatch(place: mismatch.place, index: index, message: mismatch.message)
        }
      }
    }
  }
}

extension ValueKind where Value == String {
  /// Text, with or without quotes.
  static var text: ValueKind { .scalar("text") { $0.isEmpty ? nil : $0 } }

  /// Text that may be empty.
  static var anyText: ValueKind { .scalar("text") { $0 } }

  /// Text without control characters, which can stand in messages and files.
  static var name: ValueKind {
    .scalar("a name") { isName($0) ? $0 : nil }
  }
}

extension ValueKind where Value == Bool {
  /// `true` or `false`.
  static var flag: ValueKind {
    .scalar("true or false", unquoted: true) { ["true": true, "false": false][$0] }
  }
}

extension ValueKind where Value: FixedWidthInteger {
  /// A whole number.
  static func integer(in range: ClosedRange<Value>) -> ValueKind {
    .scalar("a whole number from \(range.lowerBound) to \(range.upperBound)", unquoted: true) {
      Value($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueKind where Value == Double {
  /// A finite decimal number that meets a condition.
  static func number(
    _ expected: String = "a number", where condition: @escaping (Double) -> Bool = { _ in true }
  ) -> ValueKind {
    .scalar(expected, unquoted: true) { text in
      decimalNumber(text).flatMap { $0.isFinite && condition($0) ? $0 : nil }
    }
  }

  /// A number that does not become infinite in 32 bits.
  static var number32: ValueKind {
    .number("a number that 32 bits can hold") { Float($0).isFinite }
  }

  /// A share of a whole that is not the whole.
  static var share: ValueKind {
    .number("a number of at least 0 and below 1") { $0 >= 0 && $0 < 1 }
  }

  /// A number above zero.
  static var positive: ValueKind { .number("a number above 0") { $0 > 0 } }
}

/// Whether text is not empty and has no control characters.
func isName(_ text: String) -> Bool {
  !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
}

extension YAMLNode {
  /// What stands here, for messages.
  ///
  /// - Parameter unquoted: whether quotes are the mistake.
  func summary(unquoted: Bool) -> String {
    switch content {
    case .list: "a list"
    case .map: "a map"
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, isPlain: true): decimalNumber(text) == nil ? quoted(text) : text
    case .scalar(let text, isPlain: false):
      unquoted ? "the text \(quoted(text)), which is in quotes" : quoted(text)
    }
  }
}
