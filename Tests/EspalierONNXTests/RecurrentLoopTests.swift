import EspalierGraph
import EspalierONNX
import EspalierRuntime
import Testing

/// Loops whose turns are steps of recurrent layers become such layers, for sequences of any length.
///
/// The numbers are those that ONNX Runtime gives for the same documents.
@Suite struct RecurrentLoopTests {
  @Test(arguments: cases) func loopsOverStepsAreRecurrentLayers(_ example: Case) throws {
    try expectAnswers(
      try example.document(), inputs: example.inputs, example.outputs, tolerance: 2e-6)
  }

  @Test(arguments: cases) func noLengthIsPartOfTheModel(_ example: Case) throws {
    let model = try ImportedModel(try example.document()).model
    let kinds = (model.heads.map(\.graph) + [model.trunk.graph]).flatMap(\.nodes).map(
      \.operator.kind)
    #expect(kinds.count { $0 == .recurrent } == 1)
    #expect(!kinds.contains(.dense) && !kinds.contains(.unary))
    #expect(model.trunk.graph.symbols.count == 2)
    #expect(model.trunk.ranges.isEmpty)
  }

  @Test func whatTheOriginalComputesOfKnownLengthsIsOneTurnAfterTheOther() throws {
    let example = try #require(Self.cases.first { $0.cell == .lstmFused })
    let document = NamedDocument(name: "", model: try example.document())
    let joined = try JoinedModel([document])
    let sizes = SymbolSizes(joined.model.trunk.graph.symbols.map { (symbol: $0.name, size: 3) })
    let plain = try joined.originals.plain(0, of: document, at: sizes)
    let nodes = (plain.heads.map(\.graph) + [plain.trunk.graph]).flatMap(\.nodes)
    #expect(!nodes.contains { $0.operator.kind == .recurrent })
    #expect(nodes.count { $0.operator == .unary(.init(.tanh)) } == 6)
  }

  @Test func otherLoopsAreTakenForKnownLengthsAlone() throws {
    // h becomes the square of what it was, and the step more.
    let body = bodyGraph(
      [
        node("Mul", "h", "h", "square"), node("Add", "square", "part", "h2"),
        node("Identity", "h2", "kept"),
      ], inputs: ["h", "part"], outputs: ["h2", "kept"])
    let example = Case(
      .plain, .scan, steps: 2, batch: 1, [-0.5, 1.0625, 0.75, 1.12890625], [0.75, 1.12890625])
    var document = try example.document()
    document.graph.nodes[0].attributes[0] = try bodyAttribute("body", body)
    document.graph.inputs[0].type = .tensor(
      .float32, dimensions: [.symbol("T"), .fixed(1), .fixed(2)])
    expectRefusal(
      document,
      "how often it runs depends on sizes that are not fixed, and its turns are no steps of an LSTM, "
        + "GRU or RNN")
    document.graph.inputs[0].type = .tensor(
      .float32, dimensions: [.fixed(2), .fixed(1), .fixed(2)])
    document.graph.inputs[1].type = .tensor(.float32, dimensions: [.fixed(1), .fixed(2)])
    try expectAnswers(document, inputs: example.inputs, example.outputs)
  }

