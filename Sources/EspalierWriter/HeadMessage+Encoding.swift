internal import EspalierFormat
internal import EspalierGraph

extension ProtobufEncoder {
  /// The columns of a `Trunk` message, which follow its graph.
  mutating func columns(_ columns: [[Name]]) {
    for names in columns {
      element(2) { for name in names { $0.element(1, name.utf8) } }
    }
  }

  /// The fields of a `Head` message before its graph.
  mutating func headStart(_ head: Model.Head, trunk: Digest) {
    name(1, head.name)
    element(2, trunk.bytes)
    for source in head.sources {
      element(3) {
        switch source {
        case .feature(let output):
          $0.name(2, output)
        case .head(let name, let output):
          $0.name(1, name)
          $0.name(2, output)
        }
      }
    }
  }

  /// A `Description` message.
  mutating func description(_ description: HeadDescription) {
    number(1, description.task.rawValue)
    for label in description.labels { element(2, label.utf8) }
    name(3, description.unit)
    double(4, description.threshold)
    double(5, description.targetMean)
    double(6, description.targetDeviation)
    name(7, description.loss)
    double(8, description.lossWeight)
    for metric in description.metrics {
      element(9) {
        $0.name(1, metric.name)
        $0.name(2, metric.split)
        $0.double(3, metric.value)
      }
    }
  }
}
