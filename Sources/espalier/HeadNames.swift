import ArgumentParser
import EspalierGraph

/// The names of heads in an argument such as `even,ink`.
func headNames(_ argument: String) throws -> [Name] {
  let names = argument.split(separator: ",", omittingEmptySubsequences: false)
  guard names.allSatisfy({ !$0.isEmpty }) else {
    throw ValidationError("names joined by commas are needed, such as even,ink")
  }
  return names.map { Name(String($0)) }
}
