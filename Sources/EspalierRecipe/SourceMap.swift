public import EspalierData
public import EspalierTraining

/// Where every value of a recipe stands in its file.
struct SourceMap: Sendable {
  private var places: [RecipePath: TextPlace] = [:]
  /// The kind of every layer, by the path of its place in the list.
  private var kinds: [RecipePath: String] = [:]

  init(_ root: YAMLNode) {
    add(root, .root, root.place)
  }

  private mutating func add(_ node: YAMLNode, _ path: RecipePath, _ place: TextPlace) {
    places[path] = place
    switch node.content {
    case .scalar(let text, _):
      kinds[path] = text
    case .list(let elements):
      for (index, element) in elements.enumerated() { add(element, path / index, element.place) }
    case .map(let entries):
      if entries.count == 1 { kinds[path] = entries[0].key }
      for entry in entries { add(entry.value, path / entry.key, entry.keyPlace) }
    }
  }

  /// Whether the file has a value of a path.
  func has(_ path: RecipePath) -> Bool { places[path] != nil }

  /// The place of a value's key, or of the closest value around it that the file has.
  func place(of path: RecipePath) -> TextPlace {
    for count in stride(from: path.steps.count, through: 0, by: -1) {
      if let place = places[RecipePath(steps: Array(path.steps.prefix(count)))] { return place }
    }
    return .start
  }

  /// The path of a part of the network, such as `trunk[1].max_pool2d`.
  func path(of place: NetworkPlace) -> RecipePath {
    switch place {
    case .input: .root / "input"
    case .trunk(let layer): layerPath(.root / "trunk" / layer)
    case .head(let name, let layer?): layerPath(.root / "heads" / name / "layers" / layer)
    case .head(let name, nil): .root / "heads" / name
    }
  }

  private func layerPath(_ path: RecipePath) -> RecipePath {
    kinds[path].map { path / $0 } ?? path
  }
}

extension Recipe {
  /// Where a part of the network stands in the recipe.
  ///
  /// - Parameters:
  ///   - place: the part.
  ///   - key: a parameter of the part; the part itself when nil, or when the recipe leaves the parameter out.
  public func place(of place: NetworkPlace, key: String? = nil) -> TextPlace {
    let path = places.path(of: place)
    return places.place(of: key.map { path / $0 } ?? path)
  }

  /// An error of building the network, with the place in the recipe where it is to be mended.
  public func error(_ error: NetworkError) -> RecipeError {
    let path = places.path(of: error.place)
    return RecipeError([problem(error.key.map { path / $0 } ?? path, error.message)])
  }

  /// An error of dividing the rows, with the place in the recipe where it is to be mended.
  public func error(_ error: SplitError) -> RecipeError {
    let path = RecipePath.root / "data" / "split"
    return RecipeError([problem(error.key.map { path / $0 } ?? path, error.description)])
  }

  func problem(_ path: RecipePath, _ message: String) -> RecipeProblem {
    RecipeProblem(file: self.path, place: places.place(of: path), path: path, message: message)
  }
}
