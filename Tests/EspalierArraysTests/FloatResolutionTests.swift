import EspalierArrays
import Testing

@Suite struct FloatResolutionTests {
  @Test func timesOfADayFallTogether() throws {
    let day = (0..<1440).map { 1_700_000_000 + 60 * Double($0) }
    let found = try #require(FloatResolution(day))
    #expect(found.distinct == 1440)
    #expect(found.kept == Set(day.map { Float($0) }).count)
    #expect(found.step == 128)
    #expect(FloatResolution(day.map { $0 - 1_700_000_000 }) == nil)
  }

  @Test func numbersThatStayApartAreFine() {
    #expect(FloatResolution([]) == nil)
    #expect(FloatResolution([1.7e9, 1.7e9]) == nil)
    #expect(FloatResolution((0..<1000).map { Double($0) / 1000 }) == nil)
    // Decimals are rounded, but stay different.
    #expect(FloatResolution((0..<1000).map { 100 + 0.1 * Double($0) }) == nil)
    // Noise in the last digits of a wide range is no loss.
    #expect(FloatResolution([0, 1, 1 + 1e-12, 1 + 2e-12]) == nil)
    #expect(FloatResolution([16_777_216, 16_777_217]) != nil)
    #expect(FloatResolution([-16_777_216, -16_777_217]) != nil)
  }
}
