import ArgumentParser
import EspalierFormat
import EspalierGraph
import EspalierReport
import EspalierWriter

/// `espalier sign`.
struct Sign: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sign a model with an Ed25519 key.",
    discussion: """
      The signature covers the digests of all that counts in the file, so that it holds for \
      the file after espalier pack too, and no longer once a head is added or replaced. It \
      goes into the file, which is packed, or with --detached into a file of its own. \
      Signatures by other keys that still hold are kept.

      Examples:
        openssl genpkey -algorithm ed25519 -out private.pem
        openssl pkey -in private.pem -pubout -out public.pem
        espalier sign digits.espalier --key private.pem
        espalier sign digits.espalier --key private.pem --detached digits.sig
      """)

  @Argument(help: "The model, an .espalier file.")
  var model: String

  @Option(help: "The private key, a PEM file as openssl genpkey makes it.")
  var key: String

  @Option(help: "The file to write; the model itself when left out.")
  var out: String?

  @Option(help: "Write the signature to this file, and leave the model as it is.")
  var detached: String?

  func validate() throws {
    if out != nil && detached != nil {
      throw ValidationError("--out and --detached exclude each other.")
    }
  }

  func run() throws {
    // The model may be rewritten, but not by a signature alone.
    try expectNotRead(detached ?? out ?? model, key, detached == nil ? nil : model)
    let key = try PrivateKey(path: key)
    let (file, statement) = try withFile(model) {
      let file = try ModelFile(path: model)
      return (file, try file.statement())
    }
    let signature = key.signature(of: statement)
    if let detached {
      try withFile(detached) { try replaceFile(detached, with: signature.text) }
      try printOutput("\(detached): the signature of \(model)")
      return
    }
    let others = try withFile(model) {
      try ModelReader(FileSource(path: model)).signatures().filter { other in
        let by = PublicKey(bytes: other.publicKey)
        return other.publicKey != signature.publicKey && by?.hasMade(other, of: statement) == true
      }
    }
    let target = out ?? model
    try withFile(target) { try file.pack(to: target, signatures: others + [signature]) }
    try printOutput("\(target): signed; \(counted(others.count + 1, "signature"))")
  }
}
