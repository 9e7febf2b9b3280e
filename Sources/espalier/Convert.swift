import ArgumentParser
import CEspalierSystem
import EspalierArrays
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierONNX
import EspalierReport
import EspalierWriter
import EspalierZip
import Foundation

/// `espalier convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a model from ONNX, or to it.",
    discussion: """
      Every output of the ONNX model becomes a head of its name; what two or more of them share \
      becomes the trunk. The result is run against the model as it was, node by node and \
      without any optimization, on the same inputs: when they differ by more than the \
      tolerance, or a node cannot be converted, nothing is written.

      Several ONNX models that begin in the same way, with the same weights bit for bit, become one \
      file that has that beginning once; the report says how much it is, and where they part.

      A model of Espalier becomes an ONNX model whose outputs are its heads. What the heads mean \
      goes with it as metadata, under espalier.head.NAME. The ONNX model is read back and run \
      against the model, with the same tolerance.

      Exit status: 0 converted and proven, 1 refused, 2 a wrong call.

      Examples:
        espalier convert model.onnx model.espalier
        espalier convert model.onnx model.espalier --heads class,box
        espalier convert model.onnx model.espalier --input-shape image=1,3,96,96
        espalier convert model.onnx model.espalier --check inputs.npz --tolerance 1e-5
        espalier convert person.onnx distance.onnx --out both.espalier
        espalier convert model.espalier model.onnx
        espalier convert model.espalier model.onnx --heads even --opset 18
      """)

  @Argument(
    help: ArgumentHelp(
      "The model to read, then the file to write; with --out, one model or several.",
      valueName: "file"))
  var files: [String]

  @Option(name: .long, help: "The file to write, instead of the last argument.")
  var out: String?

  @Option(
    name: .long, help: "The outputs or heads to convert, \(HeadNames.help); all when left out.")
  var heads: [String] = []

  @Option(
    help: ArgumentHelp(
      "Sizes for an input; -1 leaves one open. May be given several times.",
      valueName: "NAME=SIZE,SIZE"))
  var inputShape: [String] = []

  @Option(
    help: ArgumentHelp(
      "A value that belongs to the trunk, with all it depends on. May be given several times.",
      valueName: "value"))
  var trunkAt: [String] = []

  @Option(
    help: ArgumentHelp(
      "Numbers for inputs that become constants, an .npz file.", valueName: "file"))
  var constants: String?

  @Option(help: ArgumentHelp("Inputs to check with, an .npz file.", valueName: "file"))
  var check: String?

  @Option(help: "The opset to write, 18 to 28; 20, or what the model needs, when left out.")
  var opset: Int?

  @Flag(name: .long, help: "Do not run the result against the model as it was.")
  var noCheck = false

  @Option(help: "The largest difference allowed, by the largest number of a head's output.")
  var tolerance = 1e-4

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard out != nil || files.count < 3 && !(files.count == 2 && files.allSatisfy(isONNX)) else {
      throw ValidationError("several models are read: --out names the file to write")
    }
    guard files.count >= (out == nil ? 2 : 1) else {
      throw ValidationError("a model to read and a file to write are needed")
    }
    guard tolerance >= 0 else { throw ValidationError("a tolerance is not negative") }
  }

  private var target: String { out ?? files[files.count - 1] }

  private var sources: [String] { out == nil ? files.dropLast() : files }

  private func isONNX(_ path: String) -> Bool { path.hasSuffix(".onnx") }

  func run() throws {
    try expectNotRead(target, among: sources + [constants, check].compactMap { $0 })
    if sources.count == 1, Self.isModel(sources[0]) {
      return try export(sources[0], to: target)
    }
    guard opset == nil else { throw ValidationError("--opset is for models that go out to ONNX") }
    let started = ContinuousClock.now
    // Weights are held several times here, one after the other.
    espalier_return_freed_memory()
    var bar = ProgressBar()
    defer { bar.clear() }
    var candidate = try imported(&bar)
    if !noCheck { try prove(&candidate, &bar) }
    try withFile(target) { try candidate.file.putInPlace() }
    bar.clear()
    let report = ConversionReport(
      target: target, candidate.summary, bytes: try fileSize(target),
      seconds: (ContinuousClock.now - started) / .seconds(1))
    if json { try printJSON(report) } else { try printOutput(report.text) }
  }

  /// A model that was written beside its place, and what proves it.
  private struct Candidate {
    let file: PendingFile
    /// The inputs to prove it with, and the sizes.
    let inputs: [GivenInput]
    let sizes: [SymbolSizes]
    let originals: JoinedModel.Originals
    var summary: ConversionReport.Summary
  }

  /// The model that the documents make.
  private func imported(_ bar: inout ProgressBar) throws -> Candidate {
    bar.show(0, "reading")
    let documents = try sources.map { try document($0) }
    bar.show(0.1, "converting")
    let joined = try withDocument(sources.joined(separator: ", ")) {
      try JoinedModel(documents, try options(documents))
    }
    let inputs = try givenInputs(joined.model.trunk.graph.inputs)
    bar.show(0.25, "writing")
    let file = try withFile(target) {
      try ModelWriter(joined.model, weights: .planes).pending(beside: target)
    }
    return Candidate(
      file: file, inputs: inputs, sizes: ModelComparison.sizes(for: joined.model, inputs),
      originals: joined.originals, summary: ConversionReport.Summary(joined))
  }

  /// Finds how far every head, read from its file, is from the document that it is of.
  private func prove(_ candidate: inout Candidate, _ bar: inout ProgressBar) throws {
    var failures: [String] = []
    for (index, source) in candidate.summary.sources.enumerated() {
      bar.show(
        0.5 + 0.5 * Double(index) / Double(candidate.summary.sources.count), "comparing")
      let comparison = try proof(source.file) {
        try ModelComparison(
          {
            let model = try model(at: candidate.file.path)
            return { _ in model }
          },
          {
            let document = try document(source.file)
            let originals = candidate.originals
            return { sizes in try originals.plain(index, of: document, at: sizes) }
          }, at: candidate.sizes, inputs: candidate.inputs)
      }
      candidate.summary.add(comparison.differences)
      failures += tooLarge(comparison.differences, source.file)
    }
    try expectNone(failures)
  }

  /// Reads a document: once to convert it, and again to prove that, so that it is not held in between.
  private func document(_ path: String) throws -> NamedDocument {
    try withDocument(path) {
      var files: [String] = []
      let model = try ONNXModel(contentsOf: path, noting: &files)
      try expectNotRead(target, among: files)
      return NamedDocument(name: path, model: model)
    }
  }

  private func model(at path: String) throws -> Model {
    try withFile(target) {
      var reader = try ModelReader(FileSource(path: path))
      return try reader.load()
    }
  }

  /// What two models differ by; says what to do when running them takes too much.
  func proof(
    _ source: String, _ compare: () throws -> ModelComparison
  ) throws -> ModelComparison {
    try withDocument(source) {
      do {
        return try compare()
      } catch let error as ProofError {
        throw CommandError(
          "\(source): the result cannot be checked: \(error)\n"
            + "give smaller sizes with --input-shape, or do not check it with --no-check")
      }
    }
  }

  /// Refuses differences above the tolerance.
  func expectSmall(_ differences: [HeadDifference], _ source: String) throws {
    try expectNone(tooLarge(differences, source))
  }

  private func expectNone(_ failures: [String]) throws {
    guard failures.isEmpty else {
      throw CommandError(failures.joined(separator: "\n") + "\nnothing was written")
    }
  }

  /// The differences above the tolerance, in words.
  private func tooLarge(_ differences: [HeadDifference], _ source: String) -> [String] {
    differences.filter { !($0.relative <= tolerance) }.map {
      "\(source): head \($0.head) differs by \(number($0.absolute)), "
        + "\(number($0.relative)) of its largest number; \(number(tolerance)) is allowed"
    }
  }

  private func options(_ documents: [NamedDocument]) throws -> ImportOptions {
    let outputs = documents.flatMap { $0.model.graph.outputs.map(\.name) }
    let heads = try HeadNames.named(
      by: heads, areHeads: { Set($0).isSubset(of: outputs) }, all: { outputs })
    var options = ImportOptions(heads: heads, trunkAt: trunkAt.map { Name($0) })
    for argument in inputShape {
      let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
      let sizes = parts.last?.split(separator: ",").map { Int($0) } ?? []
      guard parts.count == 2, !sizes.isEmpty, !sizes.contains(nil) else {
        throw ValidationError(
          "--input-shape \(argument): NAME=SIZE,SIZE is needed, as in x=1,3,96,96")
      }
      options.shapes[Name(String(parts[0]))] = sizes.compactMap { $0 }
    }
    if let constants {
      for tensor in try archive(constants).arrays(narrowing: true).wanted {
        options.constants[tensor.name] = ONNXTensor(
          name: tensor.name, type: tensor.type, storage: tensor.storage,
          byteOffset: tensor.byteOffset)
      }
    }
    return options
  }

  /// The inputs to check with, floating-point numbers in the types that the model's inputs have.
  func givenInputs(_ inputs: [GraphInput]) throws -> [GivenInput] {
    guard let check else { return [] }
    let known = inputs.map(\.name)
    return try archive(check).arrays().wanted.map { given in
      guard let input = inputs.first(where: { $0.name == given.name }) else {
        throw CommandError(
          "\(check): there is no input \(given.name); the inputs are \(listed(known))")
      }
      let tensor =
        try withFile(check) {
          input.element == .float32
            ? try given.narrowed() : given.converted(to: input.element) ?? given
        }
      return GivenInput(
        name: tensor.name, element: tensor.type.element, shape: tensor.shape,
        storage: tensor.storage)
    }
  }

  private func archive(_ path: String) throws -> ArrayContent {
    let content = try ArrayContent(path: path)
    guard content.kind != .npy else {
      throw CommandError("\(path): one array; an .npz file is needed, with an array for each input")
    }
    return content
  }
}

/// Does something with a document; errors begin with its path.
func withDocument<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ValidationError {
    throw error
  } catch let error as CommandError {
    throw error
  } catch let failure as DocumentFailure {
    throw CommandError("\(failure)")
  } catch ONNXError.notWritten(let error) {
    throw CommandError("\(error)")
  } catch {
    throw CommandError("\(path): \(problem(ofDocument: path, error))")
  }
}
