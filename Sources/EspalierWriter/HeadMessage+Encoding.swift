package import EspalierFormat
package import EspalierGraph

extension ProtobufEncoder {
  /// The columns of a `Trunk` message, which follow its graph.
  package mutating func columns(_ inputs: [[Column]]) {
    for columns in inputs {
      element(2) {
        for column in columns { $0.element(1, column.name.utf8) }
        $0.doubles(2, columns.map { $0.mean }, unlessAll: 0)
        $0.doubles(3, columns.map { $0.deviation }, unlessAll: 1)
        for (index, column) in columns.enumerated() where !column.categories.isEmpty {
          $0.element(4) {
            $0.number(1, index)
            for value in column.categories { $0.element(2, value.utf8) }
          }
        }
        if columns.contains(where: { $0.range != nil }) {
          $0.doubles(5, columns.map { $0.range?.lowerBound ?? .nan })
          $0.doubles(6, columns.map { $0.range?.upperBound ?? .nan })
        }
      }
    }
  }

  /// The ranges of a `Trunk` message, which follow its columns.
  package mutating func ranges(_ ranges: [SymbolRange]) {
    for range in ranges {
      element(3) {
        $0.name(1, range.symbol)
        $0.number(2, range.least == 1 ? 0 : range.least)
        $0.number(3, range.step == 1 ? 0 : range.step)
        $0.number(4, range.most ?? 0)
      }
    }
  }

  /// A repeated `double` field, packed; left out when all are the usual number.
  private mutating func doubles(_ field: UInt32, _ values: [Double], unlessAll usual: Double = .nan)
  {
    // Negative zero is a zero.
    let values = values.map { $0 == 0 ? 0 : $0 }
    guard values.contains(where: { $0 != usual }) else { return }
    element(field) { for value in values { $0.fixed64(value.bitPattern) } }
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
    if description.temperature != 1 { double(10, description.temperature) }
    doubles(11, description.quantiles)
  }

  /// An `About` message.
  static func about(_ about: About) -> [UInt8] {
    var message = ProtobufEncoder()
    message.name(1, about.author)
    message.name(2, about.licence)
    for note in about.notes {
      message.element(3) {
        $0.name(1, note.key)
        $0.name(2, note.value)
      }
    }
    return message.bytes
  }

  /// An `Example` message.
  ///
  /// - Parameter inputs: the digest of the inputs that the tensors are the outputs of; nil for the inputs.
  static func example(_ tensors: [ExampleTensor], of inputs: Digest?) -> [UInt8] {
    var message = ProtobufEncoder()
    for tensor in tensors {
      message.element(1) {
        $0.name(1, tensor.name)
        $0.packed(2, tensor.shape.sizes.map { UInt64($0) })
        $0.element(3) { for value in tensor.values { $0.fixed32(value.bitPattern) } }
      }
    }
    if let inputs { message.element(2, inputs.bytes) }
    return message.bytes
  }

  /// A `Signature` message.
  package static func signature(_ signature: Signature) -> [UInt8] {
    var message = ProtobufEncoder()
    message.element(1, signature.publicKey)
    message.element(2, signature.bytes)
    return message.bytes
  }
}
