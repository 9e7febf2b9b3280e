import EspalierTraining

extension Dense: RecipeLayer {
  static let keys = ["units", "activation", "feature"]
  static let shortKey: String? = "units"

  init?(_ fields: Fields) {
    let units = fields.required("units", .count)
    let activation = fields.optional("activation", .activation, default: .linear)
    let feature = fields.optional("feature", .name)
    guard let units else { return nil }
    self.init(units, activation: activation, feature: feature)
  }

  var settings: [(key: String, value: YAMLValue)] {
    [("units", .integer(units)), ("activation", .text(activation.rawValue))]
  }
}
