import EspalierGraph
import EspalierReport
import EspalierText
import Testing

@Suite struct TextDrawingTests {
  @Test func trunkAndHeadsAreDrawn() throws {
    let lines = TextDrawing.lines(ModelOutline(try Models.branching()), .unicode)
    #expect(
      lines.joined(separator: "\n") == """
             x                                                             8
           1 │ dense, relu                                                 8          64
           2 │ dense, relu                                                 8          64
             ├─ low                                                        8
             │  └─ edges  regression: dense 8                              8          64
           3 │ dense, relu                                                 8          64
           4 │ dense, relu                                                 8          64
           5 │ dense, relu                                                 8          64
             └─ high                                                       8
                ├─ lane ← low, high  regression: dense 8, add              8          64
                └─ car  classification: dense 8                            8          64
                   ├─ speed ← car.y, high  regression: dense ...           8          64
                   │  └─ brake ← speed.y, car.y  regression: ...           8          64
                   └─ risk  regression: dense 8                            8          64
        """)
  }

  @Test func layersSayWhatTheyReadUnlessItIsTheOneBefore() throws {
    let lines = TextDrawing.lines(
      ModelOutline(try Models.model(Models.residual(blocks: 2))), .ascii)
    #expect(lines.contains { $0.hasPrefix("   4 | add, relu <- 1, 3 ") }, "\(lines)")
  }

  @Test(arguments: LineStyle.allCases, [0, 1, 3, 59, 60, 61, 10_000])
  func everyHeadIsShownOrCounted(_ style: LineStyle, _ count: Int) throws {
    let lines = TextDrawing.lines(ModelOutline(try Models.flat(heads: count)), style)
    #expect(lines.count <= 3 + 2 + 61)
    let shown = lines.count { $0.contains("  regression: ") || $0.contains("  classification: ") }
    let more = lines.compactMap { line in
      line.firstRange(of: /\.\.\. [0-9,]+ more head/).map { line[$0].filter(\.isNumber) }
    }
    #expect(shown + more.reduce(0) { $0 + (Int($1) ?? 0) } == count)
  }

  @Test(arguments: LineStyle.allCases)
  func linesFit(_ style: LineStyle) throws {
    let models = [
      try Models.branching(), try Models.hostile(), try Models.tower(heads: 500),
      try Models.flat(heads: 100),
      try Models.model(Models.chain(layers: 300, features: [100: "a", 300: "b"])),
    ]
    for (model, width) in models.flatMap({ model in [40, 60, 80, 132].map { (model, $0) } }) {
      let lines = TextDrawing.lines(ModelOutline(model), style, width: width)
      #expect(lines.count <= 100)
      for line in lines { #expect(columns(of: line) <= width, "\(line)") }
      if style == .ascii {
        for line in lines { #expect(line.allSatisfy { $0.isASCII }, "\(line)") }
      }
    }
  }

  @Test func manyFeaturesAreCounted() throws {
    let features = Dictionary(uniqueKeysWithValues: (1...90).map { ($0, Name("f\($0)")) })
    let heads = (1...90).map { Models.head(Name("h\($0)"), reads: [.feature(Name("f\($0)"))]) }
    let model = try Models.model(Models.chain(layers: 90, features: features), heads: heads)
    let lines = TextDrawing.lines(ModelOutline(model), .unicode)
    #expect(lines.contains { $0.contains("└─ ... 60 more features") }, "\(lines)")
    #expect(lines.contains { $0.contains("└─ ... 60 more heads") }, "\(lines)")
  }

  @Test(arguments: [
    ([:], LineStyle.ascii), (["LANG": "C"], .ascii), (["LANG": "de_DE.UTF-8"], .unicode),
    (["LANG": "C.utf8"], .unicode), (["LC_ALL": "C", "LANG": "de_DE.UTF-8"], .ascii),
    (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], .unicode),
    (["LC_CTYPE": "en_US.ISO-8859-1", "LANG": "C.UTF-8"], .ascii),
  ])
  func theLocaleChoosesTheCharacters(_ environment: [String: String], _ expected: LineStyle) {
    #expect(LineStyle(environment: environment) == expected)
  }
}