  /// Counters that wrap, indices at both ends of what an integer can be, and counts below zero trap nowhere; some come to
  /// one turn, others are refused.
  @Test(arguments: [Int64.min, -1, 0, .max - 1, .max], [Int64.min, -1, 1, .max])
  func countersOfAnySizeAreHarmless(_ first: Int64, _ step: Int64) throws {
    for (cell, frame) in [(Cell.plain, Frame.loop), (.plain, .loopBack), (.plain, .loopSlice)] {
      let example = Case(cell, frame, steps: 2, batch: 1, [], [])
      var document = try example.document()
      for (place, tensor) in example.inputs.enumerated() {
        document.graph.inputs[place].type = .tensor(
          tensor.element, dimensions: tensor.dimensions.map { .fixed($0) })
      }
      for (name, number) in [("more", step), ("none", first)] as [(Name, Int64)] {
        guard let place = document.graph.initializers.firstIndex(where: { $0.name == name }) else {
          continue
        }
        document.graph.initializers[place] = ONNXTensor(
          name: name, .int64, dimensions: [], [number])
      }
      document.graph.nodes[0] = node("Identity", "more", "shape")
      document.graph.nodes[1] = node("Identity", "shape", "steps")
      do {
        let imported = try ImportedModel(document)
        #expect(imported.model.heads.map(\.name) == imported.plain.heads.map(\.name))
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }

  static let cases: [Case] = [
    Case(
      .lstmLayer, .loopList, steps: 2, batch: 2,
      [
        -0.2901991, 0.03451198, -0.3001612, -0.276249, -0.4390438, 0.08425497, -0.3321124,
        -0.1974908,
      ], [-0.4390438, 0.08425497, -0.3321124, -0.1974908]),
    Case(
      .lstmLayer, .loopList, steps: 5, batch: 1,
      [
        -0.2901991, 0.03451198, -0.4147861, -0.01086172, -0.4255668, 0.04817194, -0.3855605,
        -0.01718902, -0.4050105, 0.02008298,
      ], [-0.4050105, 0.02008298]),
    Case(
      .gruLayer, .loopList, steps: 2, batch: 2,
      [-0.1616014, 0.5654408, -0.2036586, 0.4088463, -0.2099094, 0.6221732, -0.1910183, 0.3067745],
      [-0.2099094, 0.6221732, -0.1910183, 0.3067745]),
    Case(
      .gruLayer, .loopList, steps: 5, batch: 1,
      [
        -0.1616014, 0.5654408, -0.1464803, 0.4294526, -0.2390673, 0.5582004, -0.1652028, 0.3522244,
        -0.2549386, 0.5007978,
      ], [-0.2549386, 0.5007978]),
    Case(
      .gruBefore, .loopList, steps: 2, batch: 2,
      [
        -0.4135472, 0.6201307, -0.09203447, 0.2013104, -0.3882589, 0.2533644, 0.1018953,
        0.003053211,
      ], [-0.3882589, 0.2533644, 0.1018953, 0.003053211]),
    Case(
      .gruBefore, .loopList, steps: 5, batch: 1,
      [
        -0.4135472, 0.6201307, -0.2178431, 0.293163, -0.2198281, 0.05098404, 0.05011777,
        -0.07430377, 0.002400473, -0.2015624,
      ], [0.002400473, -0.2015624]),
    Case(
      .lstmFused, .loop, steps: 2, batch: 2,
      [
        -0.02057569, 0.118013, -0.05212335, -0.02709054, -0.1318004, 0.2582406, 0.01807015,
        0.07120491,
      ], [-0.1318004, 0.2582406, 0.01807015, 0.07120491]),
    Case(
      .lstmFused, .loop, steps: 5, batch: 1,
      [
        -0.02057569, 0.118013, -0.04545419, 0.2473405, -0.1490275, 0.2483729, -0.07952812,
        0.2160838, -0.1522488, 0.2351722,
      ], [-0.1522488, 0.2351722]),
    Case(
      .lstmFused, .loopBack, steps: 2, batch: 2,
      [
        -0.1226972, 0.261887, 0.006859213, -0.0522872, -0.1661066, 0.1022507, -0.01473589,
        0.08228102,
      ], [-0.1661066, 0.1022507, -0.01473589, 0.08228102]),
    Case(
      .lstmFused, .loopBack, steps: 5, batch: 1,
      [
        -0.116412, 0.267162, -0.06859574, 0.2147509, -0.1498237, 0.2299492, -0.1385487, 0.2292456,
        -0.1226862, 0.09929492,
      ], [-0.1226862, 0.09929492]),
    Case(
      .lstmFused, .scanBack, steps: 2, batch: 2,
      [
        -0.1661066, 0.1022507, -0.01473589, 0.08228102, -0.1226972, 0.261887, 0.006859213,
        -0.0522872,
      ], [-0.1661066, 0.1022507, -0.01473589, 0.08228102]),
    Case(
      .lstmFused, .scanBack, steps: 5, batch: 1,
      [
        -0.1226862, 0.09929492, -0.1385487, 0.2292456, -0.1498237, 0.2299492, -0.06859574,
        0.2147509, -0.116412, 0.267162,
      ], [-0.1226862, 0.09929492]),
    Case(
      .lstmJoined, .scanRows, steps: 2, batch: 2,
      [-0.28513, 0.2488906, -0.1417019, 0.1378136, 0.08831952, -0.0655862, 0.1350233, -0.1854747],
      [-0.1417019, 0.1378136, 0.1350233, -0.1854747]),
    Case(
      .lstmJoined, .scanRows, steps: 5, batch: 1,
      [
        -0.28513, 0.2488906, -0.1417019, 0.1378136, 0.03712404, 0.07969924, 0.09174581, 0.04688624,
        0.1356611, 0.04071876,
      ], [0.1356611, 0.04071876]),
    Case(
      .lstmJoined, .loopSlice, steps: 2, batch: 2,
      [-0.28513, 0.2488906, 0.06343597, -0.190578, -0.04117799, 0.1203308, 0.1215889, -0.2234913],
      [-0.04117799, 0.1203308, 0.1215889, -0.2234913]),
    Case(
      .lstmJoined, .loopSlice, steps: 5, batch: 1,
      [
        -0.28513, 0.2488906, -0.1417019, 0.1378136, 0.03712404, 0.07969924, 0.09174581, 0.04688624,
        0.1356611, 0.04071876,
      ], [0.1356611, 0.04071876]),
    Case(
      .gruBefore, .loopBack, steps: 2, batch: 2,
      [
        -0.4522026, 0.08711936, -0.02207524, 0.2103294, -0.3803972, 0.5411506, 0.07384832,
        -0.00642667,
      ], [-0.3803972, 0.5411506, 0.07384832, -0.00642667]),
    Case(
      .gruBefore, .loopBack, steps: 5, batch: 1,
      [
        -0.4178649, 0.08819331, -0.06753257, -0.01929617, -0.1026924, -0.1489603, 0.05747015,
        -0.2207518, -0.149965, 0.3375274,
      ], [-0.149965, 0.3375274]),
    Case(
      .gruAfter, .loopSlice, steps: 2, batch: 2,
      [-0.1979257, 0.6760653, 0.1412571, 0.4376403, -0.1120945, 0.5282693, 0.4067041, 0.2989124],
      [-0.1120945, 0.5282693, 0.4067041, 0.2989124]),
    Case(
      .gruAfter, .loopSlice, steps: 5, batch: 1,
      [
        -0.1979257, 0.6760653, 0.141728, 0.5354121, 0.1452051, 0.3928226, 0.413176, 0.2678103,
        0.350407, 0.1617019,
      ], [0.350407, 0.1617019]),
    Case(
      .gruAfter, .scanRowsBack, steps: 2, batch: 2,
      [0.00786365, 0.6861759, 0.05013517, 0.330785, 0.208255, 0.3188381, 0.2298027, 0.4373143],
      [0.00786365, 0.6861759, 0.208255, 0.3188381]),
    Case(
      .gruAfter, .scanRowsBack, steps: 5, batch: 1,
      [
        0.1175164, 0.5752349, 0.4021419, 0.1525386, 0.2358422, 0.2452421, 0.2666029, 0.3252198,
        -0.2314091, 0.3345691,
      ], [0.1175164, 0.5752349]),
    Case(
      .gruTurned, .scan, steps: 2, batch: 2,
      [-0.4009539, 0.5309412, -0.04179531, 0.5426375, -0.2129588, 0.5621758, 0.08765066, 0.555347],
      [-0.2129588, 0.5621758, 0.08765066, 0.555347]),
    Case(
      .gruTurned, .scan, steps: 5, batch: 1,
      [
        -0.4009539, 0.5309412, -0.120131, 0.5732962, -0.1122199, 0.5598649, 0.04377889, 0.5715488,
        0.01599811, 0.5466718,
      ], [0.01599811, 0.5466718]),
    Case(
      .plain, .loop, steps: 2, batch: 2,
      [0.6709671, -0.4115701, 0, -0.7744092, 0.4356416, 0.1891562, 0.4191442, -0.8879926],
      [0.4356416, 0.1891562, 0.4191442, -0.8879926]),
    Case(
      .plain, .loop, steps: 5, batch: 1,
      [
        0.6709671, -0.4115701, 0.329118, -0.5938147, 0.4893311, -0.06765142, 0.1796483, -0.7305151,
        0.5044022, -0.3919472,
      ], [0.5044022, -0.3919472]),
    Case(
      .plain, .scanBack, steps: 2, batch: 2,
      [
        0.7781384, -0.1415534, 0.4665148, -0.8430415, 0.2153263, -0.3583574, -0.03123983,
        -0.8482836,
      ], [0.7781384, -0.1415534, 0.4665148, -0.8430415]),
    Case(
      .plain, .scanBack, steps: 5, batch: 1,
      [
        0.8105313, -0.1901934, 0.229087, -0.592869, 0.5574483, -0.1219353, 0.3416596, -0.8443292,
        0.1853332, -0.5325873,
      ], [0.8105313, -0.1901934]),
  ]
}
