import EspalierRecipe
import Testing

/// The message of every text that is not YAML, or more of it than recipes need.
@Suite struct YAMLMessageTests {
  private func message(of text: String) -> String {
    thrownMessage { _ = try Recipe(parsing: text, path: "r.yaml") }
  }

  @Test(arguments: ["", "\n", "# only a comment\n", "\u{FEFF}"])
  func empty(_ text: String) {
    #expect(message(of: text) == "r.yaml:1:1: the recipe is empty")
  }

  @Test(arguments: [("small", "\"small\""), ("[]", "a list"), ("3", "3")])
  func notAMap(_ text: String, _ found: String) {
    #expect(
      message(of: text)
        == "r.yaml:1:1: expected a map with name, about, seed, data, input, trunk, heads, training, found "
        + found)
  }

  @Test(
    arguments: [
      (
        "name: &a b",
        "1:7: recipes have no anchors (&name); write the value out, or \"\\x26\" for an & in quotes"
      ),
      ("name: *a", "1:7: a * at the beginning of a text needs quotes, as in \"*_name\""),
      ("name: !x b", "1:7: recipes have no tags (!…); remove \"!x\""),
      ("name: |\n  b", "1:7: recipes have no block texts (| and >); write the text in quotes"),
      (
        "name: a\n---\nname: b",
        "2:1: not valid YAML: but found another document, expected a single document in the stream, which begins at 1:1"
      ),
      ("name: a\nname: b", "1:1: \"name\" more than once in one map; keep one"),
      (
        "\u{E9}: a\ne\u{301}: b",
        "1:1: \"\u{E9}\" more than once in one map; keep one (letters that are the same in other bytes are the same key)"
      ),
      ("? [a]\n: b", "1:3: a key has to be text"),
      ("name: \"a", "1:7: not valid YAML: the quotes are never closed"),
      (
        "name: [a",
        "1:7: not valid YAML: did not find expected ',' or ']', while parsing a flow sequence, which begins at 1:7"
      ),
      (
        "\tname: a",
        "1:1: not valid YAML: found character that cannot start any token, while scanning for the next token, which begins at 1:1"
      ),
      ("name: \u{1}", "1:7: not readable as text: control characters are not allowed"),
      ("größe: ü\nname: \u{1}", "2:7: not readable as text: control characters are not allowed"),
    ])
  func notARecipesYAML(_ text: String, _ expected: String) {
    #expect(message(of: text) == "r.yaml:" + expected)
  }

  @Test func ampersandsInTextAreNoAnchors() throws {
    for name in ["R&D", "a & b", "\"a\\x26b\"", "a &"] {
      let text = smallRecipe.replacing("name: small", with: "name: \(name)")
      #expect(throws: Never.self) { try Recipe(parsing: text, path: "r.yaml") }
    }
  }

  @Test func tooManyBytes() {
    let text = "#" + String(repeating: " ", count: 1 << 20)
    #expect(message(of: text) == "r.yaml:1:1: more than 1048576 bytes, the most that a recipe has")
  }

  @Test func tooManyBrackets() {
    #expect(
      message(of: "name: [" + String(repeating: "[],", count: 20_000) + "]")
        == "r.yaml:1:1: more than 20000 of the characters [ and {")
  }

  @Test func tooManyQuestionMarks() {
    #expect(
      message(of: "name: " + String(repeating: "?", count: 1001))
        == "r.yaml:1:1: more than 1000 question marks")
  }

  @Test func tooDeep() {
    let text = "name: " + String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
    #expect(message(of: text).contains("name: expected a name, found a list"))
    #expect(
      message(of: text.replacing("[]", with: "[[]]"))
        == "r.yaml:1:38: more than 32 levels of maps and lists")
  }

  @Test func notUTF8AndMissingFiles() {
    #expect(
      thrownMessage { _ = try Recipe(contentsOf: "/nowhere/r.yaml") }
        == "/nowhere/r.yaml: there is no such file")
    #expect(
      thrownMessage { _ = try Recipe(contentsOf: "/dev/zero") }
        == "/dev/zero: this is a device; files and pipes are read")
  }
}
