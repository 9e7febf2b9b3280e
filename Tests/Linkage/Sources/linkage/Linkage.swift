import EspalierFormat
import EspalierGraph
import EspalierRuntime

/// Opens a model and prints what each head says of a row of zeros; head by head, as one who needs no others would.
@main struct Linkage {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: linkage MODEL")
      return
    }
    var reader = try ModelReader(FileSource(path: CommandLine.arguments[1]))
    for head in try reader.headNames() {
      var session = try Session(reader.load(heads: [head]), heads: [head])
      for input in session.plan.inputs {
        try session.setInput(
          input.name, to: [Float](repeating: 0, count: input.shape.elementCount).span)
      }
      try session.run()
      let numbers = try session.output(of: head)
      print("\(head): \(numbers.indices.map { "\(numbers[$0])" }.joined(separator: ","))")
    }
  }
}
