import EspalierData
import EspalierGraph
import EspalierRecipe
import EspalierTraining
import Foundation
import Testing

/// Runs that begin, go on, are exported, and are refused when what belongs together does not.
@Suite struct RunFolderTests {
  /// A table of 24 rows; the target follows the inputs, and so does the kind.
  private func table(rows: Int = 24, changing row: Int? = nil) throws -> Table {
    let lines = (0..<rows).map { index in
      let (x, y) = (Double(index % 7) / 7, Double(index * 5 % 11) / 11)
      let first = index == row ? 99 : x
      return "\(first),\(y),\(index % 3 == 0 ? "a" : "b"),\(x - 2 * y + 30)"
    }
    return try Table(
      Array("x1,x2,kind,size\n\(lines.joined(separator: "\n"))\n".utf8), file: "small.csv")
  }

  private func recipe(epochs: Int = 4, changing text: String = "", to other: String = "") throws
    -> Recipe
  {
    let text = smallRecipe.replacing("epochs: 2", with: "epochs: \(epochs)").replacing(
      text, with: other)
    return try Recipe(parsing: text, path: "/data/r.yaml")
  }

  /// Trains in a folder up to an epoch, and finishes when that is the last one.
  private func train(
    _ folder: RunFolder, _ recipe: Recipe, _ table: Table, _ use: RunFolder.Use,
    upTo last: Int? = nil
  ) throws {
    let lock = try folder.open(use)
    let trainer = try folder.trainer(of: recipe, table: table, use)
    let resolved = try recipe.resolved(table: table)
    if use == .resume {
      try folder.resume(trainer, recipe: resolved)
    } else {
      try folder.begin(trainer, recipe: resolved)
    }
    let epochs = trainer.experiment.options.epochs
    while trainer.epoch < min(last ?? epochs, epochs) {
      try folder.record(try trainer.runEpoch(), of: trainer)
    }
    if trainer.epoch == epochs {
      trainer.restoreBest()
      try folder.finish(try RunSummary(of: trainer))
    }
    withExtendedLifetime(lock) {}
  }

  private func inFolder(_ body: (RunFolder) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "run-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(RunFolder(path))
  }

  private func contents(_ folder: RunFolder, _ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
  }

  @Test(arguments: [0, 1, 3])
  func runsThatGoOnMakeTheBytesOfThoseThatWereNotInterrupted(_ epoch: Int) throws {
    try inFolder { whole in
      try train(whole, recipe(), table(), .new)
      try inFolder { cut in
        try train(cut, recipe(), table(), .new, upTo: epoch)
        try train(cut, recipe(), table(), .resume)
        for name in [
          "recipe.yaml", "data.json", "best.safetensors", "last.safetensors", "metrics.jsonl",
          "summary.json",
        ] {
          #expect(try contents(cut, name) == contents(whole, name), "\(name)")
        }
      }
    }
  }

