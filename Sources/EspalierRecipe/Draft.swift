internal import EspalierData
import EspalierGraph
internal import EspalierText
import EspalierTraining

/// A recipe while it is read, section by section.
struct Draft {
  struct InputSection {
    let name: String
    let columnPatterns: [String]
    let shape: [Int]
    let scale: Double
    let offset: Double
  }

  let name: String
  let about: About
  let dataFile: String
  let split: Split
  let input: InputSection
  let trunk: [any Layer]
  let heads: [Head]
  let options: TrainingOptions

  /// Reads all sections; nil when a part is missing or wrong, which is then noted.
  init?(_ root: YAMLNode, _ problems: Problems) {
    let keys = ["name", "about", "seed", "data", "input", "trunk", "heads", "training"]
    guard
      let fields = Fields(root, .root, place: .start, keys: keys, problems: problems)
    else { return nil }
    let name = fields.required("name", .name)
    let about = fields.about()
    let seed = fields.optional("seed", .integer(in: 0...UInt64.max), default: 0)
    let data = fields.section("data", keys: ["file", "split"])
    let dataFile = data?.required("file", .name)
    let split = data?.split()
    let input = fields.section("input", keys: ["name", "columns", "shape", "scale", "offset"])?
      .input()
    let trunk = fields.layers("trunk")
    let features = trunk.map { fields.features(of: $0) }
    let heads = fields.section("heads", keys: nil)?.heads(
      features: features)
    let training = fields.section(
      "training", keys: ["optimizer", "learning_rate", "schedule", "epochs", "batch_size"])
    let options = training?.options(seed: seed)
    guard let name, let dataFile, let split, let input, let trunk, let heads, let options
    else { return nil }
    self.name = name
    self.about = about
    self.dataFile = dataFile
    self.split = split
    self.input = input
    self.trunk = trunk
    self.heads = heads
    self.options = options
  }
}

extension Fields {
  /// Reads a key that has to be there and holds a map.
  fileprivate func section(_ key: String, keys: [String]?) -> Fields? {
    if let section = map(key, keys: keys) { return section }
    if node(key) == nil {
      let contents = keys.map { " with \($0.joined(separator: ", "))" } ?? ""
      noteMissing(key, expected: "a map\(contents)")
    }
    return nil
  }

  /// Reads what people should know of the model.
  fileprivate func about() -> About {
    let fields = map("about", keys: ["author", "licence", "notes"])
    let author = fields?.optional("author", .shortName)
    let licence = fields?.optional("licence", .shortName)
    let notes = fields?.map("notes", keys: nil)
    let read = notes?.entries.compactMap { entry -> About.Note? in
      guard isName(entry.key), entry.key.utf8.count <= GraphLimits.nameBytes else {
        problems.add(
          entry.keyPlace, path / "about" / "notes" / entry.key, "a key is a short name")
        return nil
      }
      let value = notes?.optional(entry.key, .shortName)
      return value.map { About.Note(key: Name(entry.key), value: Name($0)) }
    }
    do throws(GraphError) {
      return try About(
        author: Name(author ?? ""), licence: Name(licence ?? ""), notes: read ?? [])
    } catch {
      problem("about", "\(error)")
      return .nothing
    }
  }

  /// Reads a list of layers.
  func layers(_ key: String) -> [any Layer]? {
    let nodes = required(
      key, .list("a list of layers", of: ValueKind<YAMLNode>(expected: "a layer") { $0 }))
    guard let nodes else { return nil }
    let layers = nodes.enumerated().map { index, node in
      layerVariants.read(node, path / key / index, problems: problems)
    }
    return layers.contains { $0 == nil } ? nil : layers.compactMap(\.self)
  }

  /// The features of the trunk.
  fileprivate func features(of trunk: [any Layer]) -> Set<Name> {
    var features: Set<Name> = []
    for (index, layer) in trunk.enumerated() {
      guard let feature = layer.feature, !features.insert(Name(feature)).inserted else { continue }
      problems.add(
        elementPlace("trunk", index), path / "trunk" / index,
        "the trunk has a feature \(quoted(feature)) already; give this one another name")
    }
    return features
  }

  /// Reads how rows are divided.
  fileprivate func split() -> Split? {
    let usual = Split()
    guard node("split") != nil else { return usual }
    guard let fields = map("split", keys: ["test", "validation", "stratify"]) else { return nil }
    let split = Split(
      test: fields.optional("test", .share, default: usual.test),
      validation: fields.optional("validation", .share, default: usual.validation),
      stratify: fields.optional("stratify", .text))
    guard split.test + split.validation < 1 else {
      problem(
        "split",
        "test \(split.test) and validation \(split.validation) leave nothing to train on; they have "
          + "to add up to less than 1")
      return nil
    }
    return split
  }

  /// Reads the input but for its columns, which the data resolves.
  fileprivate func input() -> Draft.InputSection? {
    let name = optional("name", .name, default: "input")
    let columns = required("columns", .columnPatterns)
    let shape = required("shape", .list("a list of sizes", of: .integer(in: 1...1 << 16)))
    let scale = optional("scale", .number32, default: 1)
    let offset = optional("offset", .number32, default: 0)
    if let shape {
      let most = 1 << 16
      if !(1...7).contains(shape.count) {
        problem("shape", "\(counted(shape.count, "size")); 1 to 7 are possible, without the batch")
      } else if shape.reduce(1, { $0 > most ? $0 : $0 * $1 }) > most {
        problem("shape", "more than \(most) elements, the most that an input has")
      }
    }
    guard let columns, let shape else { return nil }
    return Draft.InputSection(
      name: name, columnPatterns: columns, shape: shape, scale: scale, offset: offset)
  }

  /// Reads how the network is trained.
  fileprivate func options(seed: UInt64) -> TrainingOptions? {
    let epochs = required("epochs", .integer(in: 1...1_000_000))
    let batchSize = optional("batch_size", .integer(in: 1...1 << 20))
    let learningRate = optional("learning_rate", .positive)
    let schedule = optional("schedule", .choice(Schedule.allCases.map { ($0.rawValue, $0) }))
    let optimizer = node("optimizer").map {
      optimizerVariants.read($0, path / "optimizer", problems: problems)
    }
    var options = TrainingOptions(epochs: epochs ?? 1, seed: seed)
    if let batchSize { options.batchSize = batchSize }
    if let learningRate { options.learningRate = learningRate }
    if let schedule { options.schedule = schedule }
    if let optimizer = optimizer ?? nil { options.optimizer = optimizer }
    return epochs == nil ? nil : options
  }
}

extension ValueKind where Value == String {
  /// A name that fits a model file.
  fileprivate static var shortName: ValueKind {
    .scalar("text on one line of at most \(GraphLimits.nameBytes) bytes") {
      isName($0) && $0.utf8.count <= GraphLimits.nameBytes ? $0 : nil
    }
  }
}

extension ValueKind where Value == [String] {
  /// One pattern or a list of patterns.
  fileprivate static var columnPatterns: ValueKind {
    let expected = "a column name or pattern, or a list of them"
    let list = ValueKind.list(expected, of: .text)
    return ValueKind(expected: expected) { node in
      if case .scalar(let text, _) = node.content, !text.isEmpty { return [text] }
      let patterns = try list.read(node)
      guard !patterns.isEmpty else {
        throw Mismatch(place: node.place, message: "expected \(expected), found an empty list")
      }
      let most = 1000
      guard patterns.count(where: { $0.contains("*") }) <= most else {
        throw Mismatch(place: node.place, message: "more than \(most) patterns with *")
      }
      return patterns
    }
  }
}
