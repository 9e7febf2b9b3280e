import EspalierGraph
import EspalierReport
import Foundation
import FoundationXML
import Testing

/// Pictures that tests look at.
enum PictureCase: String, CaseIterable, CustomTestStringConvertible {
  case noHead, oneHead, thirtyHeads, manyHeads, tower, branching, hostile, deep, residual, wide

  var testDescription: String { rawValue }

  func model() throws -> Model {
    switch self {
    case .noHead: try Models.flat(heads: 0)
    case .oneHead: try Models.flat(heads: 1)
    case .thirtyHeads: try Models.flat(heads: 30)
    case .manyHeads: try Models.flat(heads: 10_000)
    case .tower: try Models.tower(heads: 12)
    case .branching: try Models.branching()
    case .hostile: try Models.hostile()
    case .deep: try Models.model(Models.chain(layers: 60, features: [20: "a", 60: "b"]))
    case .residual: try Models.model(Models.residual(blocks: 6))
    case .wide: try Self.wide()
    }
  }

  /// Ninety features with a head each, and heads that read these heads.
  private static func wide() throws -> Model {
    let features = Dictionary(uniqueKeysWithValues: (1...90).map { ($0, Name("f\($0)")) })
    let heads = (1...90).map { Models.head(Name("h\($0)"), reads: [.feature(Name("f\($0)"))]) }
    let readers = (1...90).map {
      Models.head(Name("r\($0)"), reads: [.head(Name("h\($0)"), output: "y")])
    }
    return try Models.model(
      Models.chain(layers: 90, features: features), heads: heads + readers)
  }

  func svg() throws -> String { Picture.svg(ModelOutline(try model()), title: rawValue) }
}

@Suite struct PictureTests {
  @Test(arguments: PictureCase.allCases)
  func nothingOverlapsAndNothingIsCutOff(_ picture: PictureCase) throws {
    let document = try SVGDocument(picture.svg())
    let boxes = document.boxes
    #expect(!boxes.isEmpty)
    let page = CGRect(x: 0, y: 0, width: document.width, height: document.height).insetBy(
      dx: 10, dy: 10)
    for (index, box) in boxes.enumerated() {
      #expect(page.contains(box), "\(box)")
      for other in boxes[..<index] { #expect(!box.intersects(other), "\(box) and \(other)") }
    }
    for text in document.texts {
      #expect(page.contains(text.frame), "\(text)")
      let within = boxes.filter { $0.intersects(text.frame) }
      #expect(within.allSatisfy { $0.contains(text.frame) }, "\(text) leaves its box")
    }
    for (index, text) in document.texts.enumerated() {
      for other in document.texts[..<index] {
        #expect(!text.frame.intersects(other.frame), "\(text) and \(other)")
      }
    }
  }

  @Test(arguments: PictureCase.allCases)
  func picturesAreMadeOfShapesAndTextsOnly(_ picture: PictureCase) throws {
    let svg = try picture.svg()
    let document = try SVGDocument(svg)
    #expect(
      document.elements.isSubset(of: ["svg", "title", "g", "rect", "path", "circle", "text"]))
    #expect(document.attributes.allSatisfy { !$0.hasPrefix("on") && !$0.contains("href") })
    #expect(svg.utf8.count < 60_000)
    let again = try picture.svg()
    #expect(svg == again)
  }

  @Test func everyHeadIsShownOrCounted() throws {
    for count in [0, 1, 8, 9, 24, 25, 10_000] {
      let svg = Picture.svg(ModelOutline(try Models.flat(heads: count)), title: "")
      let texts = try SVGDocument(svg).texts.map(\.text)
      let shown = texts.count { $0 == "regression" || $0 == "classification" }
      let more = texts.compactMap { $0.wholeMatch(of: /([0-9,]+) more heads?/) }
        .reduce(0) { $0 + (Int($1.output.1.filter(\.isNumber)) ?? 0) }
      #expect(shown + more == count)
    }
  }

  @Test(arguments: [(10, 1), (20, 2), (40, 4), (44, 4)])
  func tallTrunksAreFolded(_ layers: Int, _ columns: Int) throws {
    let trunk = Models.chain(layers: layers, features: [2: "early", layers: "late"])
    let model = try Models.model(
      trunk,
      heads: [
        Models.head("a", reads: [.feature("early")]), Models.head("b", reads: [.feature("late")]),
      ])
    let document = try SVGDocument(Picture.svg(ModelOutline(model), title: "tall"))
    let layerBoxes = document.boxes.filter { $0.width == 240 }
    #expect(layerBoxes.count == layers + 1)
    #expect(Set(layerBoxes.map(\.minX)).count == columns)
    #expect(document.height <= 1040)
  }

