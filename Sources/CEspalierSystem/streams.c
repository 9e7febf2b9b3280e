#define _XOPEN_SOURCE 700

#include "espalier-system.h"

#include <errno.h>

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

void espalier_streams_prepare(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  // In ascending order: opening takes the lowest number that is free.
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return;
  }
}

int espalier_stream_write(int stream, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(stream, next, count);
    if (written >= 0) {
      next += written;
      count -= (size_t)written;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Whoever shares the stream has made it non-blocking.
      struct pollfd wait = {.fd = stream, .events = POLLOUT};
      if (poll(&wait, 1, -1) < 0 && errno != EINTR) return -errno;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

int espalier_stream_close(int stream) {
  return close(stream) == 0 || errno == EINTR ? 0 : -errno;
}

#else

void espalier_streams_prepare(void) {}
int espalier_stream_write(int stream, const void *bytes, size_t count) {
  return (void)stream, (void)bytes, (void)count, -ENOSYS;
}
int espalier_stream_close(int stream) { return (void)stream, -ENOSYS; }

#endif

int espalier_is_closed_pipe(int result) { return result == -EPIPE; }