  @Test func moreEpochsThanBeforeArePossible() throws {
    try inFolder { whole in
      try train(whole, recipe(epochs: 6), table(), .new)
      try inFolder { longer in
        try train(longer, recipe(epochs: 3), table(), .new)
        try train(longer, recipe(epochs: 6), table(), .resume)
        for name in ["best.safetensors", "last.safetensors", "recipe.yaml", "summary.json"] {
          #expect(try contents(longer, name) == contents(whole, name), "\(name)")
        }
        #expect(
          thrownMessage { try train(longer, recipe(epochs: 5), table(), .resume) }
            == "\(longer.path) has done 6 epochs already; epochs: 5 is fewer")
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func runsWithoutRecordsOfTheirEpochsDoNotGoOn(_ missing: Int) throws {
    try inFolder { folder in
      try train(folder, try recipe(), try table(), .new, upTo: 3)
      var lines = String(decoding: try contents(folder, "metrics.jsonl"), as: UTF8.self)
        .split(separator: "\n")
      lines.remove(at: missing - 1)
      try Data((lines.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: folder.path + "/metrics.jsonl"))
      let message = thrownMessage { try train(folder, try recipe(), try table(), .resume) }
      #expect(message.contains("metrics.jsonl has no record of epoch \(missing) of 3 in its place"))
    }
  }

  @Test func runsWithoutHeldOutRowsAreJudgedOnThoseOfTraining() throws {
    let text = "{test: 0.2, validation: 0.2}"
    let trainer = try recipe(changing: text, to: "{test: 0, validation: 0}").trainer(table: table())
    _ = try trainer.runEpoch()
    trainer.restoreBest()
    let summary = try RunSummary(of: trainer)
    #expect(summary.validation.isEmpty && summary.test.isEmpty)
    // 16 of the 24 rows are of kind b.
    #expect(summary.constant["kind"]?["accuracy"] == 2.0 / 3)
    #expect(summary.training?["kind"]?["accuracy"] != nil)
  }

  @Test func otherDataAreRefused() throws {
    try inFolder { folder in
      try train(folder, recipe(), table(), .new, upTo: 2)
      let before = try contents(folder, "last.safetensors")
      let more = thrownMessage { try train(folder, recipe(), table(rows: 25), .resume) }
      #expect(more.contains("\n  25 rows; there were 24\n"), "\(more)")
      let other = thrownMessage { try train(folder, recipe(), table(changing: 3), .resume) }
      #expect(other.contains("\n  column \"x1\" (input) has other numbers\n"), "\(other)")
      #expect(try contents(folder, "last.safetensors") == before)
      try train(folder, recipe(), table(), .resume)
    }
  }

  @Test func anotherRecipeIsRefusedByWhatChanged() throws {
    try inFolder { folder in
      try train(folder, recipe(), table(), .new, upTo: 2)
      let message = thrownMessage {
        try train(folder, recipe(changing: "dense: 3", to: "dense: 5"), table(), .resume)
      }
      #expect(
        message.contains("\n  trunk[1].dense.units: 3 when the run began, 5 now\n"), "\(message)")
    }
  }

  @Test func onlyOneTrainingWritesToAFolder() throws {
    try inFolder { folder in
      let lock = try folder.open(.new)
      #expect(thrownMessage { _ = try folder.open(.new) }.contains("another training is writing"))
      withExtendedLifetime(lock) {}
    }
  }

  @Test func foldersOfOtherThingsAreLeftAlone() throws {
    try inFolder { folder in
      #expect(
        thrownMessage { _ = try folder.open(.resume) }.contains(
          "does not exist; leave out --resume"))
      try FileManager.default.createDirectory(
        atPath: folder.path, withIntermediateDirectories: true)
      #expect(throws: Never.self) { _ = try folder.open(.new) }
      let own = folder.path + "/recipe.yaml"
      try smallRecipe.write(toFile: own, atomically: true, encoding: .utf8)
      #expect(thrownMessage { _ = try folder.open(.replace) }.contains("not of a training run"))
      #expect(thrownMessage { _ = try folder.open(.new) }.contains("is not empty"))
      #expect(
        thrownMessage { _ = try folder.open(.resume) }.contains(
          "not the folder of a training run; it has no recipe.yaml and metrics.jsonl"))
      #expect(try String(contentsOfFile: own, encoding: .utf8) == smallRecipe)
    }
  }

  @Test func aFolderThatWasMadeForNothingGoesAgain() throws {
    try inFolder { folder in
      _ = try folder.open(.new)
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  @Test(arguments: ["best.safetensors", "recipe.yaml", "data.json", "metrics.jsonl"])
  func filesOfAnotherRunAreNotExported(_ name: String) throws {
    try inFolder { one in
      try train(one, recipe(), table(), .new)
      try inFolder { other in
        try train(other, recipe(changing: "dense: 3", to: "dense: 5"), table(changing: 2), .new)
        #expect(throws: Never.self) { _ = try other.export() }
        try contents(one, name).write(to: URL(fileURLWithPath: other.path + "/" + name))
        #expect(
          thrownMessage { _ = try other.export() }.contains(
            "\(name) is not the file that summary.json"))
      }
    }
  }

  @Test func parametersOfAnotherRunAreNeitherExportedNorTrainedOn() throws {
    try inFolder { one in
      try train(one, recipe(), table(), .new, upTo: 2)
      try inFolder { other in
        try train(other, recipe(changing: "dense: 3", to: "dense: 5"), table(), .new, upTo: 2)
        for name in ["best.safetensors", "last.safetensors"] {
          try contents(one, name).write(to: URL(fileURLWithPath: other.path + "/" + name))
        }
        #expect(
          thrownMessage { _ = try other.export(bestSoFar: true) }.contains("belongs to another run")
        )
        #expect(
          thrownMessage {
            try train(other, recipe(changing: "dense: 3", to: "dense: 5"), table(), .resume)
          }.contains("belongs to another run"))
      }
    }
  }

  @Test func theBestSoFarIsExportedWhenAsked() throws {
    try inFolder { folder in
      try train(folder, recipe(), table(), .new, upTo: 2)
      #expect(thrownMessage { _ = try folder.export() }.contains("--best-so-far"))
      let model = try folder.export(bestSoFar: true).model
      #expect(model.heads[0].description.metrics.contains { $0.split == "validation" })
      let size = try #require(model.head(named: "size")).description
      #expect(abs(size.targetMean - 29.6) < 0.5)
      #expect(model.trunk.columns[0].allSatisfy { $0.range != nil })
    }
  }

  @Test func rowsThatOverflowAreReportedAndRecorded() throws {
    try inFolder { folder in
      var rows = try String(decoding: contentsOfTable(), as: UTF8.self).split(separator: "\n").map(
        String.init)
      for row in rows.indices.dropFirst() {
        let cells = rows[row].split(separator: ",")
        rows[row] =
          "\(cells[0]),\(cells[1]),\(cells[2]),\(row % 2 == 0 ? "1e-5" : "2e-5")"
      }
      let recipe = try recipe(changing: "dense: 3", to: "dense: 5")
      // One row of the test part is out of all proportion.
      let plain = try Table(Array((rows.joined(separator: "\n") + "\n").utf8), file: "small.csv")
      let test = try recipe.trainer(table: plain).rows.test[0]
      let cells = rows[test + 1].split(separator: ",")
      rows[test + 1] = "\(cells[0]),\(cells[1]),\(cells[2]),9.97e36"
      let table = try Table(Array((rows.joined(separator: "\n") + "\n").utf8), file: "small.csv")
      try train(folder, recipe, table, .new)
      let summary = try #require(try folder.summary())
      #expect(summary.test["size"]?["loss"] == .infinity)
      #expect(
        summary.warnings.contains {
          $0.hasPrefix("head size: row \(test + 1) of the table, a test row, overflows")
        }, "\(summary.warnings)")
      let model = try folder.export().model
      #expect(
        model.head(named: "size")?.description.metrics.allSatisfy { $0.value.isFinite } == true)
    }
  }

  private func contentsOfTable() throws -> [UInt8] {
    let lines = (0..<24).map {
      "\(Double($0 % 7) / 7),\(Double($0 * 5 % 11) / 11),\($0 % 3 == 0 ? "a" : "b"),1"
    }
    return Array("x1,x2,kind,size\n\(lines.joined(separator: "\n"))\n".utf8)
  }
}
