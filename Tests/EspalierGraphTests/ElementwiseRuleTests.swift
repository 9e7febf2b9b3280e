import EspalierGraph
import Testing

/// What elementwise operators refuse, and the types that they give.
@Suite struct ElementwiseRuleTests {
  private static let number = TensorType(.float32, [2, 3])

  /// Attributes that no file may have.
  private static let hostile: [(OperatorKind, [Attribute], OperatorError)] = [
    (.unary, [], .missingAttribute(.function)),
    (.unary, [function(0)], .invalidAttribute(.function)),
    (.unary, [function(46)], .invalidAttribute(.function)),
    (.unary, [function(-1)], .invalidAttribute(.function)),
    (.unary, [function(.max)], .invalidAttribute(.function)),
    (.unary, [function(.min)], .invalidAttribute(.function)),
    (.unary, [elu, Attribute(.alpha, .number(.nan))], .invalidAttribute(.alpha)),
    (.unary, [elu, Attribute(.alpha, .number(.infinity))], .invalidAttribute(.alpha)),
    (.unary, [elu, Attribute(.alpha, .integer(2))], .invalidAttribute(.alpha)),
    (.unary, [elu, Attribute(.alpha, .numbers([2]))], .invalidAttribute(.alpha)),
    (.unary, [elu, Attribute(.alpha, .number(1))], .invalidAttribute(.alpha)),
    (.unary, [elu, Attribute(.beta, .number(2))], .unknownAttribute(.beta)),
    (.unary, [clip, Attribute(.alpha, .number(-.infinity))], .invalidAttribute(.alpha)),
    (.unary, [clip, Attribute(.beta, .number(.infinity))], .invalidAttribute(.beta)),
    (.unary, [function(1), Attribute(.alpha, .number(2))], .unknownAttribute(.alpha)),
    (.binary, [], .missingAttribute(.function)),
    (.binary, [function(21)], .invalidAttribute(.function)),
    (.binary, [function(1), Attribute(.alpha, .number(2))], .unknownAttribute(.alpha)),
    (.softmax, [function(1)], .invalidAttribute(.function)),
    (.softmax, [function(3)], .invalidAttribute(.function)),
    (.cast, [], .missingAttribute(.element)),
    (.cast, [Attribute(.element, .integer(0))], .invalidAttribute(.element)),
    (.cast, [Attribute(.element, .integer(10))], .invalidAttribute(.element)),
    (.cast, [Attribute(.element, .integer(.max))], .invalidAttribute(.element)),
    (.cast, [Attribute(.element, .integer(-1))], .invalidAttribute(.element)),
    (.cast, [Attribute(.element, .number(1))], .invalidAttribute(.element)),
    (.quantize, [], .missingAttribute(.element)),
    (.quantize, [Attribute(.element, .integer(1))], .invalidAttribute(.element)),
    (.quantize, [Attribute(.element, .integer(6))], .invalidAttribute(.element)),
    (.dequantize, [Attribute(.element, .integer(4))], .unknownAttribute(.element)),
    (.select, [function(1)], .unknownAttribute(.function)),
  ]

  private static let elu = function(Operator.Unary.Function.elu.rawValue)
  private static let clip = function(Operator.Unary.Function.clip.rawValue)

  private static func function(_ number: Int) -> Attribute {
    Attribute(.function, .integer(number))
  }

  @Test(arguments: hostile.indices) func hostileAttributesAreRefused(_ index: Int) {
    let (kind, attributes, error) = Self.hostile[index]
    #expect(throws: error) { try Operator(kind, attributes: attributes) }
  }

  @Test func parametersThatAFileCannotHoldAreRefused() {
    func refusal(_ rule: Operator.Unary) -> OperatorError? {
      do {
        _ = try Operator.unary(rule).outputType(of: [Self.number])
        return nil
      } catch { return error }
    }
    #expect(refusal(.init(.elu, alpha: .nan)) == .invalidAttribute(.alpha))
    #expect(refusal(.init(.elu, alpha: .infinity)) == .invalidAttribute(.alpha))
    #expect(refusal(.init(.relu, alpha: 1)) == .unknownAttribute(.alpha))
    #expect(refusal(.init(.elu, beta: 1)) == .unknownAttribute(.beta))
    #expect(refusal(.init(.clip, alpha: .infinity)) == .invalidAttribute(.alpha))
    #expect(refusal(.init(.clip)) == nil)
    #expect(throws: OperatorError.invalidAttribute(.element)) {
      try Operator.quantize(.init(.float32)).outputType(of: [Self.number, Self.number])
    }
  }

  @Test func usualParametersAreLeftOut() {
    for function in Operator.Unary.Function.allCases {
      let rule = Operator.Unary(function, alpha: function.usualAlpha, beta: function.usualBeta)
      #expect(Operator.unary(rule).attributes == [Self.function(function.rawValue)])
      #expect(rule == Operator.Unary(function))
    }
  }

  @Test func relationsGiveBool() throws {
    for function in Operator.Binary.Function.allCases {
      for element in ElementType.allCases {
        let type = TensorType(element, [2, 3])
        guard
          let output = try? Operator.binary(.init(function)).outputType(of: [type, type])
        else { continue }
        let isRelation = (10...14).contains(function.rawValue)
        #expect(output.element == (isRelation ? .bool : element), "\(function.label)")
      }
    }
  }

  @Test func operandsOfDifferentTypesAreRefused() {
    let integer = TensorType(.int32, [2, 3])
    let flag = TensorType(.bool, [2, 3])
    #expect(throws: OperatorError.unsupportedElement(input: 1, .int32)) {
      try Operator.binary(.init(.add)).outputType(of: [Self.number, integer])
    }
    #expect(throws: OperatorError.unsupportedElement(input: 2, .int32)) {
      try Operator.select(.init()).outputType(of: [flag, Self.number, integer])
    }
    #expect(throws: OperatorError.unsupportedElement(input: 2, .int8)) {
      try Operator.dequantize(.init()).outputType(
        of: [integer, Self.number, TensorType(.int8, [])])
    }
    #expect(throws: OperatorError.unsupportedElement(input: 2, .uint8)) {
      try Operator.quantize(.init(.int8)).outputType(
        of: [Self.number, Self.number, TensorType(.uint8, [])])
    }
  }

  @Test func scalesMayNotWidenWhatTheyScale() {
    #expect(throws: OperatorError.notBroadcastable([2, 3], [4, 2, 3])) {
      try Operator.quantize(.init(.int8)).outputType(
        of: [Self.number, TensorType(.float32, [4, 2, 3])])
    }
    #expect(throws: OperatorError.notBroadcastable([1, 3], [2, 3])) {
      try Operator.dequantize(.init()).outputType(
        of: [TensorType(.int8, [1, 3]), TensorType(.float32, [2, 3])])
    }
    #expect(throws: OperatorError.notBroadcastable([2, 3], [5])) {
      try Operator.select(.init()).outputType(
        of: [TensorType(.bool, [2, 3]), TensorType(.int64, [5]), TensorType(.int64, [5])])
    }
  }
}
