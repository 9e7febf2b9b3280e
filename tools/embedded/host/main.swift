// Opens a model, runs one head on a row of whole numbers and prints what it says.
//
//   host MODEL HEAD NUMBER...
//
// The Embedded Swift build of the runtime for the machine that builds it; tools/embedded/check
// compares its results with those of `espalier run`.
import EspalierFormat
import EspalierGraph
import EspalierRuntime

@c(main) func main(
  count: CInt, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  let words = (1..<max(1, Int(count))).compactMap { arguments[$0].map { String(cString: $0) } }
  guard words.count > 2 else {
    print("usage: host MODEL HEAD NUMBER...")
    return 2
  }
  let row = words.dropFirst(2).compactMap { Int($0) }.map { Float($0) }
  do throws(FormatError) {
    let head = Name(words[1])
    var reader = try ModelReader(FileSource(path: words[0]))
    let model = try reader.load(heads: [head])
    return run(head, of: model, on: row)
  } catch {
    print("host: the model cannot be read")
    return 1
  }
}

/// Runs a head whose trunk has one input, and prints its numbers joined by commas.
func run(_ head: Name, of model: Model, on row: [Float]) -> CInt {
  do throws(RuntimeError) {
    var session = try Session(model, heads: [head])
    for input in session.plan.inputs { try session.setInput(input.name, to: row.span) }
    try session.run()
    let numbers = try session.output(of: head)
    var line = ""
    for index in numbers.indices { line += (index == 0 ? "" : ",") + "\(numbers[index])" }
    print(line)
    return 0
  } catch {
    print("host: the head cannot be run")
    return 1
  }
}
