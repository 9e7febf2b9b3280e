package import EspalierGraph

extension Input {
  /// The largest offset that is added inside the network, in 32 bits.
  ///
  /// There `element · scale + offset` is off by up to |offset| / 2²⁴, here about 0.00002: less than what tables and
  /// pictures resolve. Larger ones, such as those that centre times of 1.7 · 10⁹ seconds, would take the digits away
  /// that matter.
  package static let largestOffsetInside = 256.0

  /// What is taken off every number of the table, in double precision, before it becomes an input element.
  ///
  /// An offset above `largestOffsetInside` in size is taken off here, as `-offset / scale`, and not added inside the
  /// network. It is part of the columns of an exported model; whoever gives such a model arrays takes it off himself.
  public var mean: Double {
    guard abs(offset) > Self.largestOffsetInside else { return 0 }
    let mean = -offset / scale
    return mean.isFinite ? mean : 0
  }

  /// What is added to every element inside the network after the scale.
  var offsetInside: Double { mean == 0 ? offset : 0 }

  /// The columns as an exported model has them.
  package var tableColumns: [Column] { columns.map { Column(Name($0), mean: mean) } }
}
