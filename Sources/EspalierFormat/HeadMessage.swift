internal import CEspalierSchema
internal import EspalierGraph

extension MessageFields {
  /// The names of the columns of each input of a trunk.
  func columns(_ message: Espalier__Trunk) throws(FormatError) -> [[Name]] {
    try list(message.columns, message.n_columns) { (columns) throws(FormatError) in
      names(columns.name, columns.n_name)
    }
  }

  /// Where the inputs of a head come from.
  func sources(_ message: Espalier__Head) throws(FormatError) -> [HeadSource] {
    try list(message.source, message.n_source) { (source) throws(FormatError) in
      let head = name(source.head)
      let output = name(source.output)
      return head.isEmpty ? .feature(output) : .head(head, output: output)
    }
  }

  /// What a head's outputs mean.
  func description(_ message: Espalier__Description) throws(FormatError) -> HeadDescription {
    HeadDescription(
      task: try value(message.task.rawValue, .task),
      labels: names(message.label, message.n_label), unit: name(message.unit),
      threshold: message.threshold, targetMean: message.target_mean,
      targetDeviation: message.target_deviation, loss: name(message.loss),
      lossWeight: message.loss_weight,
      metrics: try list(message.metric, message.n_metric) { (metric) throws(FormatError) in
        Metric(name: name(metric.name), split: name(metric.split), value: metric.value)
      })
  }
}
