import EspalierTraining

/// The optimizers of recipes.
let optimizerVariants = Variants<Optimizer>(
  noun: "optimizer",
  kinds: [
    .init(name: "adam", keys: ["beta1", "beta2", "epsilon"], shortKey: nil) { fields in
      .adam(
        beta1: fields.optional("beta1", .share, default: 0.9),
        beta2: fields.optional("beta2", .share, default: 0.999),
        epsilon: fields.optional("epsilon", .positive, default: 1e-8))
    },
    .init(name: "sgd", keys: ["momentum"], shortKey: nil) { fields in
      .sgd(momentum: fields.optional("momentum", .share, default: 0.9))
    },
  ])

/// An optimizer as YAML, its defaults written out.
func yamlValue(of optimizer: Optimizer) -> YAMLValue {
  switch optimizer {
  case .adam(let beta1, let beta2, let epsilon):
    .map([
      (
        "adam",
        .map([
          ("beta1", .number(beta1)), ("beta2", .number(beta2)), ("epsilon", .number(epsilon)),
        ])
      )
    ])
  case .sgd(let momentum):
    .map([("sgd", .map([("momentum", .number(momentum))]))])
  }
}
