internal import EspalierText
import EspalierTraining

/// What is wrong with a recipe: one or more problems, in the order of the file.
public struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The problems that are kept; what follows after them is counted only.
  public static let maximumCount = 20

  /// The problems, in the order of the file.
  public let problems: [RecipeProblem]
  /// How many further problems there are.
  public let omittedCount: Int

  /// Makes an error of problems in any order, and of a number of others that were only counted.
  init(_ problems: [RecipeProblem], omitted: Int = 0) {
    let sorted = problems.enumerated().sorted {
      ($0.element.place ?? .start, $0.offset) < ($1.element.place ?? .start, $1.offset)
    }
    self.problems = sorted.prefix(Self.maximumCount).map(\.element)
    self.omittedCount = sorted.count - self.problems.count + omitted
  }

  /// A line for each problem.
  public var description: String {
    let lines = problems.map(\.description)
    let rest = omittedCount > 0 ? ["… and \(omittedCount) more"] : []
    return (lines + rest).joined(separator: "\n")
  }
}

/// One thing that is wrong with a recipe.
public struct RecipeProblem: Error, Equatable, CustomStringConvertible {
  /// The recipe's file, as it was named.
  public let file: String
  /// Where in the file; nil when it is the file as a whole, such as one that is not there.
  public let place: TextPlace?
  /// The keys that lead there, such as `trunk[1].max_pool2d.size`; empty for the recipe as a whole.
  public let path: RecipePath
  /// What is wrong and what would be right.
  public let message: String

  /// The problem on one line, such as `digits.yaml:12:5: trunk[1].max_pool2d.siz: unknown key; …`.
  public var description: String {
    let subject = path.steps.isEmpty ? "" : "\(path): "
    let position = place.map { ":\($0)" } ?? ""
    return "\(file)\(position): \(subject)\(message)"
  }
}

/// A place in a text.
public struct TextPlace: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in Unicode scalars.
  public let column: Int

  /// The beginning of a text.
  static let start = TextPlace(line: 1, column: 1)

  /// Line and column, such as `12:5`.
  public var description: String { "\(line):\(column)" }

  /// Orders by line, then column.
  public static func < (left: TextPlace, right: TextPlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// The keys and positions that lead to a value of a recipe.
public struct RecipePath: Sendable, Hashable, CustomStringConvertible {
  /// A step from a value into it.
  public enum Step: Sendable, Hashable {
    /// To the value of a key of a map.
    case key(String)
    /// To an element of a list, counted from 0.
    case index(Int)
  }

  /// The steps from the whole recipe.
  public let steps: [Step]

  /// The path of the whole recipe.
  static let root = RecipePath(steps: [])

  /// The path of a key's value.
  static func / (path: RecipePath, key: String) -> RecipePath {
    RecipePath(steps: path.steps + [.key(key)])
  }

  /// The path of a list's element.
  static func / (path: RecipePath, index: Int) -> RecipePath {
    RecipePath(steps: path.steps + [.index(index)])
  }

  /// The path in words, such as `heads.digit.layers[0].dense`.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index):
        text += "[\(index)]"
      case .key(let key):
        let isWord = !key.isEmpty && key.utf8.allSatisfy { isWordByte($0) }
        text += (text.isEmpty ? "" : ".") + (isWord ? key : quoted(key))
      }
    }
    return text
  }
}

/// Whether a byte of UTF-8 is an ASCII letter, digit, underscore or hyphen.
func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default:
    false
  }
}
