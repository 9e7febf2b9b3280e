internal import EspalierFiles
import Foundation

/// The path of a file that is named relative to the folder of another file; `-` is standard input wherever it is named.
func siblingPath(_ name: String, of path: String) -> String {
  if name == "-" { return name }
  guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return cleanPath(name) }
  return cleanPath(path[...slash] + name)
}

/// The absolute path of a file, without symbolic links; `-`, which is standard input, stays as it is.
func absolutePath(_ path: String) -> String {
  // What pipes are called changes from process to process.
  if path == "-" || path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return path }
  return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
}
