import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierRuntime
import EspalierText
import EspalierWriter
import Foundation

/// `espalier verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check all that can be checked of a model file.",
    discussion: """
      Checks the checksum and the SHA-256 digest of every section, that the bytes are in \
      canonical form, and that trunk and heads make a valid model. With --run the heads also \
      compute the examples in the file, which have to come out as they did where the file was \
      made. With --key the file has to be signed with that key, inside or in a file of its own.

      Examples:
        espalier verify digits.espalier --run
        espalier verify digits.espalier --key public.pem
        espalier verify digits.espalier --key public.pem --signature digits.sig
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Flag(name: .customLong("run"), help: "Run the examples in the file.")
  var runsExamples = false

  @Option(help: "The largest difference of an example, to the head's largest number.")
  var tolerance: Float = 1e-5

  @Option(help: "The public key of who has to have signed the model, a PEM file.")
  var key: String?

  @Option(help: "The file of the signature; the signatures in the model when left out.")
  var signature: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if signature != nil && key == nil { throw ValidationError("--signature needs --key") }
    if !(tolerance >= 0) { throw ValidationError("--tolerance has to be 0 or more") }
  }

  func run() throws {
    let report = try withFile(model) { try checks() }
    if json {
      try printJSON(report)
    } else {
      try printOutput(report.text(title: model))
    }
    if report.checks.contains(where: { !$0.passed }) {
      throw CommandError("\(model): not verified; see what failed above")
    }
  }

  private func checks() throws -> VerificationReport {
    let file = try ModelFile(path: model)
    var reader = try ModelReader(FileSource(path: model))
    var bar = ProgressBar()
    let found = try file.verify { done, total in
      bar.show(Double(done) / Double(total), "section \(done)/\(total)")
    }
    bar.clear()
    var report = VerificationReport(found)
    let loaded = try reader.load()
    report.add("model", true, "trunk and \(counted(loaded.heads.count, "head")) fit together")
    if runsExamples { try report.add(examples(of: &reader, loaded)) }
    if let key { try report.add(signed(found.statement, reader, PublicKey(path: key))) }
    return report
  }

  private func examples(
    of reader: inout ModelReader<FileSource>, _ loaded: Model
  ) throws -> VerificationReport.Check {
    guard let example = try reader.example() else {
      return .init("examples", false, "the file has none")
    }
    let differences: [ExampleDifference]
    do throws(RuntimeError) {
      differences = try loaded.differences(from: example)
    } catch {
      return .init("examples", false, "\(error)")
    }
    let rows = example.inputs.first?.shape.sizes.first ?? 1
    let worst = differences.map(\.relative).max() ?? 0
    let failed = differences.filter { !($0.relative <= tolerance) }.map(\.head)
    let text =
      "\(counted(rows, "row")) through \(counted(differences.count, "head")), "
      + "largest difference \(worst == 0 ? "0" : String(format: "%.1e", worst))"
    return .init(
      "examples", failed.isEmpty,
      failed.isEmpty ? text : "\(text); not as before: \(listed(failed))")
  }

  private func signed(
    _ statement: [UInt8], _ reader: ModelReader<FileSource>, _ key: PublicKey
  ) throws -> VerificationReport.Check {
    let signatures = try signature.map { [try Signature(path: $0)] } ?? reader.signatures()
    let byKey = signatures.filter { $0.publicKey == key.bytes }
    if byKey.contains(where: { key.hasMade($0, of: statement) }) {
      return .init("signature", true, "made with the key, of all that the file holds")
    }
    guard !byKey.isEmpty else {
      return .init(
        "signature", false,
        signatures.isEmpty ? "the file has none" : "none of \(signatures.count) is by the key")
    }
    return .init("signature", false, "by the key, but of other contents than the file has now")
  }
}

/// What `espalier verify` says.
struct VerificationReport: Encodable {
  struct Check: Encodable {
    let name: String
    let passed: Bool
    let detail: String

    init(_ name: String, _ passed: Bool, _ detail: String) {
      self.name = name
      self.passed = passed
      self.detail = detail
    }
  }

  private(set) var checks: [Check] = []

  init(_ found: Verification) {
    add("checksums", true, "of \(counted(found.sectionCount, "section"))")
    let wrong = found.wrongDigests
    add(
      "digests", wrong.isEmpty,
      wrong.isEmpty
        ? "of \(counted(found.sectionCount, "section"))"
        : "wrong: \(wrong.prefix(5).map(\.description).joined(separator: ", "))")
    let parts = counted(found.partCount, "part")
    add(
      "form", found.isCanonical,
      !found.isCanonical
        ? "not canonical; espalier pack makes it so"
        : found.otherwiseCompressed.isEmpty
          ? "canonical, \(parts)"
          : "canonical, \(parts); compressed by another zlib than this machine's")
  }

  mutating func add(_ check: Check) { checks.append(check) }

  mutating func add(_ name: String, _ passed: Bool, _ detail: String) {
    add(Check(name, passed, detail))
  }

  func text(title: String) -> String {
    let rows = checks.map { [$0.passed ? "ok" : "FAILED", $0.name, $0.detail] }
    return ([title] + aligned(rows).map { "  " + $0 }).joined(separator: "\n")
  }
}
