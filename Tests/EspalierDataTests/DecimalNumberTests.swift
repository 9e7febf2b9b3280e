import EspalierData
import EspalierTraining
import Testing

@Suite struct DecimalNumberTests {
  @Test(
    arguments: [
      "0", "-0", "7", "+7", "-12", "007", "0.5", ".5", "5.", "-.25", "1e3", "1E-3", "1.5e+2",
      "123456789012345", "1234567890123456", "98765432109876543210", "0.1", "3.4028235e38",
      "2.2250738585072014e-308", "-0.0", "1e-400",
    ])
  func decimalNumbersAreRead(_ text: String) throws {
    let value = try #require(decimalNumber(text))
    let expected = try #require(Double(text))
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test func tooLargeNumbersAreInfinite() {
    #expect(decimalNumber("1e400") == .infinity)
    #expect(decimalNumber("-" + String(repeating: "9", count: 400)) == -.infinity)
  }

  @Test(
    arguments: [
      "", "-", "+", ".", "-.", "e3", "1e", "1e+", ".e1", "1.2.3", "--1", "1-", "0x1", "nan", "inf",
      "infinity", " 1", "1 ", "1,5", "1_0", "١", "1\u{0}", "½",
    ])
  func otherTextIsRefused(_ text: String) {
    #expect(decimalNumber(text) == nil)
  }
}
