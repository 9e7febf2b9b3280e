import EspalierTraining

extension Activation: RecipeLayer {
  static let keys = ["function"]
  static let shortKey: String? = "function"

  init?(_ fields: Fields) {
    guard let function = fields.required("function", .activation) else { return nil }
    self = function
  }

  var settings: [(key: String, value: YAMLValue)] { [("function", .text(rawValue))] }
}
