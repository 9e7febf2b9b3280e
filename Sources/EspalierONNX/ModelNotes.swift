internal import EspalierGraph
internal import Foundation

/// What a document's notes (`metadata_props`) say of a model that ONNX has no place for, as JSON with sorted keys.
///
/// - `espalier.head.NAME`: what the output of that name means; the fields of `HeadDescription`, those with their usual
///   value left out.
/// - `espalier.input.NAME`: the columns of a table that the input is made of; a list of the fields of `Column`.
/// - `espalier.trunk`: the values at which the trunk ends; a list of names.
enum ModelNotes {
  static let head = "espalier.head."
  static let input = "espalier.input."
  static let trunk = "espalier.trunk"

  static func note(_ description: HeadDescription, of name: Name) throws -> ONNXNote {
    ONNXNote("\(head)\(name)", try text(HeadNote(description)))
  }

  static func note(_ columns: [Column], of name: Name) throws -> ONNXNote {
    ONNXNote("\(input)\(name)", try text(columns.map { ColumnNote($0) }))
  }

  static func note(features: [Name]) throws -> ONNXNote {
    ONNXNote(trunk, try text(features.map { "\($0)" }))
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// What a note says, or nil when there is none.
  private static func read<Content: Decodable>(
    _ key: String, in notes: [String: String], as: Content.Type
  ) throws -> Content? {
    guard let text = notes[key] else { return nil }
    do {
      return try JSONDecoder().decode(Content.self, from: Data(text.utf8))
    } catch {
      throw ImportError.badNote(key, "is not the JSON that it should be")
    }
  }

  /// The notes of a document that are for us, the first under each key.
  private static func notes(of document: ONNXModel) -> [String: String] {
    Dictionary(
      document.metadata.filter { $0.key.hasPrefix("espalier.") }.map { ($0.key, $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The values at which a document says that the trunk ends.
  static func features(of document: ONNXModel) throws -> [Name] {
    let names = (try read(trunk, in: notes(of: document), as: [String].self) ?? [])
      .map { Name($0) }
    guard names.allSatisfy(\.isPrintable) else {
      throw ImportError.badNote(trunk, "has names with characters that names cannot have")
    }
    return names
  }

  /// A model with what the notes of its document say.
  static func applied(to model: Model, from document: ONNXModel) throws -> Model {
    let notes = notes(of: document)
    guard !notes.isEmpty else { return model }
    var columns = model.trunk.columns
    for (index, input) in model.trunk.graph.inputs.enumerated() {
      let key = "\(Self.input)\(input.name)"
      guard let own = try read(key, in: notes, as: [ColumnNote].self) else { continue }
      columns[index] = own.map(\.column)
    }
    let trunk = Model.Trunk(
      graph: model.trunk.graph, columns: columns, ranges: model.trunk.ranges)
    var heads: [Model.Head] = []
    for head in model.heads {
      let key = "\(Self.head)\(head.name)"
      guard let note = try read(key, in: notes, as: HeadNote.self) else {
        heads.append(head)
        continue
      }
      heads.append(
        Model.Head(
          name: head.name, sources: head.sources, graph: head.graph,
          description: try note.description(key)))
    }
    do {
      return try Model(trunk: trunk, heads: heads)
    } catch {
      throw ImportError.badNote("espalier.*", "do not fit the model: \(error)")
    }
  }
}

/// A head's description as a note has it.
private struct HeadNote: Codable {
  struct MetricNote: Codable {
    let name: String
    let split: String
    let value: Double
  }

  var task: String
  var labels: [String]?
  var unit: String?
  var threshold: Double?
  var target_mean: Double?
  var target_deviation: Double?
  var loss: String?
  var loss_weight: Double?
  var metrics: [MetricNote]?
  var temperature: Double?
  var quantiles: [Double]?

  init(_ description: HeadDescription) {
    let usual = HeadDescription(task: description.task)
    func unusual<Value: Equatable>(_ path: KeyPath<HeadDescription, Value>) -> Value? {
      description[keyPath: path] == usual[keyPath: path] ? nil : description[keyPath: path]
    }
    task = description.task.label
    labels = unusual(\.labels)?.map { "\($0)" }
    unit = unusual(\.unit).map { "\($0)" }
    threshold = unusual(\.threshold)
    target_mean = unusual(\.targetMean)
    target_deviation = unusual(\.targetDeviation)
    loss = unusual(\.loss).map { "\($0)" }
    loss_weight = unusual(\.lossWeight)
    metrics = unusual(\.metrics)?.map {
      MetricNote(name: "\($0.name)", split: "\($0.split)", value: $0.value)
    }
    temperature = unusual(\.temperature)
    quantiles = unusual(\.quantiles)
  }

  func description(_ key: String) throws -> HeadDescription {
    guard let task = TaskKind.allCases.first(where: { $0.label == task }) else {
      throw ImportError.badNote(key, "has a task that is not known")
    }
    let usual = HeadDescription(task: task)
    return HeadDescription(
      task: task, labels: (labels ?? []).map { Name($0) }, unit: Name(unit ?? ""),
      threshold: threshold ?? usual.threshold, targetMean: target_mean ?? usual.targetMean,
      targetDeviation: target_deviation ?? usual.targetDeviation, loss: Name(loss ?? ""),
      lossWeight: loss_weight ?? usual.lossWeight,
      metrics: (metrics ?? []).map {
        Metric(name: Name($0.name), split: Name($0.split), value: $0.value)
      },
      temperature: temperature ?? usual.temperature, quantiles: quantiles ?? [])
  }
}

/// A column as a note has it.
private struct ColumnNote: Codable {
  var name: String
  var categories: [String]?
  var mean: Double?
  var deviation: Double?
  var least: Double?
  var most: Double?

  init(_ column: Column) {
    name = "\(column.name)"
    categories = column.categories.isEmpty ? nil : column.categories.map { "\($0)" }
    mean = column.mean == 0 ? nil : column.mean
    deviation = column.deviation == 1 ? nil : column.deviation
    least = column.range?.lowerBound
    most = column.range?.upperBound
  }

  var column: Column {
    var range: ClosedRange<Double>?
    if let least, let most, least <= most { range = least...most }
    return Column(
      Name(name), categories: (categories ?? []).map { Name($0) }, mean: mean ?? 0,
      deviation: deviation ?? 1, range: range)
  }
}
