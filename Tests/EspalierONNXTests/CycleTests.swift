import EspalierGraph
import EspalierONNX
import EspalierWriter
import Foundation
import Testing

/// From ONNX to Espalier, to ONNX, to Espalier: both files of Espalier are the same bytes.
///
/// What is not the same is listed with its reason, and leaves the list when it becomes so.
@Suite struct CycleTests {
  /// In the opset that models go out as.
  static let exceptions: [String: String] = [
    "node/bitshift_left_int8": products, "node/bitshift_left_uint8": products,
    "node/bitshift_right_int8": products, "node/bitshift_right_uint8": products,
    "node/rms_normalization_2d_axis1": composed,
    "node/rms_normalization_3d_axis2_epsilon": composed,
    "node/rms_normalization_default_axis": composed,
    "node/swiglu_float16_expanded": composed, "node/swish": composed,
    "optimised/group-norm": composed, "optimised/quick-gelu": composed,
    "optimised/quick-gelu-alpha": composed, "optimised/simplified-norm": composed,
    "optimised/skip-group-norm": composed, "optimised/skip-simplified-norm": composed,
  ]

  private static let products =
    "shifts go out as products and quotients before opset 28, which is the first to shift signed integers"
  private static let composed =
    "goes out as the composition that it is, and comes in as that: its operator is newer than the opset"

  @Test(arguments: CaseTests.cases)
  func bytesAreTheSame(_ test: CaseTests.Case) throws {
    let isSame = try isSameAgain(test, opset: nil)
    if let reason = Self.exceptions[test.path] {
      #expect(!isSame, "the bytes are the same, although \(reason)")
    } else {
      #expect(isSame, "espalier diff says in what both files differ")
    }
  }

  @Test(arguments: exceptions.keys.sorted())
  func newestOpsetHasWordsForExceptions(_ path: String) throws {
    let test = try #require(CaseTests.cases.first { $0.path == path })
    #expect(try isSameAgain(test, opset: ONNXModel.writtenOpsets.upperBound))
  }

  /// Whether a case's model and what goes out of it and comes in again are the same file.
  private func isSameAgain(_ test: CaseTests.Case, opset: Int?) throws -> Bool {
    let path = test.folder.appending(path: "model.onnx").path
    let model = try ImportedModel(try ONNXModel(contentsOf: path)).model
    let document = try ONNXModel(exporting: model, opset: opset)
    let again = try ImportedModel(try ONNXModel(try document.encoded())).model
    return try ModelWriter(model).encode() == ModelWriter(again).encode()
  }
}
