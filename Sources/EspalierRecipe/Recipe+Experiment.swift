public import EspalierData
import EspalierGraph
internal import EspalierText
public import EspalierTraining

extension Recipe {
  /// The training run that the recipe describes, its column patterns resolved.
  ///
  /// - Throws: `RecipeError` when the table lacks a column, or the columns do not fit the input's shape.
  public func experiment(table: Table) throws -> Experiment {
    let problems = Problems(file: path)
    let columns = inputColumns(table, problems)
    for head in heads where !table.hasColumn(head.target) {
      let path = RecipePath.root / "heads" / head.name
      let place = places.place(of: path / "target")
      problems.add(place, path / "target", missing(head.target, in: table))
    }
    if let column = split.stratify, !table.hasColumn(column) {
      let path = RecipePath.root / "data" / "split" / "stratify"
      problems.add(places.place(of: path), path, missing(column, in: table))
    }
    try problems.check()
    let elementCount = shape.reduce(1, *)
    guard elementCount == columns.count else {
      let sizes = shape.map(String.init).joined(separator: " x ")
      throw RecipeError([
        problem(
          .root / "input" / "shape",
          "\(sizes) holds \(counted(elementCount, "element")), but the columns are \(columns.count)"
        )
      ])
    }
    let input = Input(inputName, shape: shape, columns: columns, scale: scale, offset: offset)
    return Experiment(
      name: name, network: Network(input: input, trunk: trunk, heads: heads), split: split,
      options: options)
  }

  /// The recipe with every default written out, the columns of a table in place of patterns, and the absolute path of
  /// the data; it reads back as the same experiment.
  ///
  /// - Throws: as `experiment(table:)`.
  public func resolved(table: Table) throws -> String {
    let experiment = try experiment(table: table)
    let network = experiment.network
    let about = about == .nothing ? [] : [("about", yamlValue(of: about))]
    let value = YAMLValue.map(
      [("name", .text(name))] + about + [
        ("seed", .unsigned(options.seed)),
        ("data", .map([("file", .text(absolutePath(dataPath))), ("split", yamlValue(of: split))])),
        ("input", yamlValue(of: network.input)),
        ("trunk", .list(trunk.layers.map(yamlValue(of:)))),
        ("heads", .map(heads.map { ($0.name, yamlValue(of: $0)) })),
        ("training", yamlValue(of: options)),
      ])
    return value.lines()
  }

  private func inputColumns(_ table: Table, _ problems: Problems) -> [String] {
    let list = RecipePath.root / "input" / "columns"
    let targets = Dictionary(heads.map { (Name($0.target), $0.name) }) { first, _ in first }
    var columns: [String] = []
    var patternOfColumn: [Name: String] = [:]
    for (index, pattern) in columnPatterns.enumerated() {
      let path = places.has(list / index) ? list / index : list
      let matches = columnsMatching(pattern, in: table)
      guard !problems.isFull else { break }
      let message: String?
      if matches.isEmpty {
        message = missing(pattern, in: table)
      } else if let column = repeated(in: matches) {
        message =
          "the name \(quoted(column)) stands more than once in the header of \(table.file); rename "
          + "all but one"
      } else if let column = matches.first(where: { patternOfColumn[Name($0)] != nil }) {
        let earlier = quoted(patternOfColumn[Name(column)] ?? "")
        message = "column \(quoted(column)) is an input already, by \(earlier)"
      } else if let column = matches.first(where: {
        Name($0) != Name(pattern) && targets[Name($0)] != nil
      }) {
        let head = quoted(targets[Name(column)] ?? "")
        message =
          "\(quoted(pattern)) takes in column \(quoted(column)), which head \(head) learns to "
          + "predict; use a narrower pattern"
      } else {
        message = nil
      }
      if let message { problems.add(places.place(of: path), path, message) }
      for column in matches { patternOfColumn[Name(column)] = pattern }
      columns += matches
    }
    return columns
  }

  private func repeated(in columns: [String]) -> String? {
    var seen: Set<Name> = []
    return columns.first { !seen.insert(Name($0)).inserted }
  }

  private func missing(_ column: String, in table: Table) -> String {
    "\(table.file) has no column \(quoted(column))\(table.advice(for: column))"
  }
}

/// The columns that a name or pattern means, in the order of the table; a `*` stands for any characters of a name.
private func columnsMatching(_ pattern: String, in table: Table) -> [String] {
  if table.hasColumn(pattern) { return table.columns.filter { Name($0) == Name(pattern) } }
  guard pattern.contains("*") else { return [] }
  let bytes = Array(pattern.utf8)
  return table.columns.filter { !$0.isEmpty && matches(Array($0.utf8), bytes) }
}

/// Whether a name matches a pattern.
///
/// Greedy matching that goes back to the last `*` only, which is enough: what an earlier one takes in can be as short
/// as possible. At most name × pattern steps.
private func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
  let star = UInt8(ascii: "*")
  var position = 0
  var index = 0
  var retry: (position: Int, index: Int)?
  while position < name.count {
    if index < pattern.count, pattern[index] == star {
      index += 1
      retry = (position, index)
    } else if index < pattern.count, pattern[index] == name[position] {
      position += 1
      index += 1
    } else if let last = retry {
      position = last.position + 1
      index = last.index
      retry = (position, index)
    } else {
      return false
    }
  }
  return pattern[index...].allSatisfy { $0 == star }
}
