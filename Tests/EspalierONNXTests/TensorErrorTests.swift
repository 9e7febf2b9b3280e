import EspalierGraph
import EspalierONNX
import EspalierWriter
import Testing

/// One test for each case of `ONNXTensorProblem`, in the order of the cases.
@Suite struct TensorErrorTests {
  private func expect(
    _ problem: ONNXTensorProblem, at location: SourceLocation = #_sourceLocation,
    _ fields: (inout ProtobufEncoder) -> Void
  ) {
    let bytes = wire {
      fields(&$0)
      $0.element(8, utf8("t"))
    }
    #expect(throws: ONNXError.badTensor(problem, .tensor("t")), sourceLocation: location) {
      try ONNXTensor(bytes)
    }
    #expect(!problem.description.isEmpty, sourceLocation: location)
  }

  @Test func noElementType() {
    expect(.noElementType) { $0.element(1, number: 2) }
    expect(.noElementType) { $0.element(2, number: 0) }
  }

  @Test func unknownElementType() {
    expect(.unknownElementType(29)) { $0.element(2, number: 29) }
    expect(.unknownElementType(-1)) { $0.element(2, number: -1) }
  }

  @Test func negativeDimension() {
    expect(.negativeDimension(-1)) {
      $0.element(1, number: 3)
      $0.element(1, number: -1)
      $0.element(2, number: 1)
    }
    expect(.negativeDimension(.min)) {
      $0.element(1, number: .min)
      $0.element(2, number: 1)
    }
  }

  @Test func tooLarge() {
    expect(.tooLarge) {
      $0.element(1, number: 1 << 32)
      $0.element(1, number: 1 << 32)
      $0.element(2, number: 3)
    }
    expect(.tooLarge) {
      $0.element(1, number: .max)
      $0.element(2, number: 7)
    }
  }

  @Test func severalFields() {
    expect(.severalFields("raw_data", "float_data")) {
      $0.element(2, number: 1)
      $0.element(4, float: 1)
      $0.element(9, [0, 0, 0, 0])
    }
    expect(.severalFields("int32_data", "int64_data")) {
      $0.element(2, number: 6)
      $0.element(5, number: 1)
      $0.element(7, number: 1)
    }
  }

  @Test func wrongField() {
    expect(.wrongField("float_data", .float64)) {
      $0.element(2, number: 11)
      $0.element(4, float: 1)
    }
    expect(.wrongField("int64_data", .int32)) {
      $0.element(2, number: 6)
      $0.element(7, number: 1)
    }
    expect(.wrongField("raw_data", .string)) {
      $0.element(2, number: 8)
      $0.element(9, [0])
    }
    expect(.wrongField("string_data", .uint8)) {
      $0.element(2, number: 2)
      $0.element(6, [0])
    }
    expect(.wrongField("double_data", .float32)) {
      $0.element(2, number: 1)
      $0.element(10, utf8("12345678"))
    }
    expect(.wrongField("uint64_data", .int64)) {
      $0.element(2, number: 7)
      $0.element(11, number: 1)
    }
  }

  /// A tensor that claims gigabytes and has four bytes costs nothing.
  @Test func wrongByteCount() {
    expect(.wrongByteCount(expected: 12_000_000_000, found: 4)) {
      $0.element(1, number: 3_000_000_000)
      $0.element(2, number: 1)
      $0.element(9, [0, 0, 0, 0])
    }
    expect(.wrongByteCount(expected: 2, found: 3)) {
      $0.element(1, number: 3)
      $0.element(2, number: 21)
      $0.element(9, [0, 0, 0])
    }
  }

  @Test func wrongCount() {
    expect(.wrongCount(expected: 2_000_000_000, found: 0)) {
      $0.element(1, number: 2_000_000_000)
      $0.element(2, number: 1)
    }
    expect(.wrongCount(expected: 2, found: 1)) {
      $0.element(1, number: 2)
      $0.element(2, number: 6)
      $0.element(5, number: 1)
    }
    expect(.wrongCount(expected: 3, found: 1)) {
      $0.element(1, number: 3)
      $0.element(2, number: 8)
      $0.element(6, [])
    }
    // A complex number is two.
    expect(.wrongCount(expected: 2, found: 1)) {
      $0.element(2, number: 14)
      $0.element(4, float: 1)
    }
    // A number of bytes, of which each is several elements.
    expect(.wrongCount(expected: 2, found: 3)) {
      $0.element(1, number: 3)
      $0.element(2, number: 22)
      $0.packed(5, [1, 2, 3])
    }
  }

  @Test(
    arguments: [
      (ONNXElementType.uint8, 256), (.uint8, -1), (.int8, 128), (.int8, -129), (.uint16, 65_536),
      (.float16, -1), (.bfloat16, 65_536), (.int16, 32_768), (.bool, 2), (.uint4, 256),
      (.float8E5M2, -1), (.float6E2M3, 64), (.float6E3M2, -1),
    ] as [(ONNXElementType, Int64)])
  func numberOutOfRange(_ element: ONNXElementType, _ number: Int64) {
    expect(.numberOutOfRange(number, element)) {
      $0.element(2, number: Int64(element.rawValue))
      $0.element(5, number: number)
    }
  }

  @Test func numberOutOfRangeElsewhere() {
    expect(.numberOutOfRange(1 << 32, .uint32)) {
      $0.element(2, number: 12)
      $0.element(11, number: 1 << 32)
    }
    expect(.numberOutOfRange(2, .bool)) {
      $0.element(2, number: 9)
      $0.element(9, [2])
    }
  }

  @Test func segment() {
    expect(.segment) {
      $0.element(2, number: 1)
      $0.element(3, [])
      $0.element(9, [0, 0, 0, 0])
    }
  }
}
