import EspalierData
import EspalierTraining
import Testing

@Suite struct DatasetTests {
  private func table(_ text: String) throws -> Table {
    try Table(Array(text.utf8), file: "t.csv")
  }

  private func network(_ task: Task, columns: [String] = ["x"]) -> Network {
    Network(
      input: Input("in", shape: [columns.count], columns: columns), trunk: Trunk(layers: []),
      heads: [Head(name: "y", task: task, layers: [])])
  }

  private func targets(_ task: Task, _ cells: [String]) throws -> [Double] {
    let rows = cells.map { "0,\($0)\n" }.joined()
    return try Dataset(table: table("x,y\n" + rows), network: network(task)).targets[0]
  }

  private func message(_ task: Task, _ cell: String) -> String {
    do {
      _ = try targets(task, [cell])
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func inputsFollowTheOrderOfTheInputsColumns() throws {
    let data = try Dataset(
      table: table("a,y,b\n1,0,2\n3,0,4\n"),
      network: network(.regression(), columns: ["b", "a"]))
    #expect(data.rowCount == 2)
    #expect(data.elementCount == 2)
    #expect(data.inputs == [2, 1, 4, 3])
  }

  @Test func classificationTargetsAreLabelNumbers() throws {
    let task = Task.classification(labels: ["cat", "dog", "3"])
    #expect(try targets(task, ["dog", "cat", "3", "3.0", "3e0"]) == [1, 0, 2, 2, 2])
  }

  @Test func binaryTargetsAreLabelsOrNumbers() throws {
    #expect(try targets(.binary(), ["no", "yes", "0", "1", "1.0"]) == [0, 1, 0, 1, 1])
  }

  @Test func binaryLabelsThatAreNumbersMeanThemselves() throws {
    #expect(try targets(.binary(labels: ["1", "2"]), ["1", "2"]) == [0, 1])
    #expect(
      message(.binary(labels: ["1", "2"]), "0")
        == "t.csv:2: column \"y\": \"0\" is not one of the labels; there are \"1\", \"2\"")
  }

  @Test func regressionTargetsAreNumbers() throws {
    #expect(try targets(.regression(), ["-1.5", "2e3"]) == [-1.5, 2000])
  }

  @Test func unknownLabel() {
    #expect(
      message(.classification(labels: ["cat", "dog"]), "Cat")
        == "t.csv:2: column \"y\": \"Cat\" is not one of the labels; there are \"cat\", \"dog\"")
    #expect(
      message(.binary(), "maybe")
        == "t.csv:2: column \"y\": \"maybe\" is not one of the labels; there are \"no\", \"yes\", \"0\", "
        + "\"1\"")
  }

  @Test func tooLargeForFloat() {
    #expect(
      message(.regression(), "1e39")
        == "t.csv:2: column \"y\": \"1e39\" is too large for a 32-bit number")
  }

  @Test func missingColumn() throws {
    let table = try table("x1,y\n0,0\n")
    #expect(
      throws: DataError(
        file: "t.csv", column: "x", "there is no such column; did you mean \"x1\"?")
    ) {
      try Dataset(table: table, network: network(.regression()))
    }
  }

  @Test func everythingThatIsWrongIsListedAtOnce() throws {
    let table = try table("a,b,y\n1,x,cat\n-,2,dog\n3,1e39,cow\n")
    let network = network(
      .classification(labels: ["cat", "dog"]), columns: ["c", "a", "d", "b"])
    do {
      _ = try Dataset(table: table, network: network)
      Issue.record("nothing is refused")
    } catch {
      let lines = "\(error)".split(separator: "\n")
      #expect(
        lines == [
          "t.csv: column \"c\": there is no such column; there are \"a\", \"b\", \"y\"",
          "t.csv: column \"d\": there is no such column; there are \"a\", \"b\", \"y\"",
          "t.csv:2: column \"b\": \"x\" is not a number; write a finite decimal number such as 3 or "
            + "0.25",
          "t.csv:3: column \"a\": \"-\" is not a number; fill it in, or leave the row out",
          "t.csv:4: column \"b\": \"1e39\" is too large for a 32-bit number",
          "t.csv:4: column \"y\": \"cow\" is not one of the labels; there are \"cat\", \"dog\"",
        ])
    }
  }

  @Test func wholeNumbersThatDoublesCannotTellApartAreLabelsAsText() throws {
    let task = Task.classification(labels: ["9007199254740992", "9007199254740993"])
    #expect(try targets(task, ["9007199254740993", "9007199254740992"]) == [1, 0])
    #expect(
      message(.classification(labels: ["9007199254740992", "1"]), "9007199254740993")
        .contains("is not one of the labels"))
  }

  @Test func subsetTakesRowsInTheGivenOrder() throws {
    let data = try Dataset(
      table: table("a,b,y\n1,2,10\n3,4,20\n5,6,30\n"),
      network: network(.regression(), columns: ["a", "b"]))
    let part = data.subset(rows: [2, 0, 2])
    #expect(part.rowCount == 3)
    #expect(part.inputs == [5, 6, 1, 2, 5, 6])
    #expect(part.targets == [[30, 10, 30]])
    #expect(data.subset(rows: []).inputs.isEmpty)
  }
}
