/// A column of a table that an input is made of, and how its cells become numbers.
///
/// A cell's number is the number that it holds or, when there are categories, the position of the one that it names.
/// The input is `(number - mean) / deviation`.
public struct Column: Sendable, Equatable {
  /// The name of the column.
  public let name: Name
  /// The texts that cells may hold, in the order of their numbers; empty when cells hold numbers.
  public let categories: [Name]
  /// What is subtracted from the number.
  public let mean: Double
  /// What the difference is divided by.
  public let deviation: Double
  /// The smallest and the largest number that training saw; nil when that is not known.
  public let range: ClosedRange<Double>?

  /// Describes a column.
  public init(
    _ name: Name, categories: [Name] = [], mean: Double = 0, deviation: Double = 1,
    range: ClosedRange<Double>? = nil
  ) {
    self.name = name
    self.categories = categories
    self.mean = mean
    self.deviation = deviation
    self.range = range
  }
}

extension Column: ExpressibleByStringLiteral {
  /// Describes a column of numbers that are used as they are.
  public init(stringLiteral name: StaticString) {
    self.init(Name(stringLiteral: name))
  }
}
