import EspalierData
import EspalierRecipe
import EspalierTraining
import Testing

/// How a recipe meets its data: patterns, and the messages about columns and places.
@Suite struct TableMessageTests {
  private func columns(_ patterns: String, _ header: String) throws -> [String] {
    let count = header.split(separator: ",").count
    let text = smallRecipe.replacing("columns: x*", with: "columns: \(patterns)")
    for size in 1...count {
      let recipe = try Recipe(parsing: text.replacing("[2]", with: "[\(size)]"), path: "r.yaml")
      let table = try Table(Array((header + ",kind,size\n").utf8), file: "small.csv")
      if let experiment = try? recipe.experiment(table: table) {
        return experiment.network.input.columns
      }
    }
    return []
  }

  private func message(
    _ text: String = "", _ replacement: String = "", header: String = "x1,x2,kind,ok,size"
  ) -> String {
    thrownMessage {
      let text = text.isEmpty ? smallRecipe : smallRecipe.replacing(text, with: replacement)
      _ = try Recipe(parsing: text, path: "r.yaml").experiment(table: smallTable(header: header))
    }
  }

  @Test(
    arguments: [
      ("x*", "x2,y,x1", ["x2", "x1"]),
      ("[x1, x2]", "x2,y,x1", ["x1", "x2"]),
      ("[y, x*]", "x2,y,x1", ["y", "x2", "x1"]),
      ("p_*_*", "p_1_2,p_1,p__,q_1_2", ["p_1_2", "p__"]),
      ("\"*b*\"", "abc,b,aab,ac", ["abc", "b", "aab"]),
      ("a*b*c", "abc,aXbYbc,abcd,acb", ["abc", "aXbYbc"]),
      ("\"a*\"", "a*,ab", ["a*"]),
    ])
  func patternsNameColumns(_ patterns: String, _ header: String, _ expected: [String]) throws {
    #expect(try columns(patterns, header) == expected)
  }

  @Test func missingInputColumn() {
    #expect(
      message("x*", "[x1, y2]")
        == "r.yaml:6:17: input.columns[1]: small.csv has no column \"y2\"; did you mean \"x2\"?")
    #expect(
      message("x*", "pixel_*")
        == "r.yaml:6:3: input.columns: small.csv has no column \"pixel_*\"; there are \"x1\", \"x2\", "
        + "\"kind\", \"ok\", \"size\"")
  }

  @Test func missingTargetColumn() {
    #expect(
      message(header: "x1,x2,kinds,ok,size")
        == "r.yaml:12:3: heads.kind.target: small.csv has no column \"kind\"; did you mean \"kinds\"?"
    )
    #expect(
      message("reads: middle", "target: height")
        == "r.yaml:19:5: heads.size.target: small.csv has no column \"height\"; there are \"x1\", "
        + "\"x2\", \"kind\", \"ok\", \"size\"")
  }

  @Test func columnsThatNobodyAsksForAreInNobodysWay() throws {
    #expect(try columns("x*", "x1,,y,y,x2,") == ["x1", "x2"])
  }

  @Test func columnsOfOneName() {
    let expected =
      "r.yaml:6:3: input.columns: the name \"x1\" stands more than once in the header of small.csv; "
      + "rename all but one"
    #expect(message("x*", "x1", header: "x1,x1,kind,ok,size") == expected)
    #expect(message("x*", "\"x*\"", header: "x1,x1,kind,ok,size") == expected)
  }

  @Test func pathsInMessagesAreClean() throws {
    let text = smallRecipe.replacing("small.csv", with: "../data/./small.csv")
    let recipe = try Recipe(parsing: text, path: "/nowhere/recipes/r.yaml")
    #expect(recipe.dataPath == "/nowhere/data/small.csv")
    #expect(try Recipe(parsing: text, path: "recipes/r.yaml").dataPath == "data/small.csv")
    #expect(try Recipe(parsing: text, path: "r.yaml").dataPath == "../data/small.csv")
    let piped = smallRecipe.replacing("small.csv", with: "\"-\"")
    #expect(try Recipe(parsing: piped, path: "/nowhere/r.yaml").dataPath == "-")
  }

  @Test func missingStratifyColumn() {
    #expect(
      message("test: 0.2", "stratify: Kind")
        == "r.yaml:4:11: data.split.stratify: small.csv has no column \"Kind\"; did you mean \"kind\"?"
    )
  }

  @Test func columnTwice() {
    #expect(
      message("x*", "[x*, x1]")
        == "r.yaml:6:17: input.columns[1]: column \"x1\" is an input already, by \"x*\"")
  }

  @Test func patternThatTakesInATarget() {
    #expect(
      message("x*", "\"*\"")
        == "r.yaml:6:3: input.columns: \"*\" takes in column \"kind\", which head \"kind\" learns to "
        + "predict; use a narrower pattern")
    // A column that is named in full may be input and target, as an autoencoder needs.
    #expect(message("x*", "[x1, size]").isEmpty)
  }

  @Test func shapeThatDoesNotHoldTheColumns() {
    #expect(
      message("[2]", "[2, 2, 1]")
        == "r.yaml:7:3: input.shape: 2 x 2 x 1 holds 4 elements, but the columns are 2")
  }

  @Test func missingDataFile() throws {
    let recipe = try Recipe(parsing: smallRecipe, path: "/nowhere/r.yaml")
    #expect(recipe.dataPath == "/nowhere/small.csv")
    #expect(
      thrownMessage { _ = try recipe.table() }
        == "/nowhere/r.yaml:3:3: data.file: /nowhere/small.csv: there is no such file")
  }

  @Test func placesOfTheNetwork() throws {
    let text = smallRecipe.replacing("- dense: 3", with: "- flatten")
    let recipe = try Recipe(parsing: text, path: "r.yaml")
    func place(_ place: NetworkPlace, _ key: String? = nil) -> String {
      "\(recipe.place(of: place, key: key))"
    }
    #expect(place(.input) == "5:1")
    #expect(place(.input, "shape") == "7:3")
    #expect(place(.trunk(layer: 0)) == "9:5")
    #expect(place(.trunk(layer: 0), "activation") == "9:23")
    #expect(place(.trunk(layer: 1)) == "10:5")
    #expect(place(.head("size", layer: nil)) == "17:3")
    #expect(place(.head("size", layer: nil), "reads") == "19:5")
    #expect(place(.head("size", layer: 0)) == "21:9")
    // What the recipe leaves to defaults stands where its part does.
    #expect(place(.trunk(layer: 0), "stride") == "9:5")
    #expect(place(.head("size", layer: 0), "units") == "21:9")
  }

  @Test func errorsOfTheNetworkAndTheSplitGetTheirPlace() throws {
    let recipe = try Recipe(parsing: smallRecipe, path: "r.yaml")
    let network = NetworkError(place: .trunk(layer: 0), key: "units", "too many")
    #expect("\(recipe.error(network))" == "r.yaml:9:13: trunk[0].dense.units: too many")
    let split = try #require(throws: SplitError.self) {
      try Split(test: 0.01).apply(rowCount: 3, seed: 0)
    }
    #expect("\(recipe.error(split))".hasPrefix("r.yaml:4:11: data.split.test: a share of 0.01"))
  }
}
