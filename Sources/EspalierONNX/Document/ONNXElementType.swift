/// The number format of a tensor's elements, as ONNX numbers them (`TensorProto.DataType`).
public enum ONNXElementType: Int32, Sendable, CaseIterable {
  /// Not known; never that of a tensor with elements.
  case undefined = 0
  /// IEEE 754 binary32.
  case float32 = 1
  /// Unsigned, 8 bits.
  case uint8 = 2
  /// Two's complement, 8 bits.
  case int8 = 3
  /// Unsigned, 16 bits.
  case uint16 = 4
  /// Two's complement, 16 bits.
  case int16 = 5
  /// Two's complement, 32 bits.
  case int32 = 6
  /// Two's complement, 64 bits.
  case int64 = 7
  /// Text of any length.
  case string = 8
  /// One byte, 0 or 1.
  case bool = 9
  /// IEEE 754 binary16.
  case float16 = 10
  /// IEEE 754 binary64.
  case float64 = 11
  /// Unsigned, 32 bits.
  case uint32 = 12
  /// Unsigned, 64 bits.
  case uint64 = 13
  /// Two binary32, real part first.
  case complex64 = 14
  /// Two binary64, real part first.
  case complex128 = 15
  /// The upper half of a binary32.
  case bfloat16 = 16
  /// 4 bits of exponent, 3 of mantissa; no infinity.
  case float8E4M3FN = 17
  /// 4 bits of exponent, 3 of mantissa; neither infinity nor negative zero.
  case float8E4M3FNUZ = 18
  /// 5 bits of exponent, 2 of mantissa.
  case float8E5M2 = 19
  /// 5 bits of exponent, 2 of mantissa; neither infinity nor negative zero.
  case float8E5M2FNUZ = 20
  /// Unsigned, 4 bits.
  case uint4 = 21
  /// Two's complement, 4 bits.
  case int4 = 22
  /// 2 bits of exponent, 1 of mantissa.
  case float4E2M1 = 23
  /// 8 bits of exponent, none of mantissa.
  case float8E8M0 = 24
  /// Unsigned, 2 bits.
  case uint2 = 25
  /// Two's complement, 2 bits.
  case int2 = 26
  /// 2 bits of exponent, 3 of mantissa.
  case float6E2M3 = 27
  /// 3 bits of exponent, 2 of mantissa.
  case float6E3M2 = 28

  /// The bits that one element takes; 0 where that is no number.
  public var bitCount: Int {
    switch self {
    case .undefined, .string: 0
    case .uint2, .int2: 2
    case .uint4, .int4, .float4E2M1: 4
    case .float6E2M3, .float6E3M2: 6
    case .uint8, .int8, .bool, .float8E4M3FN, .float8E4M3FNUZ, .float8E5M2, .float8E5M2FNUZ,
      .float8E8M0:
      8
    case .uint16, .int16, .float16, .bfloat16: 16
    case .float32, .int32, .uint32: 32
    case .float64, .int64, .uint64, .complex64: 64
    case .complex128: 128
    }
  }

  /// The bytes that so many elements take: one after the other, the first in the lowest bits, the last byte filled up
  /// with zeros; nil when that is no number that fits.
  public func byteCount(ofElements count: Int) -> Int? {
    let (whole, overflow) = (count / 8).multipliedReportingOverflow(by: bitCount)
    let (sum, carry) = whole.addingReportingOverflow((count % 8 * bitCount + 7) / 8)
    return overflow || carry || count < 0 ? nil : sum
  }
}

extension ONNXElementType: CustomStringConvertible {
  /// ONNX's name of the format.
  public var description: String {
    switch self {
    case .undefined: "UNDEFINED"
    case .float32: "FLOAT"
    case .uint8: "UINT8"
    case .int8: "INT8"
    case .uint16: "UINT16"
    case .int16: "INT16"
    case .int32: "INT32"
    case .int64: "INT64"
    case .string: "STRING"
    case .bool: "BOOL"
    case .float16: "FLOAT16"
    case .float64: "DOUBLE"
    case .uint32: "UINT32"
    case .uint64: "UINT64"
    case .complex64: "COMPLEX64"
    case .complex128: "COMPLEX128"
    case .bfloat16: "BFLOAT16"
    case .float8E4M3FN: "FLOAT8E4M3FN"
    case .float8E4M3FNUZ: "FLOAT8E4M3FNUZ"
    case .float8E5M2: "FLOAT8E5M2"
    case .float8E5M2FNUZ: "FLOAT8E5M2FNUZ"
    case .uint4: "UINT4"
    case .int4: "INT4"
    case .float4E2M1: "FLOAT4E2M1"
    case .float8E8M0: "FLOAT8E8M0"
    case .uint2: "UINT2"
    case .int2: "INT2"
    case .float6E2M3: "FLOAT6E2M3"
    case .float6E3M2: "FLOAT6E3M2"
    }
  }
}
