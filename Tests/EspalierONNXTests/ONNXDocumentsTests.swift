import EspalierGraph
import EspalierONNX
import Foundation
import Testing

/// Documents that the Python package of ONNX made; tools/bench/onnx-documents says how.
@Suite struct ONNXDocumentsTests {
  private func read(_ name: String) throws -> ONNXModel {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "ONNXDocuments")
    return try ONNXModel(contentsOf: folder.appending(path: "\(name).onnx").path)
  }

  /// Every format in the field for it, and as raw bytes: 0, 1, 1, 0, 1.
  @Test func numbersOfEveryFormat() throws {
    let tensors = try read("types").graph.initializers
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    for element in ONNXElementType.allCases where element.bitCount > 0 {
      let tensor = try #require(byName[Name("\(element.rawValue)")])
      #expect(tensor.element == element)
      #expect(tensor.dimensions == [5])
      #expect(tensor.bytes == byName[Name("raw \(element.rawValue)")]?.bytes, "\(element)")
      #expect(Set(tensor.bytes).count > 1, "\(element)")
    }
    #expect(byName["1"]?.bytes == [0, 0, 0, 0] + one + one + [0, 0, 0, 0] + one)
    #expect(byName["22"]?.bytes == [0x10, 0x01, 0x01])
    #expect(byName["25"]?.bytes == [0x14, 0x01])
    #expect(byName["text"]?.strings == ["a", "ä"])
    #expect(tensors.count == 2 * ONNXElementType.allCases.count { $0.bitCount > 0 } + 1)
  }

  /// 1 as a binary32.
  private var one: [UInt8] { [0, 0, 0x80, 0x3F] }

  @Test func functions() throws {
    let model = try read("functions")
    #expect(model.irVersion == 14)
    #expect(model.opsets == [ONNXOpset(version: 22), ONNXOpset("local", version: 1)])
    #expect(model.functions.map(\.name) == ["scale"])
    let nodes = try model.inlined().graph.nodes
    #expect(nodes.map(\.operatorType) == ["Constant", "Mul", "Constant", "Mul"])
    #expect(nodes.map { $0.attribute("value_float") } == [.float(2), nil, .float(3), nil])
    #expect(nodes[1].inputs == ["x", "first/factor"])
    #expect(nodes[3].outputs == ["y"])
  }

  /// Names are bytes: the same letters in different ones are different names.
  @Test func namesOfTheSameLetters() throws {
    let (one, two) = ("\u{E9}", "e\u{301}")
    #expect(one == two, "as text")
    let document = try read("names")
    let imported = try ImportedModel(document)
    let model = imported.model
    #expect(model.trunk.graph.inputs.map(\.name) == [Name(one), Name(two)])
    #expect(Set(model.heads.map(\.name)) == [Name(one + "!"), Name(two + "!")])
    let comparison = try ModelComparison(model, imported.plain)
    #expect(Set(comparison.differences.map(\.head)) == Set(model.heads.map(\.name)))
    #expect(comparison.differences.allSatisfy { $0.absolute == 0 })
    let again = try ONNXModel(exporting: model)
    #expect(again.graph.outputs.map(\.name).sorted() == [Name(two + "!"), Name(one + "!")])
  }

  @Test func externalData() throws {
    let tensor = try #require(try read("external").graph.initializers.first)
    #expect(tensor.bytes == (0..<16).flatMap { [$0, 0, 0, 0] })
  }
}
