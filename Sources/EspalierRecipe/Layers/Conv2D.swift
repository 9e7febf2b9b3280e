import EspalierTraining

extension Conv2D: RecipeLayer {
  static let keys = ["filters", "kernel", "stride", "same", "groups", "activation", "feature"]
  static let shortKey: String? = nil

  init?(_ fields: Fields) {
    let filters = fields.required("filters", .count)
    let kernel = fields.required("kernel", .windowSize)
    let stride = fields.optional("stride", .windowSize, default: 1)
    let same = fields.optional("same", .flag, default: true)
    let groups = fields.optional("groups", .count, default: 1)
    let activation = fields.optional("activation", .activation, default: .linear)
    let feature = fields.optional("feature", .name)
    guard let filters, let kernel else { return nil }
    self.init(
      filters, kernel: kernel, stride: stride, same: same, groups: groups, activation: activation,
      feature: feature)
  }

  var settings: [(key: String, value: YAMLValue)] {
    [
      ("filters", .integer(filters)), ("kernel", .integer(kernel)), ("stride", .integer(stride)),
      ("same", .flag(same)), ("groups", .integer(groups)),
      ("activation", .text(activation.rawValue)),
    ]
  }
}
