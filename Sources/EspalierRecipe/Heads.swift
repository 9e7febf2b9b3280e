internal import EspalierData
import EspalierGraph
internal import EspalierText
import EspalierTraining

/// The losses of recipes.
private let losses: [any Loss] = [BinaryCrossEntropy(), CrossEntropy(), MeanSquaredError()]

/// The kinds of tasks, each with the keys that it adds to a head's.
private enum TaskKind: String, CaseIterable {
  case classification, binary, regression

  var keys: [String] {
    switch self {
    case .classification, .binary: ["labels"]
    case .regression: ["unit", "standardize"]
    }
  }
}

/// The keys that every head has.
private let commonKeys = ["task", "target", "reads", "loss", "weight", "layers"]

extension Fields {
  /// Reads the heads of a map.
  ///
  /// - Parameter features: the trunk's features; nil when the trunk could not be read.
  func heads(features: Set<Name>?) -> [Head]? {
    if entries.isEmpty {
      problems.add(place, path, "no heads; at least one is needed")
    }
    let heads = entries.map { head($0, features: features) }
    return heads.contains { $0 == nil } ? nil : heads.compactMap(\.self)
  }

  private func head(_ entry: YAMLNode.Entry, features: Set<Name>?) -> Head? {
    let path = path / entry.key
    guard isName(entry.key) else {
      problems.add(entry.keyPlace, path, "a head needs a name without control characters")
      return nil
    }
    let taskKeys =
      TaskKind.of(entry.value)?.keys ?? TaskKind.binary.keys + TaskKind.regression.keys
    guard
      let fields = Fields(
        entry.value, path, place: entry.keyPlace, keys: commonKeys + taskKeys, problems: problems)
    else { return nil }
    let task = fields.task()
    let target = fields.optional("target", .text)
    let feature = fields.feature(among: features)
    let loss = fields.loss(of: task)
    let weight = fields.optional(
      "weight",
      .number("a number of at least 0 that 32 bits can hold") { $0 >= 0 && Float($0).isFinite },
      default: 1)
    let layers = fields.headLayers()
    guard let task, let layers else { return nil }
    return Head(
      name: entry.key, task: task, target: target, feature: feature, loss: loss, weight: weight,
      layers: layers)
  }

  private func task() -> Task? {
    let kind = required("task", .choice(TaskKind.allCases.map { ($0.rawValue, $0) }))
    switch kind {
    case .classification:
      return labels(2...1 << 16, required: true).map(Task.classification)
    case .binary:
      guard node("labels") != nil else { return .binary() }
      return labels(2...2, required: false).map(Task.binary)
    case .regression:
      return .regression(
        unit: optional("unit", .anyText, default: ""),
        standardize: optional("standardize", .flag, default: true))
    case nil:
      return nil
    }
  }

  private func labels(_ counts: ClosedRange<Int>, required isRequired: Bool) -> [String]? {
    let kind = ValueKind.list("a list of labels", of: ValueKind<String>.name)
    guard let labels = isRequired ? required("labels", kind) : optional("labels", kind) else {
      return nil
    }
    guard counts.contains(labels.count) else {
      let expected = counts.count == 1 ? "2, no and yes" : "\(counts.lowerBound) or more"
      problem("labels", "\(counted(labels.count, "label")); expected \(expected)")
      return nil
    }
    var seen: Set<Name> = []
    var values: Set<Double> = []
    for label in labels {
      let isNewValue = decimalNumber(label).map { values.insert($0).inserted } ?? true
      guard seen.insert(Name(label)).inserted, isNewValue else {
        problem(
          "labels", "\(quoted(label)) stands twice, or is another way to write the same number")
        return nil
      }
    }
    return labels
  }

  private func feature(among features: Set<Name>?) -> String? {
    guard let name = optional("reads", .name) else { return nil }
    if let features, !features.contains(Name(name)) {
      problem("reads", Self.noFeature(name, features.sorted().map(\.description)))
    }
    return name
  }

  private static func noFeature(_ name: String, _ features: [String]) -> String {
    let hint = suggestion(for: name, among: features)
    let possible =
      features.isEmpty
      ? "; name one with feature: \(name) on a layer of the trunk"
      : " (possible: \(quotedList(features)))"
    return "the trunk has no feature \(quoted(name))\(hint)\(possible)"
  }

  private func loss(of task: Task?) -> (any Loss)? {
    let kind = ValueKind<any Loss>.choice(losses.map { ($0.name, $0) })
    guard let loss = optional("loss", kind) else { return nil }
    if let task, !loss.fits(task) {
      let possible = losses.filter { $0.fits(task) }.map(\.name).joined(separator: ", ")
      problem("loss", "\(loss.name) does not fit the task (possible: \(possible))")
    }
    return loss
  }

  private func headLayers() -> [any Layer]? {
    let layers = layers("layers")
    for (index, layer) in (layers ?? []).enumerated() where layer.feature != nil {
      problems.add(
        elementPlace("layers", index), path / "layers" / index,
        "only layers of the trunk have features; remove feature")
    }
    return layers
  }
}

extension TaskKind {
  /// The task of a head that is not read yet, if it can be told.
  fileprivate static func of(_ node: YAMLNode) -> TaskKind? {
    guard case .map(let entries) = node.content,
      case .scalar(let text, _) = entries.first(where: { $0.key == "task" })?.value.content
    else { return nil }
    return TaskKind(rawValue: text)
  }
}

/// A head as YAML, its defaults written out.
func yamlValue(of head: Head) -> YAMLValue {
  var entries: [(key: String, value: YAMLValue)]
  switch head.task {
  case .classification(let labels):
    entries = [("task", .text("classification")), ("labels", .list(labels.map(YAMLValue.text)))]
  case .binary(let labels):
    entries = [("task", .text("binary")), ("labels", .list(labels.map(YAMLValue.text)))]
  case .regression(let unit, let standardize):
    entries = [
      ("task", .text("regression")), ("unit", .text(unit)), ("standardize", .flag(standardize)),
    ]
  }
  entries.append(("target", .text(head.target)))
  if let feature = head.feature { entries.append(("reads", .text(feature))) }
  entries.append(("loss", .text(head.loss.name)))
  entries.append(("weight", .number(head.weight)))
  entries.append(("layers", .list(head.layers.map(yamlValue(of:)))))
  return .map(entries)
}
