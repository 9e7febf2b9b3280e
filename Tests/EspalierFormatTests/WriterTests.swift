import EspalierFormat
import EspalierGraph
import EspalierWriter
import Foundation
import Testing

@Suite struct WriterTests {
  private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func sameModelMakesSameBytes() throws {
    for seed in 0..<10 as Range<UInt64> {
      let first = try ModelWriter(Models.random(seed: seed)).encode()
      #expect(try ModelWriter(Models.random(seed: seed)).encode() == first, "seed \(seed)")
    }
  }

  @Test func sectionsComeInOrder() throws {
    let reader = try ModelReader(MemorySource(ModelWriter(Models.small()).encode()))
    #expect(reader.formatVersion == 1)
    #expect(
      try reader.sections().map { $0.id.description } == [
        "trunk", "weights of trunk", "head lane", "weights of lane", "head sign",
        "weights of sign",
      ])
    let trunk = try reader.sections()[1]
    #expect(trunk.codec == .planes)
    #expect(trunk.rawBytes == 64)
  }

  @Test func plainWeightsStandOnBoundariesOfTheFile() throws {
    var count = 0
    for seed in 0..<20 as Range<UInt64> {
      let file = try ModelWriter(Models.random(seed: seed), weights: .none).encode()
      for piece in try Surgery(file).pieces where piece.id.kind == .weights {
        let start = piece.range.upperBound - piece.payload.count
        #expect(start % 64 == 0, "seed \(seed)")
        #expect(Array(file[start..<piece.range.upperBound]) == piece.payload, "seed \(seed)")
        count += 1
      }
    }
    #expect(count > 20)
  }

  /// The trunk's weights, a twin of them and a head's copy of them make one section of one tensor.
  @Test func equalTensorsAreStoredOnce() throws {
    let values = (0..<16).map { Float($0) }
    let w = Parameter(name: "w", shape: [4, 4], values: values)
    func graph(_ parameters: [Parameter]) -> Graph {
      Graph(
        inputs: [GraphInput(name: "x", dimensions: Models.batch4)], parameters: parameters,
        nodes: [Node(name: "", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
        outputs: [GraphOutput(name: "y", value: ValueID(1 + parameters.count))])
    }
    let other = Parameter(name: "other", shape: [2, 8], values: values)
    let trunk = graph([w, Parameter(name: "twin", shape: [4, 4], values: values), other])
    let head = Model.Head(
      name: "h", sources: [.feature("y")],
      graph: graph([Parameter(name: "mine", shape: [4, 4], values: values)]),
      description: HeadDescription(task: .regression))
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: [head])
    let file = try ModelWriter(model).encode()
    var reader = try ModelReader(MemorySource(file))
    let weights = try reader.sections().filter { $0.id.kind == .weights }
    #expect(weights.map { $0.rawBytes } == [128], "another shape is another tensor")
    let read = try reader.load()
    expectSame(read, model)
    #expect(read.heads[0].graph.parameters[0].storage === read.trunk.graph.parameters[1].storage)
    let alone = try ModelWriter(model, contents: .heads(["h"])).encode()
    let trunkFile = try ModelWriter(model, contents: .trunk).encode()
    expectSame(try load(trunkFile + alone), model)
  }

  /// Zeros of two types and of two shapes are the same bytes, and one section, however many heads use them.
  @Test func equalBytesUnderOneNameAreOneSection() throws {
    let zeros = [
      Parameter(name: "fractions", shape: [4, 4], values: Array(repeating: 0, count: 16)),
      Parameter(
        name: "integers", type: TensorType(.int32, [16]),
        storage: TensorStorage([Int32](repeating: 0, count: 16))),
      Parameter(name: "row", shape: [1, 16], values: Array(repeating: 0, count: 16)),
    ]
    func head(_ name: Name, _ parameters: [Parameter]) -> Model.Head {
      Model.Head(
        name: name, sources: [.feature("feature")],
        graph: Graph(
          inputs: [GraphInput(name: "x", dimensions: Models.batch4)], parameters: parameters,
          nodes: [Node(name: "", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
          outputs: [GraphOutput(name: "y", value: ValueID(1 + parameters.count))]),
        description: HeadDescription(task: .regression))
    }
    let model = try Model(
      trunk: Models.small().trunk,
      heads: [head("a", zeros), head("b", [zeros[0]]), head("c", Array(zeros[..<2]))])
    let file = try ModelWriter(model).encode()
    expectSame(try load(file), model)
    let names = try ModelReader(MemorySource(file)).sections().map(\.id)
      .filter { $0.kind == .weights }.map(\.name)
    #expect(names == ["trunk", "a"])
  }

  /// What two heads share lies in a section of its own, so that neither reads what is the other's alone.
  @Test func tensorsThatHeadsShareAreStoredOnce() throws {
    let shared = Parameter(name: "w", shape: [4, 4], values: (0..<16).map { Float($0) })
    func head(_ name: Name, _ own: Float, _ parameters: [Parameter]) -> Model.Head {
      let mine = Parameter(name: "own", shape: [4, 4], values: (0..<16).map { Float($0) + own })
      let all = [mine] + parameters
      return Model.Head(
        name: name, sources: [.feature("feature")],
        graph: Graph(
          inputs: [GraphInput(name: "x", dimensions: Models.batch4)], parameters: all,
          nodes: [Node(name: "", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(1)])],
          outputs: [GraphOutput(name: "y", value: ValueID(1 + all.count))]),
        description: HeadDescription(task: .regression))
    }
    let model = try Model(
      trunk: Models.small().trunk,
      heads: [head("c", 7, [shared]), head("a", 5, [shared]), head("b", 6, [])])
    let file = try ModelWriter(model).encode()
    expectSame(try load(file), model)
    let weights = try ModelReader(MemorySource(file)).sections().filter { $0.id.kind == .weights }
    #expect(weights.map { $0.id.name } == ["trunk", "a", "a", "b", "c"])
    #expect(weights.allSatisfy { $0.rawBytes == 64 })
    let read = try load(file)
    let (a, c) = (try #require(read.head(named: "a")), try #require(read.head(named: "c")))
    #expect(a.graph.parameters[1].storage === c.graph.parameters[1].storage)
    let source = RecordingSource(file)
    var reader = try ModelReader(source)
    _ = try reader.load(heads: ["c"])
    let section = try #require(
      weights.first { section in
        section.id.name == "a" && !source.ranges.contains { $0.contains(section.offset) }
      }, "the section that a has for itself was read for c")
    #expect(section.rawBytes == 64)
  }

  @Test(
    arguments: [["b", "a", "d", "c"], ["a", "b", "c", "d"], ["d", "c", "b", "a"]] as [[Name]])
  func headsKeepTheOrderOfTheirDeclaration(_ names: [Name]) throws {
    let model = try Models.flat(heads: names)
    let file = try ModelWriter(model).encode()
    #expect(try load(file).heads.map { $0.name } == names)
    #expect(try ModelWriter(try load(file)).encode() == file)
    var reader = try ModelReader(MemorySource(file))
    #expect(
      try reader.load(heads: ["a", "b", "d"]).heads.map { $0.name } == names.filter { $0 != "c" })
    // Sections are in the order of names all the same.
    let sections = try reader.sections().map { $0.id.name }.filter { $0 != "trunk" }
    #expect(sections == sections.sorted())
  }

  @Test func onlyHeadsInAnotherOrderThanThatOfNamesSayWhereTheyStand() throws {
    let model = try Models.flat(heads: ["b", "a"])
    let sorted = try Model(trunk: model.trunk, heads: model.heads.sorted { $0.name < $1.name })
    func headBytes(_ model: Model) throws -> [Int] {
      try ModelReader(MemorySource(ModelWriter(model).encode())).sections()
        .filter { $0.id.kind == .head }.map(\.rawBytes)
    }
    #expect(try headBytes(model) == headBytes(sorted).map { $0 + 2 })
  }

  @Test func headsThatWereAddedStandWhereTheyWereDeclared() throws {
    let model = try Models.flat(heads: ["d", "b"])
    let more = try Models.flat(heads: ["a", "c"])
    let added = try ModelWriter(more, contents: .heads(["a", "c"])).encode()
    let file = try ModelWriter(model).encode() + added
    #expect(try load(file).heads.map { $0.name } == ["d", "b", "a", "c"])
  }

  @Test func eachFormOfNumbersHasASectionOfItsOwn() throws {
    let graph = Models.dense(input: "x", output: "y", size: 4, scale: 1)
    let weights = graph.parameters[0]
    let forms: [ElementType] = [.float32, .float16, .bfloat16]
    let parameters = forms.enumerated().map { index, form in
      let stored = weights.stored(as: form)
      return Parameter(
        name: Name("w\(index)"), type: stored.type, stored: form, storage: stored.storage)
    }
    let trunk = Graph(
      inputs: graph.inputs, parameters: parameters,
      nodes: [Node(name: "", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(2)])],
      outputs: [GraphOutput(name: "y", value: ValueID(4))])
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: [])
    let file = try ModelWriter(model).encode()
    let sections = try ModelReader(MemorySource(file)).sections().filter { $0.id.kind == .weights }
    #expect(sections.map { $0.rawBytes }.sorted() == [32, 32, 64])
    expectSame(try load(file), model)
  }

  /// A section is told by its owner and the digest of its bytes, so that zeros of two types are one section.
  @Test func formsOfTheSameBytesShareASection() throws {
    let graph = Models.dense(input: "x", output: "y", size: 4, scale: 0)
    let weights = graph.parameters[0]
    let parameters = [ElementType.float32, .float16, .bfloat16].enumerated().map { index, form in
      let type = TensorType(.float32, [16 / form.byteCount])
      return Parameter(
        name: Name("zeros \(index)"), type: type, stored: form,
        storage: .filled(byteCount: 16) { $0.initializeMemory(as: UInt8.self, repeating: 0) })
    }
    let trunk = Graph(
      inputs: graph.inputs, parameters: parameters + [weights],
      nodes: [Node(name: "", .dense(Operator.Dense()), inputs: [ValueID(0), ValueID(4)])],
      outputs: [GraphOutput(name: "y", value: ValueID(5))])
    let model = try Model(trunk: Model.Trunk(graph: trunk, columns: [[]]), heads: [])
    for codec in WeightsCodec.allCases {
      expectSame(try load(try ModelWriter(model, weights: codec).encode()), model)
    }
  }

  @Test func filesAreWrittenAndReplaced() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "model.espalier").path
    for scale in [1, 2] as [Float] {
      let model = try Models.small(scale: scale)
      try ModelWriter(model).write(to: path)
      let source = try FileSource(path: path)
      #expect(try source.byteCount == ModelWriter(model).encode().count)
      var reader = try ModelReader(source)
      expectSame(try reader.load(), model)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.espalier"])
  }

  @Test func unknownHeadsAreRefused() throws {
    #expect(throws: WriterError.unknownHead("x")) {
      try ModelWriter(Models.small(), contents: .heads(["lane", "x"])).encode()
    }
  }

  @Test func graphsLargerThanReadersAcceptAreRefused() throws {
    let labels = (0..<17_000).map {
      Column(Name(String(repeating: "x", count: 1000) + "\($0)"))
    }
    let graph = Graph(
      inputs: [GraphInput(name: "x", dimensions: [.batch, .fixed(17_000)])], parameters: [],
      nodes: [Node(name: "", .softmax(Operator.Softmax()), inputs: [ValueID(0)])],
      outputs: [GraphOutput(name: "y", value: ValueID(1))])
    let model = try Model(trunk: Model.Trunk(graph: graph, columns: [labels]), heads: [])
    let error = #expect(throws: WriterError.self) { try ModelWriter(model).encode() }
    guard case .graphTooLarge(.trunk, let bytes, 1 << 24)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bytes > 17_000_000)
  }

  @Test func tooManySectionsAreRefused() {
    let error = WriterError.tooManySections(70_000, limit: 65_535)
    #expect(error.description == "the file would have 70000 sections; the limit is 65535")
  }
}
