import EspalierGraph
import EspalierONNX
import EspalierWriter
import Testing

/// The place of a node.
func nodePlace(
  _ index: Int, _ name: Name, _ operatorType: String, function: String? = nil
) -> ONNXNodePlace {
  ONNXNodePlace(function: function, index: index, name: name, operatorType: operatorType)
}

/// Expects an error of reading, which says something.
func expectError(
  _ error: ONNXError, _ bytes: [UInt8], limits: ONNXLimits = ONNXLimits(),
  at location: SourceLocation = #_sourceLocation
) {
  #expect(throws: error, sourceLocation: location) { try ONNXModel(bytes, limits: limits) }
  #expect(!error.description.isEmpty, sourceLocation: location)
}

/// Expects an error of the small document after a change.
func expectError(
  _ error: ONNXError, limits: ONNXLimits = ONNXLimits(),
  at location: SourceLocation = #_sourceLocation, _ change: (inout ONNXModel) -> Void
) throws {
  var model = Documents.small()
  change(&model)
  expectError(error, try model.encoded(), limits: limits, at: location)
}

/// A document whose graph passes its input on and has more fields.
func withGraph(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
  wire {
    $0.element(1, number: 8)
    $0.element(7) {
      fields(&$0)
      $0.element(11) { $0.element(1, utf8("x")) }
      $0.element(12) { $0.element(1, utf8("x")) }
    }
    $0.element(8) { $0.element(2, number: 17) }
  }
}

/// A document with a node that has one attribute, made by hand.
func withAttribute(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
  withGraph {
    $0.element(1) {
      $0.element(4, utf8("Op"))
      $0.element(5) {
        $0.element(1, utf8("a"))
        fields(&$0)
      }
    }
  }
}

/// A document with a function that has one field besides a name, made by hand.
func withFunction(_ fields: (inout ProtobufEncoder) -> Void) -> [UInt8] {
  withGraph { _ in }
    + wire {
      $0.element(25) {
        $0.element(1, utf8("f"))
        fields(&$0)
      }
    }
}

/// The least memory limit, up to 1 MiB, with which something succeeds.
func leastMemory(_ succeeds: (ONNXLimits) -> Bool) -> Int {
  var range = 0..<1 << 20
  while !range.isEmpty {
    let middle = (range.lowerBound + range.upperBound) / 2
    var limits = ONNXLimits()
    limits.memoryBytes = middle
    range = succeeds(limits) ? range.lowerBound..<middle : middle + 1..<range.upperBound
  }
  return range.lowerBound
}
