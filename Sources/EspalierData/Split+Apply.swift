import EspalierGraph

/// A split that cannot be made, and what would be right.
public struct SplitError: Error, Equatable, CustomStringConvertible {
  /// The key of `Split` that is wrong, as it is called in recipes, or nil when it is the split as a whole.
  public let key: String?
  /// What is wrong and what would be right.
  public let description: String
}

extension Split {
  /// The numbers of the rows of each part, ascending.
  public struct Parts: Sendable, Equatable {
    /// The rows that are trained on.
    public var training: [Int] = []
    /// The rows that the best epoch is chosen on.
    public var validation: [Int] = []
    /// The rows that are held out.
    public var test: [Int] = []

    /// Groups rows.
    public init(training: [Int] = [], validation: [Int] = [], test: [Int] = []) {
      self.training = training
      self.validation = validation
      self.test = test
    }
  }

  /// Divides the rows of a table.
  ///
  /// - Throws: `DataError` when there is no column to stratify by; otherwise see `apply(rowCount:strata:seed:)`.
  public func apply(to table: Table, seed: UInt64) throws -> Parts {
    try apply(
      rowCount: table.rowCount, strata: stratify.map { try table.texts(column: $0) }, seed: seed)
  }

  /// Divides rows at random; the same seed gives the same parts.
  ///
  /// Test and validation take their share of all rows, rounded. With strata, rows of equal text are divided by the
  /// same shares: each gives the whole part of its share, and the rows that are then missing come from
  /// the largest remainders, ties in random order, so that the totals stay the same.
  ///
  /// - Parameters:
  ///   - rowCount: the number of rows.
  ///   - strata: a text for each row, or nil when rows are all alike.
  ///   - seed: what the division depends on.
  /// - Throws: `SplitError` when a share is not from 0 to 1, the shares leave nothing to train on, or a part that has
  ///   a share would have no row.
  public func apply(rowCount: Int, strata: [String]? = nil, seed: UInt64) throws -> Parts {
    precondition(strata == nil || strata?.count == rowCount, "a text for each of \(rowCount) rows")
    let testCount = try count(of: test, "test", rowCount)
    let validationCount = try count(of: validation, "validation", rowCount)
    guard test + validation < 1, testCount + validationCount < rowCount else {
      throw SplitError(
        key: nil,
        description: "test \(test) and validation \(validation) leave none of "
          + "\(counted(rowCount, "row")) to train on; make them smaller")
    }

    let source = RandomSource(seed: seed).derived("split")
    let groups = Self.groups(rowCount: rowCount, strata: strata, source: source)
    let sizes = groups.map(\.count)
    let tests = Self.quotas(testCount, of: rowCount, sizes: sizes, rooms: sizes)
    let validations = Self.quotas(
      validationCount, of: rowCount, sizes: sizes, rooms: zip(sizes, tests).map { $0 - $1 })

    var parts = Parts()
    for (group, (test, validation)) in zip(groups, zip(tests, validations)) {
      parts.test += group.prefix(test)
      parts.validation += group.dropFirst(test).prefix(validation)
      parts.training += group.dropFirst(test + validation)
    }
    parts.test.sort()
    parts.validation.sort()
    parts.training.sort()
    return parts
  }

  private func count(of share: Double, _ key: String, _ rowCount: Int) throws -> Int {
    guard share >= 0, share < 1 else {
      throw SplitError(
        key: key,
        description: "\(share) is not a share; expected a number of at least 0 and below 1")
    }
    let count = Int((share * Double(rowCount)).rounded())
    guard share == 0 || count > 0 else {
      throw SplitError(
        key: key,
        description:
          "a share of \(share) of \(counted(rowCount, "row")) is no row at all; make it larger, or 0"
      )
    }
    return count
  }

  /// The rows of each stratum in random order, the strata in random order.
  private static func groups(
    rowCount: Int, strata: [String]?, source: RandomSource
  ) -> [[Int]] {
    var rows = source.stream(0)
    let order = rows.permutation(rowCount)
    guard let strata else { return [order] }
    // Groups stand in the order of their first row, which is random as the order of the rows is.
    var groups: [[Int]] = []
    var numbers: [Name: Int] = [:]
    for row in order {
      if let number = numbers[Name(strata[row])] {
        groups[number].append(row)
      } else {
        numbers[Name(strata[row])] = groups.count
        groups.append([row])
      }
    }
    return groups
  }

  /// Divides `count` of `total` rows among groups in proportion to their sizes, no group giving more than its room.
  ///
  /// The method of largest remainders. The floors always fit: floor(a) + ceil(b) ≤ size when a + b ≤ size.
  private static func quotas(_ count: Int, of total: Int, sizes: [Int], rooms: [Int]) -> [Int] {
    var quotas: [Int] = []
    var remainders: [Int] = []
    for size in sizes {
      let (whole, remainder) = total.dividingFullWidth(size.multipliedFullWidth(by: count))
      quotas.append(whole)
      remainders.append(remainder)
    }
    var missing = count - quotas.reduce(0, +)
    let order = sizes.indices.sorted {
      (-remainders[$0], $0) < (-remainders[$1], $1)
    }
    while missing > 0 {
      for index in order where missing > 0 && quotas[index] < rooms[index] {
        quotas[index] += 1
        missing -= 1
      }
    }
    return quotas
  }
}
