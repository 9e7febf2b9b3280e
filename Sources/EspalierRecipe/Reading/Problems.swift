/// The problems that are found while a recipe is read; reading goes on after one, so that a user sees all at once.
final class Problems {
  let file: String
  /// The problems that are kept; one more than this costs nothing but counting.
  private static let maximumCount = 100
  private var list: [RecipeProblem] = []
  private var omittedCount = 0

  init(file: String) {
    self.file = file
  }

  /// Whether further problems are only counted.
  var isFull: Bool { list.count >= Self.maximumCount }

  func add(_ place: TextPlace, _ path: RecipePath, _ message: @autoclosure () -> String) {
    guard !isFull else {
      omittedCount += 1
      return
    }
    list.append(RecipeProblem(file: file, place: place, path: path, message: message()))
  }

  /// Throws the problems, if there are any.
  func check() throws {
    if !list.isEmpty { throw RecipeError(list, omitted: omittedCount) }
  }
}
