import EspalierArrays
import EspalierGraph
import Testing

@Suite struct NumPyTests {
  @Test(arguments: ["float32", "version2", "version3"])
  func versionsAreRead(_ name: String) throws {
    let tensor = try NamedTensor(npy: try ArrayFiles.golden("\(name).npy"), name: "f4")
    #expect(tensor == ArrayFiles.expected("f4"))
  }

  @Test func shapesAreRead() throws {
    let shapes: [(file: String, code: String, shape: Shape)] = [
      ("scalar", "i8", []), ("row", "u1", [5]), ("empty", "f4", [0, 3]),
    ]
    for (file, code, shape) in shapes {
      let tensor = try NamedTensor(npy: try ArrayFiles.golden("\(file).npy"), name: Name(code))
      #expect(tensor == ArrayFiles.expected(code, shape: shape), "\(file)")
    }
  }

  @Test func bigEndianNumbersWithTheFirstAxisInnermostAreTurned() throws {
    let tensor = try NamedTensor(npy: try ArrayFiles.golden("fortran.npy"), name: "i4")
    #expect(tensor == ArrayFiles.expected("i4", shape: [2, 3, 4]))
  }

  @Test(arguments: ["float32": "f4", "scalar": "i8", "row": "u1", "empty": "f4"])
  func whatIsWrittenIsWhatNumPyWrites(_ file: String, _ code: String) throws {
    let bytes = try ArrayFiles.golden("\(file).npy")
    #expect(try NamedTensor(npy: bytes, name: Name(code)).npy == bytes)
  }

  @Test func float64IsNarrowedWhereThatIsAskedFor() throws {
    let bytes = try ArrayFiles.golden("float64.npy")
    let narrowed = try NamedTensor(
      npy: bytes, name: "f8", options: ReadingOptions(narrowsFloat64: true))
    #expect(narrowed == ArrayFiles.expected("f8"))
    let kept = try NamedTensor(npy: bytes, name: "f8")
    #expect(kept.type.element == .float64 && kept.npy == bytes)
    #expect(try kept.narrowed() == narrowed)
  }

  @Test func float64NumbersBeyondFloat32AreRefusedButInfinityAndNaNStay() throws {
    var bytes = try ArrayFiles.golden("float64.npy")
    let options = ReadingOptions(narrowsFloat64: true)
    func set(_ number: Double, at index: Int) {
      withUnsafeBytes(of: number) { source in
        for (offset, byte) in source.enumerated() { bytes[128 + 8 * index + offset] = byte }
      }
    }
    set(.infinity, at: 0)
    set(.nan, at: 1)
    let values = try #require(try NamedTensor(npy: bytes, name: "x", options: options).values)
    #expect(values[0] == .infinity && values[1].isNaN && values[2] == -0.5)
    set(-1e39, at: 4)
    #expect(
      problem { () throws(ArrayFileError) in
        _ = try NamedTensor(npy: bytes, name: "x", options: options)
      } == ArrayFileError(.beyondFloat32(index: [1, 1], value: -1e39)))
  }

  @Test func everyTensorIsReadBack() throws {
    var random = RandomTensors(seed: 1)
    for _ in 0..<500 {
      let tensor = random.tensor("x", of: ElementType.allCases.filter { $0 != .bfloat16 })
      let bytes = tensor.npy
      #expect(bytes.count % 64 == tensor.byteCount % 64)
      #expect(try NamedTensor(npy: bytes, name: "x") == tensor, "\(tensor.type)")
    }
  }

  @Test func bfloat16IsWrittenAsFloat32() throws {
    let tensor = try NamedTensor(npy: ArrayFiles.expected("bf2", "x").npy, name: "x")
    #expect(tensor == ArrayFiles.expected("f4", "x"))
  }

  @Test func everyShapeIsTransposed() throws {
    var random = RandomTensors(seed: 2)
    for _ in 0..<300 {
      let tensor = random.tensor("x", of: [.uint8, .float16, .int32, .int64])
      let turned = NumPyBytes(tensor, isFortranOrder: true, isBigEndian: false)
      #expect(try NamedTensor(npy: turned.bytes, name: "x") == tensor, "\(tensor.type)")
      let swapped = NumPyBytes(tensor, isFortranOrder: true, isBigEndian: true)
      #expect(try NamedTensor(npy: swapped.bytes, name: "x") == tensor, "\(tensor.type)")
    }
  }

  @Test func keysMayComeInAnyOrderWithAnySpace() throws {
    let headers = [
      "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}",
      "{\"descr\":\"<u1\",\"fortran_order\":True,\"shape\":(2,)}\n",
      "  { 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '>u1' , }  \n\n",
    ]
    for header in headers {
      let bytes = NumPyBytes(header: header, numbers: [7, 9]).bytes
      let tensor = try NamedTensor(npy: bytes, name: "x")
      #expect(tensor == NamedTensor(name: "x", shape: [2], values: [7, 9] as [UInt8]))
    }
  }

  /// Whatever `numpy.load` takes without a pickle: no order of bytes, types of C, words, numbers of Python 2.
  @Test(
    arguments: [
      "<f4", "=f4", "|f4", "f4", "f", "<f", "single", "float32", "=single",
    ])
  func typesAreReadAsNumPyReadsThem(_ type: String) throws {
    for shape in ["(1L, 2L)", "(1, 2)", "( 1 ,2, )"] {
      let header = "{u'descr': u'\(type)', 'fortran_order': False, 'shape': \(shape), }"
      let bytes = NumPyBytes(header: header, numbers: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]).bytes
      #expect(
        try NamedTensor(npy: bytes, name: "x")
          == NamedTensor(name: "x", shape: [1, 2], values: [1, -2] as [Float]))
    }
  }

  @Test(
    arguments: [
      ("b", .int8, 1), ("?", .bool, 1), (">h", .int32, 2), ("H", .int32, 2), ("i", .int32, 4),
      ("I", .int64, 4), ("l", .int64, 8), ("longlong", .int64, 8), ("e", .float16, 2),
      ("double", .float64, 8), ("u8", .int64, 8), ("Q", .int64, 8),
    ] as [(String, ElementType, Int)])
  func typesHaveTheirSizes(_ type: String, _ element: ElementType, _ byteCount: Int) throws {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (1,), }"
    let numbers = [UInt8](repeating: 0, count: byteCount)
    let tensor = try NamedTensor(npy: NumPyBytes(header: header, numbers: numbers).bytes, name: "x")
    #expect(tensor.type == TensorType(element, [1]))
  }

  @Test func uint64NumbersAreThoseOfInt64UnlessTheyAreTooLarge() throws {
    let tensor = try NamedTensor(npy: try ArrayFiles.golden("uint64.npy"), name: "u8")
    #expect(tensor == NamedTensor(name: "u8", shape: [2, 3], values: Array(0..<6) as [Int64]))
    var bytes = try ArrayFiles.golden("uint64.npy")
    bytes[bytes.count - 1] = 0x80
    #expect(
      problem { () throws(ArrayFileError) in _ = try NamedTensor(npy: bytes, name: "x") }
        == ArrayFileError(.beyondInt64(index: [1, 2], value: 0x8000_0000_0000_0005)))
  }
}
