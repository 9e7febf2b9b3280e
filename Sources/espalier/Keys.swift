import CSodium
import EspalierFiles
import EspalierFormat
import Foundation

/// Makes libsodium ready, once.
private let sodium: Void = precondition(sodium_init() >= 0, "libsodium found no source of entropy")

/// A block of a PEM file (RFC 7468).
private struct PEMBlock {
  /// What its first line says that it is, such as `PUBLIC KEY`.
  let label: String
  /// What it holds; nil when that is not base 64, or does not end.
  let content: [UInt8]?

  /// Reads the first block of a file.
  ///
  /// - Throws: `CommandError` when the file is not of the kind that is wanted.
  init(path: String, as purpose: FileKind.Purpose) throws {
    let bytes = try fileBytes(path, limit: 1 << 16) { CommandError("\(shownPath(path)): \($0)") }
    if let problem = FileKind(bytes).problem(as: purpose, path: path) {
      throw CommandError("\(shownPath(path)): \(problem)")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let begin = lines.firstIndex { $0.hasPrefix("-----BEGIN ") && $0.hasSuffix("-----") }
    guard let begin else {
      throw CommandError(
        "\(shownPath(path)): not a file in PEM; where it is a key in DER, openssl pkey -inform DER "
          + "-in \(quotedForShell(path)) writes it in PEM")
    }
    label = String(lines[begin].dropFirst("-----BEGIN ".count).dropLast("-----".count))
    let end = lines[begin...].firstIndex(of: "-----END \(label)-----")
    content = end.flatMap { Data(base64Encoded: lines[(begin + 1)..<$0].joined()) }.map(Array.init)
  }

  /// The 32 bytes of an Ed25519 key of a kind, behind what its standard has before them.
  func key(_ wanted: String, prefix: [UInt8], path: String) throws -> [UInt8] {
    guard label == wanted, let content, content.starts(with: prefix),
      content.count == prefix.count + 32
    else {
      throw CommandError(
        "\(shownPath(path)): \(problem(as: wanted, quotedForShell(path))), not an Ed25519 "
          + wanted.lowercased() + "; \(remedy(for: wanted, quotedForShell(path)))")
    }
    return Array(content.dropFirst(prefix.count))
  }

  private func problem(as wanted: String, _ path: String) -> String {
    switch label {
    case wanted: content == nil ? "the key is cut short or damaged" : "this key is of another kind"
    case "PUBLIC KEY": "this is a public key"
    case "PRIVATE KEY": "this is a private key"
    case "ENCRYPTED PRIVATE KEY": "this is an encrypted key"
    case "OPENSSH PRIVATE KEY": "this is a key of OpenSSH"
    case "CERTIFICATE": "this is a certificate"
    default: "this is called \(label)"
    }
  }

  private func remedy(for wanted: String, _ path: String) -> String {
    switch (label, wanted) {
    case ("ENCRYPTED PRIVATE KEY", "PRIVATE KEY"): "openssl pkey -in \(path) decrypts it"
    case ("PUBLIC KEY", "PRIVATE KEY"): "name the private key that belongs to it"
    case ("PRIVATE KEY", "PUBLIC KEY"), ("ENCRYPTED PRIVATE KEY", "PUBLIC KEY"):
      "openssl pkey -in \(path) -pubout writes the public key that belongs to it"
    case ("CERTIFICATE", "PUBLIC KEY"): "openssl x509 -in \(path) -noout -pubkey writes its key"
    default: "openssl genpkey -algorithm ed25519 makes a private key that signs"
    }
  }
}

/// An Ed25519 key to sign with.
struct PrivateKey {
  private let publicKey: [UInt8]
  /// The seed and the public key, as libsodium takes them.
  private let secretKey: [UInt8]

  /// Reads a PKCS #8 file (RFC 8410).
  init(path: String) throws {
    let prefix: [UInt8] = [
      0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
      0x20,
    ]
    let seed = try PEMBlock(path: path, as: .key).key("PRIVATE KEY", prefix: prefix, path: path)
    var publicKey = [UInt8](repeating: 0, count: 32)
    var secretKey = [UInt8](repeating: 0, count: 64)
    _ = sodium
    guard crypto_sign_seed_keypair(&publicKey, &secretKey, seed) == 0 else {
      throw CommandError("\(path): not an Ed25519 key")
    }
    (self.publicKey, self.secretKey) = (publicKey, secretKey)
  }

  /// The signature of a statement.
  func signature(of statement: [UInt8]) -> Signature {
    var bytes = [UInt8](repeating: 0, count: 64)
    let status = crypto_sign_detached(&bytes, nil, statement, UInt64(statement.count), secretKey)
    guard status == 0, let signature = Signature(publicKey: publicKey, bytes: bytes) else {
      preconditionFailure("an Ed25519 signature has 64 bytes")
    }
    return signature
  }
}

/// An Ed25519 key to check signatures with.
struct PublicKey {
  /// The 32 bytes.
  let bytes: [UInt8]

  /// The key of 32 bytes, or nil when they are none.
  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Reads a SubjectPublicKeyInfo file (RFC 8410).
  init(path: String) throws {
    let prefix: [UInt8] = [
      0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    bytes = try PEMBlock(path: path, as: .key).key("PUBLIC KEY", prefix: prefix, path: path)
  }

  /// Whether a signature is one of a statement by this key.
  func hasMade(_ signature: Signature, of statement: [UInt8]) -> Bool {
    _ = sodium
    return signature.publicKey == bytes && signature.bytes.count == 64
      && crypto_sign_verify_detached(
        signature.bytes, statement, UInt64(statement.count), bytes) == 0
  }
}

extension Signature {
  private static let label = "ESPALIER SIGNATURE"

  /// The signature as the text of a file: key and signature in base 64.
  var text: [UInt8] {
    let content = Data(publicKey + bytes).base64EncodedString(options: .lineLength64Characters)
    return Array("-----BEGIN \(Self.label)-----\n\(content)\n-----END \(Self.label)-----\n".utf8)
  }

  /// Reads the text of a file.
  init(path: String) throws {
    let block = try PEMBlock(path: path, as: .signature)
    guard block.label == Self.label, let content = block.content,
      let signature = Signature(
        publicKey: Array(content.prefix(32)), bytes: Array(content.dropFirst(32)))
    else { throw CommandError("\(path): not a signature that espalier sign has written") }
    self = signature
  }
}
