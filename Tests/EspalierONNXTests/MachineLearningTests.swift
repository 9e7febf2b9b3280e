import EspalierGraph
import EspalierONNX
import Testing

/// Files of scikit-learn: features, linear models and labels.
///
/// What whole pipelines answer is in Tests/ONNXCases/sklearn.
@Suite struct MachineLearningTests {
  private static func node(
    _ type: String, inputs: [Name] = ["x"], outputs: [Name] = ["y"],
    _ attributes: KeyValuePairs<String, ONNXAttribute.Value>
  ) -> ONNXNode {
    ONNXNode(
      type, domain: "ai.onnx.ml", inputs: inputs, outputs: outputs,
      attributes: attributes.map { ONNXAttribute($0.key, $0.value) })
  }

  /// A document that gives values, the last of which nodes make.
  private static func document(
    _ nodes: [ONNXNode], _ inputs: [ONNXTensor], outputs: [Name] = ["y"],
    constants: [ONNXTensor] = []
  ) -> ONNXModel {
    var document = answeringDocument(nodes, opset: 17, inputs: inputs, constants: constants)
    document.opsets.append(ONNXOpset("ai.onnx.ml", version: 3))
    document.graph.outputs = outputs.map { ONNXValueInfo($0, .unknown) }
    return document
  }

  private static let rows = ONNXTensor(
    name: "x", dimensions: [3, 2], floats: [1, -3, 0, 0, 0.5, 2])

  private static func floats(_ sizes: [Int], _ numbers: [Float], name: Name = "y") -> ONNXTensor {
    ONNXTensor(name: name, dimensions: sizes, floats: numbers)
  }

  @Test func oneOffsetOrOneForEachFeature() throws {
    try expectAnswers(
      Self.document(
        [Self.node("Scaler", ["offset": .floats([1]), "scale": .floats([2, 4])])], [Self.rows]),
      inputs: [Self.rows], [Self.floats([3, 2], [0, -16, -2, -4, -1, 4])])
    expectRefusal(
      Self.document([Self.node("Scaler", ["offset": .floats([1, 2, 3])])], [Self.rows]),
      "its attribute offset has 3 numbers for 2 features")
  }

  /// What is close to 1.7e9 keeps the digits behind the offset.
  @Test func doublesAreScaledAsDoubles() throws {
    let x = ONNXTensor(
      name: "x", .float64, dimensions: [1, 2], [1_700_000_000.25, 1_700_000_001.5] as [Double])
    try expectAnswers(
      Self.document(
        [Self.node("Scaler", ["offset": .floats([1.7e9]), "scale": .floats([1])])], [x]),
      inputs: [x], [Self.floats([1, 2], [0.25, 1.5])])
  }

  @Test(
    arguments: [
      ("MAX", [1, -3, 0, 0, 0.25, 1]), ("L1", [0.25, -0.75, 0, 0, 0.2, 0.8]),
      ("L2", [0.316_227_77, -0.948_683_3, 0, 0, 0.242_535_63, 0.970_142_5]),
    ] as [(String, [Float])])
  func rowsOfZerosStayZeros(_ norm: String, _ wanted: [Float]) throws {
    try expectAnswers(
      Self.document([Self.node("Normalizer", ["norm": .string(Name(norm))])], [Self.rows]),
      inputs: [Self.rows], [Self.floats([3, 2], wanted)], tolerance: 1e-6)
  }

  @Test func integersAreImputed() throws {
    let x = ONNXTensor(name: "x", dimensions: [2, 2], integers: [7, -1, -1, 1 << 40])
    try expectAnswers(
      Self.document(
        [
          Self.node(
            "Imputer",
            ["imputed_value_int64s": .ints([5, 6]), "replaced_value_int64": .int(-1)])
        ], [x]),
      inputs: [x], [ONNXTensor(name: "y", dimensions: [2, 2], integers: [7, 6, 5, 1 << 40])])
  }

  /// Of numbers, those that are no key and NaN among them, and of a key that stands twice.
  @Test func numbersAreRelabelled() throws {
    let x = Self.floats([5], [3, .nan, 4, 7, 3.5], name: "x")
    try expectAnswers(
      Self.document(
        [
          Self.node(
            "LabelEncoder",
            [
              "keys_floats": .floats([3, .nan, 7, 3]), "values_int64s": .ints([1, 2, 3, 1 << 40]),
              "default_int64": .int(-9),
            ])
        ], [x]),
      inputs: [x], [ONNXTensor(name: "y", dimensions: [5], integers: [1 << 40, 2, -9, 3, -9])])
  }

  @Test func vectorsAreOneRow() throws {
    let x = Self.floats([3], [1, 2, 3], name: "x")
    let places = ONNXTensor(name: "places", dimensions: [1, 2], integers: [2, 0])
    try expectAnswers(
      Self.document(
        [Self.node("ArrayFeatureExtractor", inputs: ["x", "places"], [:])], [x],
        constants: [places]),
      inputs: [x], [Self.floats([1, 2], [3, 1])])
    try expectAnswers(
      Self.document(
        [
          Self.node(
            "LinearRegressor",
            ["coefficients": .floats([1, 1, 1, 0, 1, 0]), "targets": .int(2)])
        ], [x]),
      inputs: [x], [Self.floats([1, 2], [6, 2])])
  }

