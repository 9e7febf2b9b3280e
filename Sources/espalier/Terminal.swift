import EspalierReport
import EspalierText
import Foundation

/// What is known of the terminal that a command prints to.
enum Terminal {
  /// The columns that lines may take on standard output: those of the terminal, or 80 where there is none.
  static var width: Int {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return reportWidth }
    return Int(size.ws_col)
  }
}
