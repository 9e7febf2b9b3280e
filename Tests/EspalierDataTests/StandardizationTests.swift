import EspalierData
import EspalierTraining
import Testing

@Suite struct StandardizationTests {
  @Test func meanAndPopulationDeviation() {
    let standardization = Standardization([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(standardization.mean == 5)
    #expect(standardization.deviation == 2)
  }

  @Test func equalTargetsAreOnlyShifted() {
    let standardization = Standardization([0.25, 0.25, 0.25])
    #expect(standardization.mean == 0.25)
    #expect(standardization.deviation == 1)
  }

  @Test func largeOffsetsLeaveTheDeviationExact() {
    // The sum of squares minus the square of the sum would lose all digits of the deviation here.
    let standardization = Standardization([16_000_001, 16_000_003])
    #expect(standardization.mean == 16_000_002)
    #expect(standardization.deviation == 1)
  }
}
