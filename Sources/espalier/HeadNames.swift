import ArgumentParser
import EspalierFormat
import EspalierGraph

/// What options that name heads say of themselves.
enum HeadNames {
  /// What comes after what the heads are for.
  static let help = "joined by commas, or the option several times"

  /// The heads that arguments name, such as `even,ink`; nil when there are none.
  ///
  /// An argument that is the name of a head, commas and all, is that head. Of others, what lies between commas is a name
  /// each, or several together are, where only that is a head's.
  ///
  /// - Parameters:
  ///   - arguments: what was given for the option, each time.
  ///   - areHeads: whether names are all of heads.
  ///   - all: the names of all heads.
  static func named(
    by arguments: [String], areHeads: ([Name]) throws -> Bool, all: () throws -> [Name]
  ) throws -> [Name]? {
    if arguments.isEmpty { return nil }
    let names = try arguments.flatMap { argument in
      let whole = [Name(argument)]
      let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if try parts.count == 1 || areHeads(whole) { return whole }
      let names = parts.map { Name($0) }
      return try areHeads(names) ? names : joined(parts, Set(try all()))
    }
    guard names.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("names joined by commas are needed, such as even,ink")
    }
    return names
  }

  /// Names of the most parts that are one each; a part that begins none is one by itself.
  private static func joined(_ parts: [String], _ known: Set<Name>) -> [Name] {
    var names: [Name] = []
    var rest = parts[...]
    while let first = rest.first {
      let lengths = (1...rest.count).reversed()
      let found = lengths.lazy.map { rest.prefix($0).joined(separator: ",") }
        .first { known.contains(Name($0)) }
      let name = found ?? first
      names.append(Name(name))
      rest = rest.dropFirst(name.utf8.count { $0 == UInt8(ascii: ",") } + 1)
    }
    return names
  }
}

extension ModelReader {
  /// The heads that arguments name; nil when there are none.
  func heads(namedBy arguments: [String]) throws -> [Name]? {
    try HeadNames.named(
      by: arguments,
      areHeads: { names in
        do {
          _ = try entries(of: names)
          return true
        } catch FormatError.unknownHead {
          return false
        }
      }, all: headNames)
  }
}
