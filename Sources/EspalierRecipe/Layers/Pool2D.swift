import EspalierTraining

extension MaxPool2D: RecipeLayer {
  static let keys = poolingKeys
  static let shortKey: String? = "size"

  init?(_ fields: Fields) {
    guard let pooling = Pooling(fields) else { return nil }
    self.init(pooling.size, stride: pooling.stride, feature: pooling.feature)
  }

  var settings: [(key: String, value: YAMLValue)] {
    [("size", .integer(size)), ("stride", .integer(stride))]
  }
}

extension AveragePool2D: RecipeLayer {
  static let keys = poolingKeys
  static let shortKey: String? = "size"

  init?(_ fields: Fields) {
    guard let pooling = Pooling(fields) else { return nil }
    self.init(pooling.size, stride: pooling.stride, feature: pooling.feature)
  }

  var settings: [(key: String, value: YAMLValue)] {
    [("size", .integer(size)), ("stride", .integer(stride))]
  }
}

private let poolingKeys = ["size", "stride", "feature"]

/// The settings that all poolings share.
private struct Pooling {
  let size: Int
  let stride: Int?
  let feature: String?

  init?(_ fields: Fields) {
    let size = fields.required("size", .windowSize)
    stride = fields.optional("stride", .windowSize)
    feature = fields.optional("feature", .name)
    guard let size else { return nil }
    self.size = size
  }
}
