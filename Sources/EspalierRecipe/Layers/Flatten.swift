import EspalierTraining

extension Flatten: RecipeLayer {
  static let keys = ["feature"]
  static let shortKey: String? = nil

  init?(_ fields: Fields) {
    self.init(feature: fields.optional("feature", .name))
  }

  var settings: [(key: String, value: YAMLValue)] { [] }
}
