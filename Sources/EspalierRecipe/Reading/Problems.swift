/// The problems that are found while a recipe is read; reading goes on after one, so that a user sees all at once.
final class Problems {
  let file: String
  private(set) var list: [RecipeProblem] = []

  init(file: String) {
    self.file = file
  }

  func add(_ place: TextPlace, _ path: RecipePath, _ message: String) {
    list.append(RecipeProblem(file: file, place: place, path: path, message: message))
  }

  /// Throws the problems, if there are any.
  func check() throws {
    if !list.isEmpty { throw RecipeError(list) }
  }
}
