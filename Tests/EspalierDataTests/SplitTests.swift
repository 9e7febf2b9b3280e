import EspalierData
import EspalierTraining
import Testing

@Suite struct SplitTests {
  private func message(_ split: Split, rowCount: Int) -> String {
    do {
      _ = try split.apply(rowCount: rowCount, seed: 1)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: 0..<200)
  func partsHoldEveryRowOnceInFairShares(_ seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed)).stream(0)
    let rowCount = Int.random(in: 20...300, using: &random)
    let test = Double.random(in: 0.05...0.45, using: &random)
    let validation = Double.random(in: 0.05...0.45, using: &random)
    let kinds = Int.random(in: 1...rowCount, using: &random)
    let strata = (0..<rowCount).map { _ in "\(Int.random(in: 0..<kinds, using: &random))" }
    let split = Split(test: test, validation: validation)
    let parts = try split.apply(rowCount: rowCount, strata: strata, seed: UInt64(seed))

    #expect((parts.training + parts.validation + parts.test).sorted() == Array(0..<rowCount))
    #expect(parts.training == parts.training.sorted())
    #expect(parts.validation == parts.validation.sorted())
    #expect(parts.test == parts.test.sorted())
    #expect(parts.test.count == Int((test * Double(rowCount)).rounded()))
    #expect(parts.validation.count == Int((validation * Double(rowCount)).rounded()))
    let sizes = Dictionary(grouping: strata) { $0 }.mapValues(\.count)
    let tested = Dictionary(grouping: parts.test) { strata[$0] }.mapValues(\.count)
    for (stratum, size) in sizes {
      let fair = Double(parts.test.count * size) / Double(rowCount)
      #expect(abs(Double(tested[stratum] ?? 0) - fair) < 1, "stratum \(stratum) of \(size) rows")
    }
  }

  @Test func validationIsSpreadAsTheTestRowsAre() throws {
    let strata = (0..<100).map { $0 < 70 ? "a" : $0 < 90 ? "b" : "c" }
    let parts = try Split(test: 0.2, validation: 0.1).apply(
      rowCount: 100, strata: strata, seed: 5)
    func counts(_ rows: [Int]) -> [Int] {
      ["a", "b", "c"].map { stratum in rows.count { strata[$0] == stratum } }
    }
    #expect(counts(parts.test) == [14, 4, 2])
    #expect(counts(parts.validation) == [7, 2, 1])
    #expect(counts(parts.training) == [49, 14, 7])
  }

  @Test func rowsOfTheirOwnStratumAreDividedAtRandom() throws {
    let strata = (0..<100).map { "\($0)" }
    let parts = try Split(test: 0.2, validation: 0.2).apply(
      rowCount: 100, strata: strata, seed: 5)
    #expect(parts.test.count == 20)
    #expect(parts.validation.count == 20)
    #expect(parts.test != Array(0..<20))
    #expect(parts.test.contains { $0 >= 50 })
  }

  @Test func theSeedDecides() throws {
    let split = Split(test: 0.3, validation: 0.3)
    let parts = try split.apply(rowCount: 50, seed: 1)
    #expect(try split.apply(rowCount: 50, seed: 1) == parts)
    #expect(try split.apply(rowCount: 50, seed: 2) != parts)
  }

  @Test func partsWithoutAShareAreEmpty() throws {
    let parts = try Split(test: 0, validation: 0).apply(rowCount: 3, seed: 1)
    #expect(parts.training == [0, 1, 2])
    #expect(parts.validation.isEmpty && parts.test.isEmpty)
  }

  @Test func stratifyingByAColumn() throws {
    let table = try Table(Array("k\na\na\nb\nb\n".utf8), file: "t.csv")
    let parts = try Split(test: 0.5, validation: 0, stratify: "k").apply(to: table, seed: 1)
    #expect(parts.test.map { $0 / 2 } == [0, 1])
    #expect(throws: DataError.self) {
      try Split(stratify: "q").apply(to: table, seed: 1)
    }
  }

  @Test(arguments: [-0.1, 1, 2, .nan, .infinity])
  func shareOutOfRange(_ share: Double) {
    let expected = "is not a share; expected a number of at least 0 and below 1"
    #expect(message(Split(test: share), rowCount: 10) == "\(share) \(expected)")
    #expect(message(Split(validation: share), rowCount: 10) == "\(share) \(expected)")
  }

  @Test func nothingToTrainOn() {
    #expect(
      message(Split(test: 0.5, validation: 0.5), rowCount: 10)
        == "test 0.5 and validation 0.5 leave none of 10 rows to train on; make them smaller")
    #expect(
      message(Split(test: 0.6, validation: 0.3), rowCount: 2)
        == "test 0.6 and validation 0.3 leave none of 2 rows to train on; make them smaller")
  }

  @Test func partWithoutRows() {
    #expect(
      message(Split(test: 0.01, validation: 0.5), rowCount: 10)
        == "a share of 0.01 of 10 rows is no row at all; make it larger, or 0")
  }
}
