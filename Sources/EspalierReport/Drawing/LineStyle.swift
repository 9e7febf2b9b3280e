/// With which characters a text drawing draws its lines.
package enum LineStyle: Sendable, CaseIterable {
  /// Box-drawing characters of Unicode.
  case unicode
  /// Characters of ASCII and no others; what else names contain becomes question marks.
  case ascii

  /// The style for the locale that environment variables set, by the precedence of POSIX.
  package init(environment: [String: String]) {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    let characters = locale?.lowercased() ?? ""
    self = characters.contains("utf-8") || characters.contains("utf8") ? .unicode : .ascii
  }

  /// A line that goes on downwards.
  var stem: String { self == .unicode ? "│" : "|" }
  /// A line downwards, of which something is left out.
  var gap: String { self == .unicode ? "┆" : ":" }
  /// A branch, after which the line goes on.
  var branch: String { self == .unicode ? "├─" : "|-" }
  /// The last branch.
  var lastBranch: String { self == .unicode ? "└─" : "`-" }
  /// What a layer reads that does not stand right before it.
  var arrow: String { self == .unicode ? "←" : "<-" }

  /// Text as the style shows it.
  func shown(_ text: String) -> String {
    self == .unicode ? text : String(text.map { $0.isASCII ? $0 : "?" })
  }
}
