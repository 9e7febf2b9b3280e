import EspalierGraph
import EspalierRuntime
import Testing

/// Casts of the numbers that have no equal in the other type.
@Suite struct CastTests {
  /// Casts elements, which lie in memory as the types say.
  private func cast<From: BitwiseCopyable, To: BitwiseCopyable>(
    _ values: [From], _ from: ElementType, to: ElementType, as type: To.Type
  ) throws -> [To] {
    let trunk = Graph(
      inputs: [GraphInput(name: "x", element: from, dimensions: [.batch])], parameters: [],
      nodes: [Node(name: "cast", .cast(.init(to)), inputs: [ValueID(0)])],
      outputs: [GraphOutput(name: "y", value: ValueID(1))])
    let head = Graph(
      inputs: [GraphInput(name: "y", element: to, dimensions: [.any])], parameters: [], nodes: [],
      outputs: [GraphOutput(name: "y", value: ValueID(0))])
    let model = try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "head", sources: [.feature("y")], graph: head,
          description: HeadDescription(task: .regression))
      ])
    var session = try Session(model, batch: values.count)
    try session.setInput("x", element: from, bytes: values.span.bytes)
    try session.run()
    let bytes = try session.outputBytes(of: "head")
    #expect(bytes.byteCount == values.count * MemoryLayout<To>.size)
    return values.indices.map {
      bytes.unsafeLoad(fromByteOffset: $0 * MemoryLayout<To>.size, as: type)
    }
  }

  private let floats: [Float] = [
    .nan, .infinity, -.infinity, 1e30, -1e30, -0.9, 0.9, 127.9, 128, -128.9, -129, 255.9, 256,
    2_147_483_520, 2_147_483_648, -2_147_483_648, 9_223_371_487_098_961_920, -0x1p63, 0x1p63,
  ]

  @Test func floatsAreTruncatedAndBounded() throws {
    #expect(
      try cast(floats, .float32, to: .int8, as: Int8.self) == [
        0, 127, -128, 127, -128, 0, 0, 127, 127, -128, -128, 127, 127, 127, 127, -128, 127, -128,
        127,
      ])
    #expect(
      try cast(floats, .float32, to: .uint8, as: UInt8.self) == [
        0, 255, 0, 255, 0, 0, 0, 127, 128, 0, 0, 255, 255, 255, 255, 0, 255, 0, 255,
      ])
    #expect(
      try cast(floats, .float32, to: .int32, as: Int32.self) == [
        0, .max, .min, .max, .min, 0, 0, 127, 128, -128, -129, 255, 256, 2_147_483_520, .max, .min,
        .max, .min, .max,
      ])
    #expect(
      try cast(floats, .float32, to: .int64, as: Int64.self) == [
        0, .max, .min, .max, .min, 0, 0, 127, 128, -128, -129, 255, 256, 2_147_483_520,
        2_147_483_648, -2_147_483_648, 9_223_371_487_098_961_920, .min, .max,
      ])
  }

  @Test func allButZeroIsTrue() throws {
    let values: [Float] = [0, -0, .nan, .leastNonzeroMagnitude, -.infinity, 0.4]
    #expect(
      try cast(values, .float32, to: .bool, as: UInt8.self) == [0, 0, 1, 1, 1, 1])
    #expect(try cast([Int64.min, 0, 256], .int64, to: .bool, as: UInt8.self) == [1, 0, 1])
    #expect(try cast([UInt8(0), 1, 2, 255], .bool, to: .int32, as: Int32.self) == [0, 1, 1, 1])
    #expect(try cast([UInt8(0), 1, 2, 255], .bool, to: .float32, as: Float.self) == [0, 1, 1, 1])
  }

  @Test func integersKeepTheirLowBits() throws {
    let values: [Int64] = [.min, .max, 200, -1, 0x1_0000_0080, 256]
    #expect(try cast(values, .int64, to: .int8, as: Int8.self) == [0, -1, -56, -1, -128, 0])
    #expect(try cast(values, .int64, to: .uint8, as: UInt8.self) == [0, 255, 200, 255, 128, 0])
    #expect(try cast(values, .int64, to: .int32, as: Int32.self) == [0, -1, 200, -1, 128, 256])
    #expect(try cast([Int8(-1)], .int8, to: .uint8, as: UInt8.self) == [255])
    #expect(try cast([UInt8(200)], .uint8, to: .int64, as: Int64.self) == [200])
    #expect(
      try cast(values, .int64, to: .float32, as: Float.self) == values.map { Float($0) })
  }

  /// Every half becomes a float and the same half again.
  @Test func halvesComeBack() throws {
    let halves = (UInt16.min...UInt16.max).filter { Float16(bitPattern: $0).isNaN == false }
    let wide = try cast(halves, .float16, to: .float32, as: Float.self)
    #expect(wide == halves.map { Float(Float16(bitPattern: $0)) })
    #expect(try cast(wide, .float32, to: .float16, as: UInt16.self) == halves)
    let brains = (UInt16.min...UInt16.max).filter { ($0 & 0x7fff) <= 0x7f80 }
    let widened = try cast(brains, .bfloat16, to: .float32, as: Float.self)
    #expect(widened == brains.map { Float(bitPattern: UInt32($0) << 16) })
    #expect(try cast(widened, .float32, to: .bfloat16, as: UInt16.self) == brains)
  }

  @Test func halvesAreTheNearestOnes() throws {
    let values: [Float] = [2049, 2051, 65519, 65520, -65520, 1e-8, 1 + 0x1p-8, 1 + 0x1.8p-7, 3e38]
    #expect(
      try cast(values, .float32, to: .float16, as: UInt16.self)
        == values.map { Float16($0).bitPattern })
    let brains = try cast(values, .float32, to: .bfloat16, as: UInt16.self)
    #expect(
      brains.map { Float(bitPattern: UInt32($0) << 16) } == [
        2048, 2048, 65536, 65536, -65536, 0x1.58p-27, 1, 1 + 0x1p-6, 0x1.c4p127,
      ])
    #expect(try cast([Int32(70000)], .int32, to: .float16, as: UInt16.self) == [0x7c00])
  }
}
