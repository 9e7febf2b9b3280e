import EspalierGraph
import EspalierONNX
import Testing

/// Functions in the place of their calls.
@Suite struct InliningTests {
  private let opsets = [ONNXOpset(version: 17), ONNXOpset("l", version: 1)]

  private func model(_ functions: [ONNXFunction], _ nodes: [ONNXNode]) throws -> ONNXModel {
    var model = Documents.small()
    model.opsets = opsets
    model.functions = functions
    model.graph.nodes = nodes
    return try ONNXModel(try model.encoded())
  }

  private func function(
    _ name: String, inputs: [Name] = ["i"], outputs: [Name] = ["o"], attributes: [String] = [],
    defaults: [ONNXAttribute] = [], _ nodes: ONNXNode...
  ) -> ONNXFunction {
    ONNXFunction(
      name, domain: "l", inputs: inputs, outputs: outputs, attributes: attributes,
      defaults: defaults, nodes: nodes, opsets: opsets)
  }

  /// A call of a function.
  private func call(
    _ function: String, _ name: Name = "", inputs: [Name] = ["x"], outputs: [Name] = ["y"],
    attributes: [ONNXAttribute] = []
  ) -> ONNXNode {
    ONNXNode(
      function, domain: "l", name: name, inputs: inputs, outputs: outputs, attributes: attributes)
  }

  private func unary(_ type: String, _ input: Name, _ output: Name, name: Name = "") -> ONNXNode {
    ONNXNode(type, name: name, inputs: [input], outputs: [output])
  }

  /// The nodes after inlining, as one line each; the result must be a valid document that needs no functions.
  private func inlined(_ model: ONNXModel) throws -> [String] {
    let inlined = try model.inlined()
    #expect(inlined.functions.isEmpty)
    #expect(try ONNXModel(try inlined.encoded()) == inlined)
    return inlined.graph.nodes.map { node in
      let list = { (names: [Name]) in names.map { "\($0)" }.joined(separator: ",") }
      return "\(node.name): \(list(node.outputs)) = \(node.operatorType)(\(list(node.inputs)))"
    }
  }

  @Test func withoutFunctionsNothingChanges() throws {
    #expect(try Documents.small().inlined() == Documents.small())
  }

