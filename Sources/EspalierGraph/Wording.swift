/// A whole number with its thousands apart, such as `74,240`.
package func grouped(_ number: Int) -> String {
  var groups: [String] = []
  var rest = number.magnitude
  while rest >= 1000 {
    let group = "\(rest % 1000)"
    groups.append(String(repeating: "0", count: 3 - group.utf8.count) + group)
    rest /= 1000
  }
  var text = (number < 0 ? "-" : "") + "\(rest)"
  for group in groups.reversed() { text += "," + group }
  return text
}

/// A number of things, such as `1 head` or `1,200 heads`.
///
/// - Parameters:
///   - number: how many there are.
///   - thing: the name of one.
///   - things: the name of several, where it does not just end in an s.
package func counted(_ number: Int, _ thing: String, _ things: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? thing : things ?? thing + "s")"
}

/// Names joined by commas, the first of very many; a name that has a comma itself, or nothing, stands in quotes.
package func listed(_ names: [Name]) -> String {
  let most = 20
  var text = ""
  for (index, name) in names.prefix(most).enumerated() {
    let isClear = !name.isEmpty && !name.utf8.contains { $0 == 0x20 || $0 == UInt8(ascii: ",") }
    text += (index == 0 ? "" : ", ") + (isClear ? "\(name)" : "\"\(name)\"")
  }
  return names.count > most ? text + " and \(grouped(names.count - most)) more" : text
}
