public import EspalierData

extension Task {
  /// The loss that is used when none is named.
  public var usualLoss: any Loss {
    switch self {
    case .classification: CrossEntropy()
    case .binary: BinaryCrossEntropy()
    case .regression: MeanSquaredError()
    }
  }
}
