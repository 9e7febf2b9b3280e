import EspalierWriter
import Foundation
import OperatorExamples

/// Writes a model of each example of an operator into a folder: `operator-models FOLDER`.
@main struct OperatorModels {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else { fatalError("usage: operator-models FOLDER") }
    let folder = URL(filePath: CommandLine.arguments[1])
    for (index, example) in operatorExamples.enumerated() {
      let model = try example.model(operands: example.operands(seed: UInt64(index)))
      try Data(ModelWriter(model).encode()).write(
        to: folder.appending(path: "example-\(index).espalier"))
    }
  }
}
