import EspalierData
import EspalierRecipe
import EspalierTraining
import Testing

/// Texts that are made to hurt: each has to be read or refused, in bounded time, without a crash.
@Suite struct HostileRecipeTests {
  /// Reads a text; whether it is a recipe.
  @discardableResult private func survives(_ text: String) -> Bool {
    do {
      let recipe = try Recipe(parsing: text, path: "r.yaml")
      _ = try? recipe.resolved(table: smallTable())
      return true
    } catch {
      #expect(error is RecipeError)
      #expect(!"\(error)".isEmpty)
      return false
    }
  }

  @Test(
    arguments: [
      "[", "{", "- ", "? ", "? [", "a: {", "{[", "[{", "{? ", "[a, ", "'", "\"", "!!x ", "%", ": ",
    ])
  func repeatedOpeners(_ unit: String) {
    for count in [10, 31, 32, 33, 900, 10_000, 200_000] {
      #expect(!survives(String(repeating: unit, count: count)))
    }
  }

  @Test func billionLaughs() {
    var text = "a: &a [x, x]\n"
    for (name, before) in zip("bcdefghijklmnop", "abcdefghijklmno") {
      text +=
        "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 9).joined(separator: ", "))]\n"
    }
    #expect(!survives(text))
    #expect(!survives(text + "? *p\n: x\n"))
  }

  @Test(arguments: [
    "\n", "\t", "\u{2028}", "\u{85}", "[", ":", ",", "\"x\":", "- ", "? ", "!t ", "\u{FEFF}",
  ])
  func noAnchorGoesUnseen(_ before: String) {
    let text = "heads: {\(before)&a x}"
    #expect(
      thrownMessage { _ = try Recipe(parsing: text, path: "r.yaml") }.contains(
        "recipes have no anchors"))
  }

  @Test func hugeScalarsAndLists() {
    let million = String(repeating: "x", count: 1_000_000)
    survives("name: \(million)")
    survives("name: \"\(million)\"")
    survives("\(million): name")
    survives("name: " + String(repeating: "9", count: 1_000_000))
    survives("trunk: [" + String(repeating: "x,", count: 100_000) + "]")
    survives(smallRecipe.replacing("x*", with: "[" + String(repeating: "q,", count: 100_000) + "]"))
    survives(
      smallRecipe.replacing("x*", with: "\"" + String(repeating: "*a", count: 100_000) + "\""))
    survives((0..<30_000).map { "k\($0): x\n" }.joined())
  }

  @Test func manyHeadsAreRead() throws {
    let head = "\n    task: regression\n    target: size\n    layers:\n      - dense: 1\n"
    let text = smallRecipe.replacing(
      "heads:\n", with: "heads:\n" + (0..<2000).map { "  head\($0):" + head }.joined())
    let experiment = try Recipe(parsing: text, path: "r.yaml").experiment(table: smallTable())
    #expect(experiment.network.heads.count == 2002)
    #expect(experiment.network.heads[1999].name == "head1999")
  }

  @Test func binaryGarbage() {
    var random = RandomSource(seed: 11).stream(0)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...200, using: &random))
        .map { _ in UInt8.random(in: 0...255, using: &random) }
      survives(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func mutationsOfAGoodRecipe() {
    var random = RandomSource(seed: 5).stream(0)
    let good = Array(smallRecipe.unicodeScalars)
    let marks = Array("[]{}:,-#&*!|>'\"%@`?\n\t \\0.e+x\u{0}\u{FEFF}é🌳".unicodeScalars)
    var accepted = 0
    for _ in 0..<2000 {
      var text = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0..<text.count, using: &random)
        let end = min(text.count, start + Int.random(in: 0...6, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.removeSubrange(start..<min(end, start + text.count - 1))
        case 1:
          text.insert(
            contentsOf: text[start..<end], at: Int.random(in: 0..<text.count, using: &random))
        default:
          text.insert(contentsOf: marks.randomElement(using: &random).map { [$0] } ?? [], at: start)
        }
      }
      var mutant = String.UnicodeScalarView()
      mutant.append(contentsOf: text)
      if survives(String(mutant)) { accepted += 1 }
    }
    #expect((1..<2000).contains(accepted))
  }
}
