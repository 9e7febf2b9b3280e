import EspalierTraining

/// A layer that recipes can speak of: its settings, read and written side by side.
///
/// To add a layer, conform it in a file of its own and enter it in `layerKinds`.
protocol RecipeLayer: Layer {
  /// The keys of the settings.
  static var keys: [String] { get }
  /// The setting that the short form `kind: value` gives, or nil.
  static var shortKey: String? { get }
  /// Reads the settings; nil when one is wrong.
  init?(_ fields: Fields)
  /// All settings, those with defaults included, in the order of the keys; without the feature's name.
  var settings: [(key: String, value: YAMLValue)] { get }
}

/// The layers of recipes.
private let layerKinds: [any RecipeLayer.Type] = [
  Activation.self, AveragePool2D.self, Conv2D.self, Dense.self, Flatten.self, MaxPool2D.self,
]

/// The layers of recipes, as they are read.
let layerVariants = Variants<any Layer>(
  noun: "layer",
  kinds: layerKinds.map { type in
    .init(name: type.kind, keys: type.keys, shortKey: type.shortKey) { type.init($0) }
  })

/// A layer as YAML, its defaults written out.
func yamlValue(of layer: any Layer) -> YAMLValue {
  guard let layer = layer as? any RecipeLayer else {
    preconditionFailure("layers of kind \(type(of: layer).kind) never come from recipes")
  }
  var settings = layer.settings
  if let feature = layer.feature { settings.append(("feature", .text(feature))) }
  let kind = type(of: layer).kind
  return settings.isEmpty ? .text(kind) : .map([(kind, .map(settings))])
}

extension ValueKind where Value == Int {
  /// A number of outputs, filters or groups.
  static var count: ValueKind { .integer(in: 1...1 << 24) }
  /// A size or step of a window.
  static var windowSize: ValueKind { .integer(in: 1...1 << 15) }
}

extension ValueKind where Value == Activation {
  /// A function of each element.
  static var activation: ValueKind {
    .choice(Activation.allCases.map { ($0.rawValue, $0) })
  }
}
