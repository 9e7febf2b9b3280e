import EspalierData
import EspalierRecipe
import EspalierTraining
import Foundation

/// The recipe that users read first.
let digitsPath = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("tools/recipes/digits.yaml").path

/// A small recipe of the columns `x1`, `x2` and the targets `kind`, `size`, which tests spoil in one place each.
let smallRecipe = """
  name: small
  data:
    file: small.csv
    split: {test: 0.2, validation: 0.2}
  input:
    columns: x*
    shape: [2]
  trunk:
    - dense: {units: 4, activation: tanh, feature: middle}
    - dense: 3
  heads:
    kind:
      task: classification
      labels: [a, b]
      layers:
        - dense: 2
    size:
      task: regression
      reads: middle
      layers:
        - dense: 1
  training:
    epochs: 2

  """

/// A table for the small recipe.
func smallTable(header: String = "x1,x2,kind,ok,size") throws -> Table {
  try Table(Array("\(header)\n0,1,a,yes,2.5\n1,0,b,no,-1\n".utf8), file: "small.csv")
}

/// The message of the error that a body throws; empty when it throws none.
func thrownMessage(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

/// The message of the small recipe with one of its texts replaced.
func spoiled(_ text: String, _ replacement: String) -> String {
  precondition(smallRecipe.contains(text), "the recipe has no \(text)")
  return thrownMessage {
    _ = try Recipe(parsing: smallRecipe.replacing(text, with: replacement), path: "r.yaml")
  }
}
