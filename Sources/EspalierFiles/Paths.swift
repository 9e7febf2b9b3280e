internal import CEspalierSystem

/// A path without `.` and without folders that `..` leaves again, where that leads to the same file, or
/// both to none.
///
/// Behind a symbolic link to a folder, `..` leads elsewhere than the text says; such a path stays as it is.
package func cleanPath(_ path: String) -> String {
  var steps: [Substring] = []
  for step in path.split(separator: "/") where step != "." {
    if step == "..", let last = steps.last, last != ".." {
      steps.removeLast()
    } else if step != ".." || !path.hasPrefix("/") {
      steps.append(step)
    }
  }
  let clean = (path.hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
  if clean.isEmpty || clean == path { return path.isEmpty || !clean.isEmpty ? path : "." }
  let exist = espalier_is_same_file(path, path) + espalier_is_same_file(clean, clean)
  return exist == 0 || espalier_is_same_file(path, clean) != 0 ? clean : path
}
