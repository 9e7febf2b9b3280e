import EspalierTraining
import Foundation
import Testing

@Suite struct SafeTensorsTests {
  private static let sample = SafeTensors(
    tensors: [
      NamedTensor(name: "b", shape: [2, 2], values: [1, -2, 3.5, .infinity]),
      NamedTensor(name: "a", shape: [], values: [7]),
      NamedTensor(name: "empty", shape: [0, 3], values: []),
    ],
    metadata: ["epoch": "3", "text": "größe \"\n"])

  @Test func contentIsReadBack() throws {
    let data = try Self.sample.encoded()
    #expect(try SafeTensors(decoding: data) == Self.sample)
    #expect(try SafeTensors(decoding: data).encoded() == data)
  }

  @Test func everyTruncationIsRefused() throws {
    let data = try Self.sample.encoded()
    for count in 0..<data.count {
      #expect(throws: SafeTensorsError.self) { try SafeTensors(decoding: data.prefix(count)) }
    }
    #expect(throws: SafeTensorsError.self) { try SafeTensors(decoding: data + [0]) }
  }

  @Test(arguments: [
    #"[]"#,
    #"{"a": 1}"#,
    #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}"#,
    #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}"#,
    #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}"#,
    #"{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}"#,
    #"{"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}"#,
    #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}}"#,
    #"{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}"#,
    #"{"a": {"dtype": "F32", "shape": [1e300], "data_offsets": [0, 4]}}"#,
    #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}"#,
    #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},"#
      + #" "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#,
  ])
  func badHeadersAreRefused(_ header: String) {
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    data.append(contentsOf: [0, 0, 0, 0])
    #expect(throws: SafeTensorsError.self) { try SafeTensors(decoding: data) }
  }

  @Test func headersLongerThanTheFileAreRefused() {
    for length in [UInt64.max, UInt64(Int.max), 100_000_001, 9] {
      var data = Data()
      withUnsafeBytes(of: length.littleEndian) { data.append(contentsOf: $0) }
      data.append(contentsOf: [0x7B, 0x7D])
      #expect(throws: SafeTensorsError.self) { try SafeTensors(decoding: data) }
    }
  }
}
