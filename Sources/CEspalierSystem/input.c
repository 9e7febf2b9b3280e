// Inputs that are read once, from the first byte to the last: files, pipes, and what standard input is.
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64

#include "espalier-system.h"

#include <errno.h>
#include <string.h>

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

int espalier_input_open(const char *path) {
  int is_standard = strcmp(path, "-") == 0;
  // Opening a pipe waits for its writer, as reading it would.
  int file = is_standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                         : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (file < 0) return -errno;
  struct stat status;
  int failure = 0;
  if (fstat(file, &status) != 0) {
    failure = -errno;
  } else if (S_ISDIR(status.st_mode)) {
    failure = -EISDIR;
  } else if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode)) {
    // Devices may never end; a terminal ends when its user says so.
    failure = is_standard && isatty(file) ? 0 : -ESPIPE;
  }
  if (failure == 0) return file;
  close(file);
  return failure;
}

int64_t espalier_input_read(int file, void *bytes, size_t count) {
  while (1) {
    ssize_t done = read(file, bytes, count);
    if (done >= 0) return (int64_t)done;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Whoever shares standard input has made it non-blocking.
      struct pollfd wait = {.fd = file, .events = POLLIN};
      if (poll(&wait, 1, -1) < 0 && errno != EINTR) return -errno;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
}

int espalier_is_folder(int result) { return result == -EISDIR; }
int espalier_is_missing(int result) { return result == -ENOENT || result == -ENOTDIR; }
int espalier_is_device(int result) { return result == -ESPIPE; }

#else

int espalier_input_open(const char *path) { return (void)path, -ENOSYS; }
int64_t espalier_input_read(int file, void *bytes, size_t count) {
  return (void)file, (void)bytes, (void)count, -ENOSYS;
}
int espalier_is_folder(int result) { return (void)result, 0; }
int espalier_is_missing(int result) { return (void)result, 0; }
int espalier_is_device(int result) { return (void)result, 0; }

#endif
