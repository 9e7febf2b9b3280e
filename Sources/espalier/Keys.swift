import CSodium
import EspalierFiles
import EspalierFormat
import Foundation

/// Makes libsodium ready, once.
private let sodium: Void = precondition(sodium_init() >= 0, "libsodium found no source of entropy")

/// The labels and contents of PEM files (RFC 7468).
private func pem(_ path: String, label: String, prefix: [UInt8]) throws -> [UInt8] {
  let bytes = try fileBytes(path, limit: 1 << 16) { CommandError("\(shownPath(path)): \($0)") }
  if let problem = FileKind(bytes).problem(as: .key, path: path) {
    throw CommandError("\(shownPath(path)): \(problem)")
  }
  let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    .map { $0.trimmingCharacters(in: .whitespaces) }
  guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
    let end = lines.firstIndex(of: "-----END \(label)-----"), begin < end,
    let content = Data(base64Encoded: lines[(begin + 1)..<end].joined()),
    content.starts(with: prefix), content.count == prefix.count + 32
  else { throw CommandError("\(path): not a PEM file of an Ed25519 \(label.lowercased())") }
  return Array(content.dropFirst(prefix.count))
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
    let seed = try pem(path, label: "PRIVATE KEY", prefix: prefix)
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
    bytes = try pem(path, label: "PUBLIC KEY", prefix: prefix)
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
    let bytes = try fileBytes(path, limit: 1 << 16) { CommandError("\(shownPath(path)): \($0)") }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.first == "-----BEGIN \(Self.label)-----",
      lines.last == "-----END \(Self.label)-----", lines.count > 2,
      let content = Data(base64Encoded: lines.dropFirst().dropLast().joined()),
      let signature = Signature(
        publicKey: Array(content.prefix(32)), bytes: Array(content.dropFirst(32)))
    else { throw CommandError("\(path): not a signature that espalier sign has written") }
    self = signature
  }
}
