/// How rows are divided into training, validation and test rows.
public struct Split: Sendable, Equatable {
  /// The share of the rows that is held out for the final figures and seen by no decision.
  public var test: Double
  /// The share of the rows that the best epoch is chosen on.
  public var validation: Double
  /// The column whose values are spread evenly over the parts, or nil.
  public var stratify: String?

  /// Describes a split.
  public init(test: Double = 0.2, validation: Double = 0.1, stratify: String? = nil) {
    self.test = test
    self.validation = validation
    self.stratify = stratify
  }
}
