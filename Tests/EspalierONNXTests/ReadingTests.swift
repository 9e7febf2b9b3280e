import EspalierONNX
import Testing

/// Reading of documents.
@Suite struct ReadingTests {
  @Test func nothingIsNoModel() {
    #expect(throws: ONNXError.unsupportedIRVersion(nil)) { try ONNXModel([]) }
  }

  @Test func textIsNoModel() {
    #expect(throws: ONNXError.notONNX) { try ONNXModel(Array("a model".utf8)) }
  }
}
