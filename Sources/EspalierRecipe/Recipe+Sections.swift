internal import EspalierData
import EspalierGraph
import EspalierTraining

/// What people should know of a model as YAML, without what is not known.
func yamlValue(of about: About) -> YAMLValue {
  let texts = [("author", about.author), ("licence", about.licence)].filter { !$0.1.isEmpty }
  let notes = about.notes.map { ($0.key.description, YAMLValue.text($0.value.description)) }
  return .map(
    texts.map { ($0.0, .text($0.1.description)) } + (notes.isEmpty ? [] : [("notes", .map(notes))]))
}

/// A split as YAML, its defaults written out.
func yamlValue(of split: Split) -> YAMLValue {
  let shares: [(key: String, value: YAMLValue)] = [
    ("test", .number(split.test)), ("validation", .number(split.validation)),
  ]
  return .map(shares + (split.stratify.map { [("stratify", .text($0))] } ?? []))
}

/// An input as YAML, its defaults written out.
func yamlValue(of input: Input) -> YAMLValue {
  .map([
    ("name", .text(input.name)),
    ("columns", .list(input.columns.map(YAMLValue.text))),
    ("shape", .list(input.shape.map(YAMLValue.integer))),
    ("scale", .number(input.scale)),
    ("offset", .number(input.offset)),
  ])
}

/// All options but the seed as YAML, their defaults written out.
func yamlValue(of options: TrainingOptions) -> YAMLValue {
  .map([
    ("optimizer", yamlValue(of: options.optimizer)),
    ("learning_rate", .number(options.learningRate)),
    ("schedule", .text(options.schedule.rawValue)),
    ("epochs", .integer(options.epochs)),
    ("batch_size", .integer(options.batchSize)),
  ])
}