  @Test func bodiesTakeThePlaceOfCalls() throws {
    let block = function(
      "Block", unary("Exp", "i", "m", name: "exp"), unary("Neg", "m", "o", name: "neg"))
    let lines = try inlined(
      model(
        [block],
        [call("Block", "a", outputs: ["h"]), call("Block", "b", inputs: ["h"])]))
    #expect(
      lines == [
        "a/exp: a/m = Exp(x)", "a/neg: h = Neg(a/m)", "b/exp: b/m = Exp(h)", "b/neg: y = Neg(b/m)",
      ])
  }

  @Test func namesAreUnique() throws {
    let block = function("Block", unary("Exp", "i", "m"), unary("Neg", "m", "o"))
    let lines = try inlined(
      model(
        [block],
        [
          unary("Abs", "x", "m"), call("Block", inputs: ["m"], outputs: ["m_1"]),
          call("Block", inputs: ["m_1"]),
        ]))
    #expect(
      lines == [
        ": m = Abs(x)", ": m_2 = Exp(m)", ": m_1 = Neg(m_2)", ": m_3 = Exp(m_1)", ": y = Neg(m_3)",
      ])
  }

  @Test func callsInsideBodiesAreInlinedToo() throws {
    let inner = function(
      "Inner", unary("Exp", "i", "m", name: "e"), unary("Neg", "m", "o", name: "n"))
    let outer = function(
      "Outer", call("Inner", "first", inputs: ["i"], outputs: ["h"]),
      call("Inner", "second", inputs: ["h"], outputs: ["o"]))
    let lines = try inlined(model([outer, inner], [call("Outer", "top")]))
    #expect(
      lines == [
        "top/first/e: top/first/m = Exp(x)", "top/first/n: top/h = Neg(top/first/m)",
        "top/second/e: top/second/m = Exp(top/h)", "top/second/n: y = Neg(top/second/m)",
      ])
  }

  @Test func whatIsLeftOutIsEmpty() throws {
    let block = function(
      "Block", inputs: ["i", "j"], outputs: ["o", "p"],
      ONNXNode("Clip", inputs: ["i", "", "j"], outputs: ["o"]), unary("Neg", "o", "p"))
    #expect(
      try inlined(model([block], [call("Block", "c")]))
        == [": y = Clip(x,,)", ": c/p = Neg(y)"])
    #expect(
      try inlined(model([block], [call("Block", inputs: ["x", "x"], outputs: ["", "y"])]))
        == [": o = Clip(x,,x)", ": y = Neg(o)"])
  }

  /// Outputs that are inputs, or one value twice, become copies.
  @Test func outputsThatAreOtherValuesAreCopied() throws {
    let block = function(
      "Block", outputs: ["i", "o", "o"], unary("Exp", "i", "o"))
    let lines = try inlined(
      model(
        [block],
        [
          call("Block", outputs: ["a", "b", "c"]),
          ONNXNode("Sum", inputs: ["a", "b", "c"], outputs: ["y"]),
        ]))
    #expect(
      lines == [": b = Exp(x)", ": a = Identity(x)", ": c = Identity(b)", ": y = Sum(a,b,c)"])
  }

  @Test func attributesComeFromCallsAndDefaults() throws {
    let block = function(
      "Block", attributes: ["alpha", "beta"], defaults: [ONNXAttribute("gamma", .int(3))],
      ONNXNode(
        "Op", inputs: ["i"], outputs: ["o"],
        attributes: [
          ONNXAttribute("a", .reference("alpha", .float)),
          ONNXAttribute("b", .reference("beta", .float)),
          ONNXAttribute("c", .reference("gamma", .int)),
          ONNXAttribute("d", .int(4)),
        ]))
    let outer = function(
      "Outer", attributes: ["delta"],
      call(
        "Block", inputs: ["i"], outputs: ["o"],
        attributes: [
          ONNXAttribute("alpha", .reference("delta", .float)),
          ONNXAttribute("gamma", .int(5)),
        ]))
    func attributes(_ node: ONNXNode) throws -> [ONNXAttribute] {
      try model([outer, block], [node]).inlined().graph.nodes[0].attributes
    }
    #expect(
      try attributes(call("Block", attributes: [ONNXAttribute("alpha", .float(1))])) == [
        ONNXAttribute("a", .float(1)), ONNXAttribute("c", .int(3)), ONNXAttribute("d", .int(4)),
      ])
    #expect(
      try attributes(call("Outer", attributes: [ONNXAttribute("delta", .float(2))])) == [
        ONNXAttribute("a", .float(2)), ONNXAttribute("c", .int(5)), ONNXAttribute("d", .int(4)),
      ])
    #expect(
      try attributes(call("Outer")) == [ONNXAttribute("c", .int(5)), ONNXAttribute("d", .int(4))])
  }

  @Test func overloadsAreDifferentFunctions() throws {
    var second = function("Block", unary("Neg", "i", "o"))
    second.overload = "second"
    let first = function("Block", unary("Exp", "i", "o"))
    var node = call("Block")
    node.overload = "second"
    #expect(try inlined(model([first, second], [node])) == [": y = Neg(x)"])
  }

  @Test func versionsOfBodiesCount() throws {
    var block = function("Block", ONNXNode("Op", domain: "other", inputs: ["i"], outputs: ["o"]))
    block.opsets = [ONNXOpset(version: 18), ONNXOpset("other", version: 3)]
    let inlined = try model([block], [call("Block")]).inlined()
    #expect(inlined.opset() == 17)
    #expect(inlined.opset("other") == 3)
  }

  @Test func bodiesWithGraphsStay() throws {
    let choice = function(
      "Choice",
      ONNXNode(
        "If", inputs: ["i"], outputs: ["o"], attributes: [ONNXAttribute("then_branch", .graph([]))])
    )
    let block = function("Block", call("Choice", inputs: ["i"], outputs: ["o"]))
    let inlined = try model([choice, block], [call("Block", "c")]).inlined()
    #expect(inlined.graph.nodes.map(\.operatorType) == ["Choice"])
    #expect(inlined.functions == [choice, block])
  }

  @Test func recursiveFunctions() throws {
    let direct = function("F", call("F", inputs: ["i"], outputs: ["o"]))
    #expect(throws: ONNXError.recursiveFunctions(["l.F"])) {
      try model([direct], [call("F")]).inlined()
    }
    let first = function("A", call("B", inputs: ["i"], outputs: ["o"]))
    let second = function("B", call("C", inputs: ["i"], outputs: ["o"]))
    let third = function("C", call("B", inputs: ["i"], outputs: ["o"]))
    let error = ONNXError.recursiveFunctions(["l.B", "l.C"])
    #expect(throws: error) { try model([first, second, third], [call("A")]).inlined() }
    #expect(error.description.hasSuffix("l.B -> l.C -> l.B"))
  }

  @Test func tooManyArguments() throws {
    let block = function("Block", unary("Exp", "i", "o"))
    let place = ONNXPlace.node(
      ONNXNodePlace(function: nil, index: 0, name: "", operatorType: "Block"))
    for (inputs, outputs) in [(["x", "x"], ["y"]), (["x"], ["y", "z"])] as [([Name], [Name])] {
      let error = ONNXError.tooManyArguments(found: 2, expected: 1, place)
      #expect(throws: error) {
        try model([block], [call("Block", inputs: inputs, outputs: outputs)]).inlined()
      }
      #expect(!error.description.isEmpty)
    }
  }

  @Test func wrongAttributeKind() throws {
    let block = function(
      "Block", attributes: ["alpha"],
      ONNXNode(
        "Elu", inputs: ["i"], outputs: ["o"],
        attributes: [ONNXAttribute("alpha", .reference("alpha", .float))]))
    let place = ONNXNodePlace(function: "l.Block", index: 0, name: "", operatorType: "Elu")
    let error = ONNXError.wrongAttributeKind(
      .int, expected: .float, .attribute("alpha", place))
    #expect(throws: error) {
      try model([block], [call("Block", attributes: [ONNXAttribute("alpha", .int(1))])]).inlined()
    }
    #expect(!error.description.isEmpty)
  }

  /// An output that is an input that the call leaves out has no value.
  @Test func anOutputWithoutAValue() throws {
    let block = function("Block", inputs: ["i", "j"], outputs: ["j"])
    #expect(throws: ONNXError.self) { try model([block], [call("Block")]).inlined() }
  }

  /// Ten functions, each of which calls the one before ten times: ten to the power of ten nodes.
  @Test func growthIsBounded() throws {
    var functions = [function("F0", unary("Exp", "i", "o"))]
    for level in 1...10 {
      var block = function("F\(level)")
      block.nodes = (0..<10).map { index in
        call(
          "F\(level - 1)", inputs: [index == 0 ? "i" : Name("v\(index - 1)")],
          outputs: [index == 9 ? "o" : Name("v\(index)")])
      }
      functions.append(block)
    }
    let model = try model(functions, [call("F10")])
    var limits = ONNXLimits()
    limits.nodes = 10_000
    #expect {
      try model.inlined(limits: limits)
    } throws: { error in
      guard case .overLimit(.nodes, found: 10_001, limit: 10_000, _) = error as? ONNXError else {
        return false
      }
      return true
    }
    limits.nodes = .max
    limits.memoryBytes = 1 << 20
    #expect {
      try model.inlined(limits: limits)
    } throws: { error in
      guard case .overLimit(.memory, _, limit: 1 << 20, _) = error as? ONNXError else {
        return false
      }
      return true
    }
  }

  @Test func depthIsBounded() throws {
    var functions = [function("F0", unary("Exp", "i", "o"))]
    for level in 1...64 {
      functions.append(
        function("F\(level)", call("F\(level - 1)", inputs: ["i"], outputs: ["o"])))
    }
    let model = { (level: Int) in try self.model(functions, [self.call("F\(level)")]) }
    #expect(try model(63).inlined().graph.nodes.count == 1)
    #expect {
      try model(64).inlined()
    } throws: { error in
      guard case .overLimit(.functionDepth, found: 65, limit: 64, _) = error as? ONNXError else {
        return false
      }
      return true
    }
  }
}
