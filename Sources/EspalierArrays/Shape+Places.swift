package import EspalierGraph

extension Shape {
  /// Where an element lies, by its place in row-major order: a number from 0 for each axis.
  package func position(of element: Int) -> [Int] {
    var rest = element
    var position: [Int] = []
    for size in sizes.reversed() {
      position.append(rest % max(size, 1))
      rest /= max(size, 1)
    }
    return position.reversed()
  }
}

/// A place in an array, for messages.
package func placeText(_ index: [Int]) -> String {
  switch index.count {
  case 0: "its only place"
  case 1: "row \(index[0]), counted from 0"
  case 2: "row \(index[0]), column \(index[1]), counted from 0"
  default: "\(index), counted from 0"
  }
}