  /// As ONNX Runtime 1.32 answers.
  @Test(
    arguments: [
      ("NONE", [0.8, 0.45, 0.8, 0.1, 0.1, -0.1]),
      (
        "LOGISTIC", [0.689_974_43, 0.610_639_2, 0.689_974_5, 0.524_979_2, 0.524_979_2, 0.475_020_8]
      ),
      (
        "SOFTMAX",
        [0.369_728_4, 0.260_543_17, 0.369_728_42, 0.354_769_6, 0.354_769_6, 0.290_460_77]
      ),
      (
        "PROBIT",
        [0.841_756_1, -0.125_662, 0.841_756_1, -1.281_712_9, -1.281_712_9, .nan]
      ),
    ] as [(String, [Float])])
  func scoresAreTransformed(_ transform: String, _ wanted: [Float]) throws {
    let x = Self.floats([2, 2], [1, 2, 0, -1], name: "x")
    let node = Self.node(
      "LinearClassifier", outputs: ["label", "y"],
      [
        "classlabels_ints": .ints([5, 7, 9]), "intercepts": .floats([0.3, 0.2, 0.1]),
        "coefficients": .floats([0.1, 0.2, 0.05, 0.1, 0.3, 0.2]),
        "post_transform": .string(Name(transform)),
      ])
    let document = Self.document([node], [x], outputs: ["label", "y"])
    try expectAnswers(
      document, inputs: [x], [Self.floats([2, 3], wanted)], tolerance: 1e-5)
    let head = try #require(try ImportedModel(document).model.heads.last)
    #expect(head.name == "y" && head.description.labels == ["5", "7", "9"])
    #expect(head.description.task == (transform == "NONE" ? .regression : .classification))
  }

  /// One score of two classes, as ONNX Runtime 1.32 answers.
  @Test(
    arguments: [
      ("NONE", [0.2, 0.8, 0.9, 0.1]), ("SOFTMAX", [0.2, 0.8, 0.9, 0.1]),
      ("LOGISTIC", [0.310_025_5, 0.689_974_5, 0.475_020_8, 0.524_979_2]),
    ] as [(String, [Float])])
  func oneScoreIsThatOfTheSecondClass(_ transform: String, _ wanted: [Float]) throws {
    let x = Self.floats([2, 2], [1, 2, 0, -1], name: "x")
    let node = Self.node(
      "LinearClassifier", outputs: ["label", "y"],
      [
        "classlabels_strings": .strings(["no", "yes"]), "intercepts": .floats([0.3]),
        "coefficients": .floats([0.1, 0.2]), "post_transform": .string(Name(transform)),
      ])
    try expectAnswers(
      Self.document([node], [x], outputs: ["y"]), inputs: [x],
      [Self.floats([2, 2], wanted)], tolerance: 1e-6)
  }

  // MARK: labels

  /// The index of the largest of three columns as a text, on several ways.
  private static func labelled(_ nodes: [ONNXNode], _ outputs: [Name]) throws -> Model {
    let x = ONNXTensor(name: "x", dimensions: [2, 3], floats: [0, 1, 2, 2, 1, 0])
    let softmax = ONNXNode("Softmax", inputs: ["x"], outputs: ["scores"])
    let largest = ONNXNode(
      "ArgMax", inputs: ["scores"], outputs: ["place"], attributes: [ONNXAttribute("axis", .int(1))]
    )
    let texts = ONNXTensor(name: "texts", dimensions: [3], strings: ["b", "a", "c"])
    let document = Self.document(
      [softmax, largest] + nodes, [x], outputs: outputs, constants: [texts])
    try expectAnswers(
      document, inputs: [x],
      outputs.filter { $0 != "scores" }.map { name in
        ONNXTensor(name: name, dimensions: [2], strings: ["c", "b"])
      })
    return try ImportedModel(document).model
  }

  @Test func textsBecomeLabels() throws {
    let ways: [[ONNXNode]] = [
      [
        Self.node("ArrayFeatureExtractor", inputs: ["texts", "place"], outputs: ["taken"], [:]),
        ONNXNode(
          "Cast", inputs: ["taken"], outputs: ["label"], attributes: [ONNXAttribute("to", .int(8))]),
      ],
      [ONNXNode("Gather", inputs: ["texts", "place"], outputs: ["label"])],
      [
        Self.node(
          "LabelEncoder", inputs: ["place"], outputs: ["label"],
          ["keys_int64s": .ints([2, 0, 1]), "values_strings": .strings(["c", "b", "a"])])
      ],
      [
        Self.node(
          "LabelEncoder", inputs: ["place"], outputs: ["label"],
          ["classes_strings": .strings(["b", "a", "c"])])
      ],
    ]
    for nodes in ways {
      let model = try Self.labelled(nodes, ["label", "scores"])
      #expect(model.heads.map(\.name) == ["scores"])
      #expect(model.heads[0].description.labels == ["b", "a", "c"])
      #expect(model.heads[0].description.task == .classification)
    }
  }

