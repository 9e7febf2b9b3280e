public import EspalierData
internal import EspalierFiles
public import EspalierGraph
internal import EspalierTraining

/// A training run as a user writes it down: one YAML file of the data, the network and the training.
///
/// Reading has two steps, because the input's columns are named by patterns that only the data can resolve:
///
/// ```swift
/// let recipe = try Recipe(contentsOf: "tools/recipes/digits.yaml")
/// let table = try recipe.table()
/// let experiment = try recipe.experiment(table: table)
/// ```
public struct Recipe: Sendable {
  /// The recipe's file, as it was named.
  public let path: String
  /// The path of the data file: absolute, or relative to the working directory as the recipe's own path is.
  public let dataPath: String
  /// The name, for reports.
  public let name: String
  /// What people should know of the model.
  public let about: About

  let inputName: String
  let columnPatterns: [String]
  let shape: [Int]
  let scale: Double
  let offset: Double
  let trunk: Trunk
  let heads: [Head]
  let split: Split
  let options: TrainingOptions
  let places: SourceMap

  /// Reads a recipe file.
  ///
  /// - Throws: `RecipeError` when the file cannot be read or is not a recipe.
  public init(contentsOf path: String) throws {
    func failure(_ message: String) -> RecipeError {
      RecipeError([RecipeProblem(file: path, place: nil, path: .root, message: message)])
    }
    if FileKind(path: path) == .runFolder,
      let problem = FileKind.runFolder.problem(as: .recipe, path: path)
    {
      throw failure(problem)
    }
    let bytes = try fileBytes(path, limit: YAMLReader.maximumBytes, failure: failure)
    if let problem = FileKind(bytes).problem(as: .recipe, path: path) { throw failure(problem) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("not UTF-8 text; save the file as UTF-8")
    }
    try self.init(parsing: text, path: path)
  }

  /// Reads a recipe.
  ///
  /// - Parameters:
  ///   - text: YAML of at most 1 MiB.
  ///   - path: the recipe's file, which the path of the data file is relative to; for messages, too.
  /// - Throws: `RecipeError` with up to 20 problems, each with its line, its keys and what would be right.
  public init(parsing text: String, path: String) throws {
    let root = try YAMLReader.read(text, file: path)
    let problems = Problems(file: path)
    let draft = Draft(root, problems)
    try problems.check()
    guard let draft else { preconditionFailure("a recipe without problems is complete") }

    self.path = path
    self.dataPath = siblingPath(draft.dataFile, of: path)
    self.name = draft.name
    self.about = draft.about
    self.inputName = draft.input.name
    self.columnPatterns = draft.input.columnPatterns
    self.shape = draft.input.shape
    self.scale = draft.input.scale
    self.offset = draft.input.offset
    self.trunk = Trunk(layers: draft.trunk)
    self.heads = draft.heads
    self.split = draft.split
    self.options = draft.options
    self.places = SourceMap(root)
  }

  /// Reads the data file.
  ///
  /// - Throws: `RecipeError` when there is no such file; `DataError` when it is not a table.
  public func table(limits: Table.Limits = Table.Limits()) throws -> Table {
    do {
      return try Table(contentsOf: dataPath, limits: limits)
    } catch let error as DataError where error.problems.allSatisfy({ $0.line == nil }) {
      throw RecipeError([problem(.root / "data" / "file", error.description)])
    }
  }
}