  @Test func headsHaveNamesThatDiffer() throws {
    let names = (0..<6).map { Name("a_long_name_that_all_heads_begin_with_\($0)") }
    let model = try Models.model(
      Models.chain(layers: 1, features: [1: "f"]),
      heads: names.map { Models.head($0, reads: [.feature("f")]) })
    let texts = try SVGDocument(Picture.svg(ModelOutline(model), title: "")).texts.map(\.text)
    #expect(Set(texts.filter { $0.contains("a_long") }).count == 6, "\(texts)")
    let lines = TextDrawing.lines(ModelOutline(model), .ascii, width: 60)
    #expect(Set(lines.filter { $0.contains("a_long") }).count == 6, "\(lines)")
  }

  @Test func namesAreEscaped() throws {
    let name = "<a href=\"x\">&amp;'\u{FFFF}\u{1}"
    var svg = SVG(width: 10, height: 10)
    svg.add("text", [("id", name)], text: name)
    let expected = name.replacing("\u{FFFF}", with: "\u{FFFD}").replacing("\u{1}", with: "\\u{1}")
    let document = try SVGDocument(svg.finished())
    #expect(document.values.contains(expected))
    #expect(document.contents.contains { $0.hasPrefix(expected) })
  }

  @Test(arguments: [
    (0, "0"), (0.04, "0"), (-0.04, "0"), (1.25, "1.3"), (-0.5, "-0.5"), (-12.34, "-12.3"),
    (100, "100"),
  ])
  func coordinatesHaveOneDigit(_ value: Double, _ expected: String) {
    #expect(SVG.number(value) == expected)
  }

  @Test func placesKeepApartInOrderAndWithinBounds() {
    for seed in 0..<200 {
      var random = SplitMix(seed: UInt64(seed))
      let count = Int.random(in: 1...12, using: &random)
      let heights = (0..<count).map { _ in Double.random(in: 10...60, using: &random) }
      let wanted = (0..<count).map { _ in Double.random(in: -50...900, using: &random) }.sorted()
      let needed = heights.reduce(-8) { $0 + $1 + 8 }
      let bounds = 20...(20 + needed + Double.random(in: 0...300, using: &random))
      let places = HeadColumns.places(wanted: wanted, heights: heights, gap: 8, within: bounds)
      for (index, place) in places.enumerated() {
        #expect(place >= bounds.lowerBound - 1e-9, "seed \(seed)")
        #expect(place + heights[index] <= bounds.upperBound + 1e-9, "seed \(seed)")
        if index > 0 {
          #expect(place >= places[index - 1] + heights[index - 1] + 8 - 1e-9, "seed \(seed)")
        }
      }
    }
  }

  @Test func placesAreWhereTheyAreWantedIfThereIsRoom() {
    let places = HeadColumns.places(
      wanted: [50, 150, 150], heights: [20, 20, 20], gap: 10, within: 0...400)
    #expect(places == [40, 125, 155])
  }

  @Test(arguments: ["", "Wide Words", "漢字", "e\u{301}", String(repeating: "i", count: 500)])
  func textsAreCutToWidths(_ text: String) {
    for width in [20.0, 40, 80, 200] {
      let cut = fitted(text, to: width, size: 11)
      #expect(textWidth(cut, size: 11) <= width)
      #expect(cut == text || (cut.last == "…" && text.hasPrefix(cut.dropLast())))
    }
  }
}

/// What a parser of XML finds in a picture.
final class SVGDocument: NSObject, XMLParserDelegate {
  struct Text: CustomStringConvertible {
    let text: String
    let frame: CGRect

    var description: String { "\(text) at \(frame)" }
  }

  private(set) var width = 0.0
  private(set) var height = 0.0
  private(set) var elements: Set<String> = []
  private(set) var attributes: Set<String> = []
  private(set) var values: Set<String> = []
  private(set) var contents: [String] = []
  private(set) var boxes: [CGRect] = []
  private(set) var texts: [Text] = []
  private var current: [String: String] = [:]

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    try #require(parser.parse(), "no well-formed XML: \(svg.prefix(2000))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.insert(name)
    self.attributes.formUnion(attributes.keys)
    values.formUnion(attributes.values)
    contents.append("")
    current = attributes
    func number(_ key: String) -> Double { Double(attributes[key] ?? "") ?? 0 }
    if name == "svg" { (width, height) = (number("width"), number("height")) }
    if name == "rect", attributes["rx"] != nil {
      boxes.append(
        CGRect(x: number("x"), y: number("y"), width: number("width"), height: number("height")))
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !contents.isEmpty { contents[contents.count - 1] += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard name == "text", let size = Double(current["font-size"] ?? ""),
      let x = Double(current["x"] ?? ""), let y = Double(current["y"] ?? "")
    else { return }
    let text = contents[contents.count - 1]
    let width = textWidth(text, size: size, bold: current["font-weight"] == "bold")
    let left =
      switch current["text-anchor"] {
      case "end": x - width
      case "middle": x - width / 2
      default: x
      }
    texts.append(
      Text(
        text: text,
        frame: CGRect(x: left, y: y - 0.75 * size, width: width, height: 0.95 * size)))
  }
}
