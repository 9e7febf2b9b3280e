import Foundation

/// The path of a file that is named relative to the folder of another file.
func siblingPath(_ name: String, of path: String) -> String {
  guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
  return path[...slash] + name
}

/// The absolute path of a file, without symbolic links.
func absolutePath(_ path: String) -> String {
  URL(fileURLWithPath: path).resolvingSymlinksInPath().path
}
