/// What turns the training targets of a regression into numbers of mean 0 and deviation 1.
public struct Standardization: Sendable, Equatable, Codable {
  /// What is subtracted.
  public let mean: Double
  /// What the difference is divided by; never 0.
  public let deviation: Double

  /// Takes a mean and a deviation that were measured before.
  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Measures targets, of which there is at least one.
  ///
  /// The deviation is the population's, `√(Σ(xᵢ − mean)² / n)`, computed in two passes; 1 when all targets are equal.
  public init(_ targets: [Double]) {
    precondition(!targets.isEmpty, "0 targets have no mean")
    let count = Double(targets.count)
    let mean = targets.reduce(0, +) / count
    let squares = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / count).squareRoot()
    self.mean = mean
    self.deviation = deviation > 0 ? deviation : 1
  }
}
