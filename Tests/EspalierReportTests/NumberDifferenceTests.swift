import EspalierGraph
import EspalierReport
import Testing

@Suite struct NumberDifferenceTests {
  private func parameter(_ values: [Float]) -> Parameter {
    Parameter(name: "w", shape: [values.count], values: values)
  }

  private func difference(_ a: [Float], _ b: [Float]) -> NumberDifference? {
    NumberDifference(parameter(a), parameter(b))
  }

  @Test func theLargestDifferencesAreFound() throws {
    let found = try #require(difference([1, 2, 100, -4], [1, 3, 101, -4]))
    #expect(found.count == 4 && found.differing == 2 && found.not_finite == 0)
    #expect(found.largest_difference == 1)
    #expect(found.largest_relative_difference == 1.0 / 3)
  }

  @Test func theSameBitsDoNotDiffer() {
    #expect(difference([1, .nan, .infinity], [1, .nan, .infinity]) == nil)
  }

  @Test func theSignOfZeroIsADifferenceOfNothing() throws {
    let found = try #require(difference([0], [-0.0]))
    #expect(found.differing == 1)
    #expect(found.largest_difference == 0 && found.largest_relative_difference == 0)
  }

  @Test func whatIsNotFiniteIsCounted() throws {
    let found = try #require(difference([.nan, .infinity, 1], [0, 1, -1]))
    #expect(found.differing == 3 && found.not_finite == 2)
    #expect(found.largest_difference == 2 && found.largest_relative_difference == 2)
  }

  @Test(
    arguments: [
      (ElementType.float16, [0x00, 0x3C], [0x00, 0x40], 1.0),
      (.bfloat16, [0x80, 0x3F], [0x40, 0x40], 2), (.int8, [0xFF], [0x02], 3),
      (.uint8, [0xFF], [0x02], 253), (.bool, [0], [1], 1),
      (.int32, [0, 1, 0, 0], [0, 0, 0, 0], 256),
      (.int64, [0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], 4_294_967_296),
    ] as [(ElementType, [UInt8], [UInt8], Double)])
  func everyElementTypeIsRead(
    _ element: ElementType, _ a: [UInt8], _ b: [UInt8], _ expected: Double
  ) throws {
    func parameter(_ bytes: [UInt8]) -> Parameter {
      // Behind four other numbers, in a storage that has more.
      let padding = [UInt8](repeating: 0xAB, count: 4 * bytes.count)
      let all = padding + bytes + padding
      return Parameter(
        name: "w", type: TensorType(element, [1]),
        storage: TensorStorage.filled(byteCount: all.count) { $0.copyBytes(from: all) },
        byteOffset: padding.count)
    }
    let found = try #require(NumberDifference(parameter(a), parameter(b)))
    #expect(found.largest_difference == expected)
  }

  @Test func numbersThatAreStoredInHalfTheBytesAreCompared() throws {
    let whole = parameter([1, -2, 0.1])
    func half(_ bits: [UInt16], _ stored: ElementType) -> Parameter {
      Parameter(
        name: "w", type: TensorType(.float32, [bits.count]), stored: stored,
        storage: TensorStorage.filled(byteCount: 2 * bits.count) { buffer in
          bits.withUnsafeBytes { buffer.copyBytes(from: $0) }
        })
    }
    let float16 = try #require(NumberDifference(whole, half([0x3C00, 0xC000, 0x2E66], .float16)))
    #expect(float16.differing == 1 && float16.largest_difference < 1e-4)
    let bfloat16 = try #require(NumberDifference(half([0x3F80, 0xC000, 0x3DCD], .bfloat16), whole))
    #expect(bfloat16.differing == 1 && bfloat16.largest_difference < 1e-3)
    let exact = parameter([1, -2])
    #expect(NumberDifference(exact, half([0x3C00, 0xC000], .float16)) == nil)
  }
}