  /// An output that is text is reported under the name of the head whose labels it has; without such a head it is refused.
  @Test func textsWithoutScoresAreRefused() throws {
    let gather = ONNXNode("Gather", inputs: ["texts", "place"], outputs: ["label"])
    let error = #expect(throws: ImportError.self) { try Self.labelled([gather], ["label"]) }
    #expect(
      "\(error.map { "\($0)" } ?? "")".hasPrefix("output label is text, which heads do not give"))
  }

  @Test func textOutputsAreReported() throws {
    let x = Self.rows
    let node = Self.node(
      "LinearClassifier", outputs: ["label", "scores"],
      [
        "classlabels_strings": .strings(["no", "yes"]), "intercepts": .floats([0.3]),
        "coefficients": .floats([0.1, 0.2]),
      ])
    let document = Self.document([node], [x], outputs: ["label", "scores"])
    let joined = try JoinedModel([NamedDocument(name: "a.onnx", model: document)])
    #expect(joined.parts[0].textOutputs == [TextOutput(name: "label", heads: ["scores"])])
    #expect(joined.model.heads.map(\.name) == ["scores"])
  }

  /// What skl2onnx makes of LinearSVC and RidgeClassifier for two classes.
  ///
  /// It is the second of two scores, of which one is the other's negative; the class is the second one where that is above 0.
  @Test(arguments: [true, false])
  func theSecondOfTwoOppositeScoresDecides(_ isOpposite: Bool) throws {
    let x = Self.rows
    let nodes = [
      Self.node(
        "LinearClassifier", outputs: ["label", "both"],
        [
          "classlabels_strings": .strings(["no", "yes"]),
          "coefficients": .floats([-1, 2, 1, isOpposite ? -2 : -1]),
          "intercepts": .floats([-0.5, 0.5]),
        ]),
      Self.node("ArrayFeatureExtractor", inputs: ["both", "second"], outputs: ["score"], [:]),
    ]
    let second = ONNXTensor(name: "second", dimensions: [1], integers: [1])
    let document = Self.document(nodes, [x], outputs: ["label", "score"], constants: [second])
    guard isOpposite else {
      let error = #expect(throws: ImportError.self) { try ImportedModel(document) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("output label is text"))
      return
    }
    let head = try ImportedModel(document).model.heads[0]
    #expect(head.description.task == .binary)
    #expect(head.description.labels == ["no", "yes"])
    #expect(head.description.threshold == 0)
    var scores = document
    scores.graph.outputs.removeFirst()
    // x1 - 2 x2 + 0.5 of (1, -3), (0, 0) and (0.5, 2).
    try expectAnswers(scores, inputs: [x], [Self.floats([3, 1], [7.5, 0.5, -3], name: "score")])
  }

  /// Texts that are numbers become numbers, those of two lists side by side keep what they are.
  @Test func textsAreJoinedAndRead() throws {
    let x = ONNXTensor(name: "x", dimensions: [2, 3], floats: [0, 1, 2, 2, 1, 0])
    let largest = ONNXNode(
      "ArgMax", inputs: ["x"], outputs: ["place"], attributes: [ONNXAttribute("axis", .int(1))])
    let lists = [
      ONNXTensor(name: "first", dimensions: [3], strings: ["1.5", "2", "-3"]),
      ONNXTensor(name: "second", dimensions: [3], strings: ["4", "5", "6"]),
    ]
    let nodes =
      [largest]
      + ["first", "second"].map { list in
        ONNXNode("Gather", inputs: [Name(list), "place"], outputs: [Name("\(list) text")])
      }
      + [
        ONNXNode(
          "Concat", inputs: ["first text", "second text"], outputs: ["both"],
          attributes: [ONNXAttribute("axis", .int(1))]),
        ONNXNode(
          "Cast", inputs: ["both"], outputs: ["y"], attributes: [ONNXAttribute("to", .int(1))]),
      ]
    try expectAnswers(
      Self.document(nodes, [x], constants: lists), inputs: [x],
      [Self.floats([2, 2], [-3, 6, 1.5, 4])])
  }

  /// Labels of the class whose names cannot be labels are refused as those of other heads are.
  @Test(arguments: [["a", "a"], ["", "b"], ["\u{1B}[2J", "b"]] as [[Name]])
  func labelsThatNoHeadCanHave(_ labels: [Name]) {
    let node = Self.node(
      "LinearClassifier", outputs: ["label", "y"],
      [
        "classlabels_strings": .strings(labels), "intercepts": .floats([0.3]),
        "coefficients": .floats([0.1, 0.2]),
      ])
    #expect(throws: GraphError.self) {
      try ImportedModel(Self.document([node], [Self.rows], outputs: ["label", "y"]))
    }
  }
}
