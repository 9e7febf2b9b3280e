import EspalierGraph
import EspalierONNX
import EspalierWriter
import Foundation
import Testing

/// What was written reads as the same document, and is written as the same bytes.
@Suite struct RoundTripTests {
  private func expectRoundTrip(_ model: ONNXModel) throws {
    let bytes = try model.encoded()
    let again = try ONNXModel(bytes)
    #expect(again == model)
    #expect(try again.encoded() == bytes)
  }

  @Test func smallDocument() throws { try expectRoundTrip(Documents.small()) }

  @Test func everything() throws { try expectRoundTrip(Documents.everything()) }

  @Test(arguments: ONNXElementType.allCases.filter { $0.bitCount > 0 })
  func tensorOfEveryFormat(_ element: ONNXElementType) throws {
    for count in 0...9 {
      let byteCount = try #require(element.byteCount(ofElements: count))
      let tensor = ONNXTensor(
        name: "t", element, dimensions: [count, 1],
        numbers: .filled(byteCount: byteCount) { bytes in
          for index in bytes.indices { bytes[index] = UInt8(index & 1) }
        })
      #expect(try ONNXTensor(tensor.encoded()) == tensor)
    }
  }

  @Test func numbersThatAreNotNumbersKeepTheirBits() throws {
    let model = Documents.nodes(
      ONNXNode(
        "Elu", inputs: ["x"], outputs: ["y"],
        attributes: [ONNXAttribute("alpha", .float(Float(bitPattern: 0xFFC0_1234)))]))
    let again = try ONNXModel(try model.encoded())
    guard case .float(let alpha) = again.graph.nodes[0].attribute("alpha") else {
      Issue.record("the attribute is gone")
      return
    }
    #expect(alpha.bitPattern == 0xFFC0_1234)
  }

  /// Fields that the schema does not have are passed over: documentation, quantization notes, what comes in future.
  @Test func unknownFieldsArePassedOver() throws {
    let bytes = try Documents.small().encoded() + wire { $0.element(500, utf8("unknown")) }
    #expect(try ONNXModel(bytes) == Documents.small())
  }

  /// Repeated numbers may be packed, as protobuf demands, though ONNX's own writer does not pack these.
  @Test func packedDimensionsAreRead() throws {
    let tensor = wire {
      $0.packed(1, [2, 3])
      $0.element(2, number: 2)
      $0.element(9, [1, 2, 3, 4, 5, 6])
    }
    #expect(try ONNXTensor(tensor).dimensions == [2, 3])
  }

  @Test func bothNamesOfTheDomainOfONNXAreOne() throws {
    var model = Documents.small()
    model.opsets = [ONNXOpset("ai.onnx", version: 17), ONNXOpset("", version: 17)]
    model.graph.nodes[0].domain = "ai.onnx"
    #expect(try ONNXModel(try model.encoded()) == Documents.small())
  }

  @Test func initializersOfInputsAreDefaults() throws {
    var model = Documents.small()
    model.irVersion = 3
    model.graph.inputs += [ONNXValueInfo("w", .unknown), ONNXValueInfo("bias", .unknown)]
    try expectRoundTrip(model)
    #expect(model.graph.requiredInputs.map(\.name) == ["x"])
  }

  /// Several exporters say -1 for a size that they do not know.
  @Test func minusOneIsAnUnknownSize() throws {
    let input = wire {
      $0.element(1, utf8("x"))
      $0.element(2) {
        $0.element(1) {
          $0.element(1, number: 1)
          $0.element(2) { $0.element(1) { $0.element(1, number: -1) } }
        }
      }
    }
    let model = wire {
      $0.element(1, number: 8)
      $0.element(7) {
        $0.element(11, input)
        $0.element(12) { $0.element(1, utf8("x")) }
      }
    }
    let graph = try ONNXModel(model).graph
    #expect(graph.inputs == [ONNXValueInfo("x", .tensor(.float32, dimensions: [.unknown]))])
  }

  @Test func filesAreReplaced() throws {
    let folder = try TemporaryFolder()
    for model in [Documents.small(), Documents.everything()] {
      try model.write(to: folder.path("model.onnx"))
      #expect(try ONNXModel(contentsOf: folder.path("model.onnx")) == model)
    }
    #expect(try folder.names == ["model.onnx"])
  }

  @Test func goldenBytes() throws {
    let tensor = ONNXTensor(name: "t", dimensions: [2], floats: [1, -2])
    #expect(
      tensor.encoded() == [
        0x08, 0x02, 0x10, 0x01, 0x42, 0x01, 0x74,
        0x4A, 0x08, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0,
      ])
  }
}

/// A folder that goes with the value.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "espalier-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a name in the folder.
  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The names in the folder.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
