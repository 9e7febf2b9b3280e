internal import CEspalierSchema
internal import EspalierGraph

extension MessageFields {
  /// The columns of each input of a trunk.
  func columns(_ message: Espalier__Trunk) throws(FormatError) -> [[Column]] {
    try list(message.columns, message.n_columns) { (columns) throws(FormatError) in
      try self.columns(columns)
    }
  }

  /// The sizes that symbols of a trunk may have.
  func ranges(_ message: Espalier__Trunk) throws(FormatError) -> [SymbolRange] {
    try list(message.range, message.n_range) { (range) throws(FormatError) in
      guard range.least != 1, range.step != 1 else { throw .badMessage(section) }
      let most = try integer(range.most)
      return SymbolRange(
        try name(range.symbol, .input), least: max(try integer(range.least), 1),
        step: max(try integer(range.step), 1), most: most == 0 ? nil : most)
    }
  }

  private func columns(_ message: Espalier__Columns) throws(FormatError) -> [Column] {
    let names = try names(message.name, message.n_name, .column)
    let means = try numbers(message.mean, message.n_mean, each: names.count, usual: 0)
    let deviations = try numbers(
      message.deviation, message.n_deviation, each: names.count, usual: 1)
    let ranges = try ranges(message, count: names.count)
    var categories: [[Name]] = names.map { _ in [] }
    var next = 0
    for (column, values) in try list(
      message.categories, message.n_categories,
      { (entry) throws(FormatError) in
        (Int(entry.column), try self.names(entry.value, entry.n_value, .category))
      })
    {
      guard (next..<names.count).contains(column), !values.isEmpty else {
        throw .badMessage(section)
      }
      categories[column] = values
      next = column + 1
    }
    return names.indices.map {
      Column(
        names[$0], categories: categories[$0], mean: means[$0], deviation: deviations[$0],
        range: ranges[$0])
    }
  }

  /// The range of each column; a column that has none has two bounds that are not a number.
  private func ranges(
    _ message: Espalier__Columns, count: Int
  ) throws(FormatError) -> [ClosedRange<Double>?] {
    let least = try numbers(message.least, message.n_least, each: count, usual: .nan)
    let most = try numbers(message.most, message.n_most, each: count, usual: .nan)
    var ranges: [ClosedRange<Double>?] = []
    for (least, most) in zip(least, most) {
      guard least.isNaN == most.isNaN, least.isNaN || least <= most else {
        throw .badMessage(section)
      }
      ranges.append(least.isNaN ? nil : least...most)
    }
    return ranges
  }

  /// A number for each of `count` things, or none when all are the usual one.
  private func numbers(
    _ list: UnsafeMutablePointer<Double>?, _ listed: Int, each count: Int, usual: Double
  ) throws(FormatError) -> [Double] {
    guard listed > 0 else { return Array(repeating: usual, count: count) }
    let numbers = Array(UnsafeBufferPointer(start: list, count: listed))
    guard listed == count, numbers.contains(where: { $0.bitPattern != usual.bitPattern }) else {
      throw .badMessage(section)
    }
    return numbers
  }

  /// Where the inputs of a head come from.
  func sources(_ message: Espalier__Head) throws(FormatError) -> [HeadSource] {
    try list(message.source, message.n_source) { (source) throws(FormatError) in
      let head = try name(source.head, .head)
      let output = try name(source.output, .output)
      return head.isEmpty ? .feature(output) : .head(head, output: output)
    }
  }

  /// What a head's outputs mean.
  func description(_ message: Espalier__Description) throws(FormatError) -> HeadDescription {
    guard message.temperature != 1 else { throw .badMessage(section) }
    return HeadDescription(
      task: try value(message.task.rawValue, .task),
      labels: try names(message.label, message.n_label, .label),
      unit: try name(message.unit, .text),
      threshold: message.threshold, targetMean: message.target_mean,
      targetDeviation: message.target_deviation, loss: try name(message.loss, .text),
      lossWeight: message.loss_weight,
      metrics: try list(message.metric, message.n_metric) { (metric) throws(FormatError) in
        Metric(
          name: try name(metric.name, .metric), split: try name(metric.split, .metric),
          value: metric.value)
      },
      temperature: message.temperature.bitPattern == 0 ? 1 : message.temperature,
      quantiles: Array(UnsafeBufferPointer(start: message.quantile, count: message.n_quantile)))
  }
}
