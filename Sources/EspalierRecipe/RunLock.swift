import Foundation

/// Holds a run folder, so that no other training writes to it; the lock ends with the process, however that ends.
public final class RunLock {
  private let descriptor: Int32
  private let path: String
  /// Whether the folder was made for the run, and goes again when nothing is written to it.
  private let isTemporary: Bool

  /// Takes the lock of a folder.
  ///
  /// - Parameter isTemporary: whether the folder goes again with the lock when it is empty then.
  /// - Throws: `RunFolderError` when another training has it.
  init(_ path: String, isTemporary: Bool) throws {
    self.path = path
    self.isTemporary = isTemporary
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw RunFolderError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      close(descriptor)
      // File systems without locks let everybody write.
      guard !isHeld else {
        throw RunFolderError(
          "\(path): another training is writing to this folder; wait for it to end, or train into "
            + "another folder")
      }
      return
    }
  }

  deinit {
    // Removes empty folders only.
    if isTemporary { rmdir(path) }
    close(descriptor)
  }
}
