import ArgumentParser
import EspalierArrays
import EspalierFiles
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierRuntime
import EspalierWriter

/// `espalier weights`.
struct Weights: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take the weights of a model out as arrays, or put others in.",
    discussion: """
      Parameters of the trunk are named trunk/NAME, those of a head HEAD/NAME.

      Examples:
        espalier weights export digits.espalier weights.npz
        espalier weights import digits.espalier weights.npz --out other.espalier
      """,
    subcommands: [Export.self, Import.self])

  /// The arrays that weights are in.
  fileprivate static func file(_ path: String) throws -> ArrayFile {
    guard let file = ArrayFile(path), file.format != .npy else {
      throw ValidationError("\(path): weights are in .npz or .safetensors files")
    }
    return file
  }
}

extension Weights {
  /// `espalier weights export`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write all parameters of a model to a file of arrays.",
      discussion: """
        Writes an .npz or .safetensors file with an array for each parameter, named trunk/NAME \
        or HEAD/NAME. Numbers are written as the model stores them, float32, float16 or bfloat16 \
        and integers; in an .npz file bfloat16 is widened to float32, as NumPy does not have it. \
        The same model gives the same bytes.

        Examples:
          espalier weights export digits.espalier weights.npz
          espalier weights export digits.espalier weights.safetensors
        """)

    @Argument(help: "The model, an .espalier file.")
    var model: String

    @Argument(help: "The file to write, .npz or .safetensors.")
    var out: String

    func validate() throws { _ = try Weights.file(out) }

    func run() throws {
      try expectNotRead(out, model)
      let loaded = try withFile(model) {
        var reader = try ModelReader(FileSource(path: model))
        return try reader.load()
      }
      let tensors = try fitting("\(model) cannot be taken apart") { try loaded.weights() }
      try Weights.file(out).write(tensors)
      let numbers = tensors.reduce(0) { $0 + $1.shape.elementCount }
      try printOutput(
        "\(out): \(counted(tensors.count, "parameter")), \(counted(numbers, "number"))")
    }
  }

  /// `espalier weights import`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a model with the parameters of a file of arrays.",
      discussion: """
        Reads the arrays that espalier weights export writes, one for each parameter, with the \
        parameter's shape. Numbers stay stored as in the model: arrays of float64, float32, \
        float16 and bfloat16 become the nearest numbers of that type, integers have to be of the \
        parameter's type. Everything that does not fit is listed, and nothing is written then.

        Where numbers changed, the example in the file is computed anew, and the metrics of the \
        heads behind them are left out. Signatures are left out. The trunk's digest follows, so \
        that heads in other files, made for the old trunk, no longer belong to it.

        Example:
          espalier weights import digits.espalier weights.npz --out other.espalier
        """)

    @Argument(help: "The model, an .espalier file.")
    var model: String

    @Argument(help: "The weights, an .npz or .safetensors file.")
    var weights: String

    @Option(name: .long, help: "The file to write; may be the model itself.")
    var out: String

    func run() throws {
      try expectNotRead(out, weights)
      let content = try ArrayContent(path: weights)
      guard content.kind != .npy else {
        throw CommandError("\(weights): one array; weights are in .npz or .safetensors files")
      }
      let tensors = try content.arrays().wanted
      var reader = try withFile(model) { try ModelReader(FileSource(path: model)) }
      let old = try withFile(model) { try StoredModel(&reader) }
      let replaced = try fitting("\(weights) does not fit \(model)") {
        try old.model.replacingWeights(with: tensors)
      }
      let writer = ModelWriter(
        replaced.model, weights: old.codec, about: old.about,
        example: try old.example.map { example in
          replaced.parameters.isEmpty
            ? example
            : try replaced.model.example(inputs: example.inputs, heads: example.heads.map(\.head))
        })
      try withFile(out) { try writer.write(to: out) }
      try printOutput(report(replaced, of: tensors.count, signatures: old.signatureCount))
    }

    private func report(_ replaced: ReplacedWeights, of count: Int, signatures: Int) -> String {
      var lines = [
        "\(out): \(replaced.parameters.count) of \(counted(count, "parameter")) have other numbers"
      ]
      if !replaced.rounded.isEmpty {
        lines.append("rounded to the type that they are stored in: \(listed(replaced.rounded))")
      }
      if !replaced.heads.isEmpty {
        lines.append("metrics left out, which the old numbers reached: \(listed(replaced.heads))")
      }
      if signatures > 0 {
        lines.append("\(counted(signatures, "signature")) left out; espalier sign makes a new one")
      }
      return lines.joined(separator: "\n")
    }
  }
}

/// A model with what else its file holds.
private struct StoredModel {
  let model: Model
  let about: About?
  let example: Example?
  let codec: WeightsCodec
  let signatureCount: Int

  init(_ reader: inout ModelReader<FileSource>) throws {
    let sections = try reader.sections()
    guard try reader.entries().count == sections.count else {
      throw CommandError("the file has sections that this version does not know; use a newer one")
    }
    model = try reader.load()
    about = try reader.about()
    example = try reader.example()
    let weights = sections.filter { $0.id.kind == .weights }
    codec = !weights.isEmpty && weights.allSatisfy { $0.codec == .none } ? .none : .planes
    signatureCount = try reader.signatures().count
  }
}
