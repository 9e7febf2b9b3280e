// A library to preload that breaks a program at the n-th of its calls that change the file system, or kills it there.
//
//   INJECT_AT=3 INJECT_MODE=kill INJECT_LOG=log LD_PRELOAD=inject.so program
//
// INJECT_AT counts from 1; without it nothing happens but the log. Calls on standard streams do not count, but for what
// is said below. The modes:
//
//   error   the call fails with EIO; one that closes a file still closes it
//   full    this call and all later ones that take space fail with ENOSPC
//   short   a call that writes writes half of its bytes, as it may; others are left alone
//   kill    the process is killed before the call
//   half    a call that writes writes half of its bytes, then the process is killed; others as with `late`
//   late    the process is killed after the call
//   int     the process gets SIGINT before the call, and goes on if it survives that
//   term    the same with SIGTERM
//
// With the last two, writing to standard output counts as a call, so that every program has one.
//
// The log gets one line for each call: its number, its name, and the mode where the call was not left alone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef enum { kNone, kError, kFull, kShort, kKill, kHalf, kLate, kInt, kTerm } Mode;

// What a call does with space: writes bytes, takes space otherwise, or neither.
typedef enum { kWrites, kTakesSpace, kNeither } Kind;

static const char *const kModeNames[] = {"", "error", "full", "short", "kill", "half", "late", "int", "term"};

// Past the wrappers below.
static void append_to_log(const char *name, int number, Mode mode) {
  const char *path = getenv("INJECT_LOG");
  if (path == NULL) return;
  char line[80];
  int count = snprintf(line, sizeof line, "%d %s %s\n", number, name, kModeNames[mode]);
  long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (file < 0 || syscall(SYS_write, file, line, (size_t)count) != count) abort();
  syscall(SYS_close, file);
}

static Mode wanted_mode(void) {
  const char *name = getenv("INJECT_MODE");
  for (Mode mode = kError; name != NULL && mode <= kTerm; mode++) {
    if (strcmp(name, kModeNames[mode]) == 0) return mode;
  }
  return kNone;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  pause();
}

// Counts a call; says what is to become of it. Where the process dies before the call, this does not return.
static Mode next_call(const char *name, Kind kind) {
  static atomic_int calls;
  int number = atomic_fetch_add(&calls, 1) + 1;
  const char *at = getenv("INJECT_AT");
  int wanted = at == NULL ? 0 : atoi(at);
  Mode mode = wanted > 0 ? wanted_mode() : kNone;
  bool is_chosen = mode == kFull ? number >= wanted && kind != kNeither : number == wanted;
  if (!is_chosen || (mode == kShort && kind != kWrites)) mode = kNone;
  if (mode == kHalf && kind != kWrites) mode = kLate;
  append_to_log(name, number, mode);
  if (mode == kKill) die();
  if (mode == kInt) raise(SIGINT);
  if (mode == kTerm) raise(SIGTERM);
  return mode;
}

// Whether a call fails instead of being made.
static bool is_failure(Mode mode) {
  if (mode != kError && mode != kFull) return false;
  errno = mode == kError ? EIO : ENOSPC;
  return true;
}

static bool is_standard(int file) { return file >= 0 && file <= 2; }

#define ORIGINAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// The body of a wrapper for a call that is made wholly or not at all.
#define WHOLE(kind, name, ...)                     \
  Mode mode = next_call(#name, kind);              \
  if (is_failure(mode)) return -1;                 \
  __typeof__(ORIGINAL(name)(__VA_ARGS__)) result = \
      ORIGINAL(name)(__VA_ARGS__);                 \
  if (mode == kLate) die();                        \
  return result

// The body of a wrapper for a call that may move fewer bytes than `count`.
#define PARTIAL(name, ...)                                                     \
  Mode mode = next_call(#name, kWrites);                                       \
  if (is_failure(mode)) return -1;                                             \
  if ((mode == kShort || mode == kHalf) && count > 1) count = count / 2;       \
  ssize_t result = ORIGINAL(name)(__VA_ARGS__);                                \
  if (mode == kLate || mode == kHalf) die();                                   \
  return result

// ---------------------------------------------------------------- files

#define OPEN(name, ...)                                \
  mode_t permissions = 0;                              \
  if (flags & (O_CREAT | O_TMPFILE)) {                 \
    va_list arguments;                                 \
    va_start(arguments, flags);                        \
    permissions = va_arg(arguments, mode_t);           \
    va_end(arguments);                                 \
  }                                                    \
  if (!(flags & O_CREAT) && !(flags & O_TRUNC))        \
    return ORIGINAL(name)(__VA_ARGS__, permissions);   \
  WHOLE(kTakesSpace, name, __VA_ARGS__, permissions)

int open(const char *path, int flags, ...) { OPEN(open, path, flags); }
int open64(const char *path, int flags, ...) { OPEN(open64, path, flags); }
int openat(int folder, const char *path, int flags, ...) { OPEN(openat, folder, path, flags); }
int openat64(int folder, const char *path, int flags, ...) { OPEN(openat64, folder, path, flags); }

int close(int file) {
  if (is_standard(file)) return ORIGINAL(close)(file);
  Mode mode = next_call("close", kNeither);
  int result = ORIGINAL(close)(file);
  if (mode == kLate) die();
  return is_failure(mode) ? -1 : result;
}

// ---------------------------------------------------------------- bytes

ssize_t write(int file, const void *bytes, size_t count) {
  if (file == STDOUT_FILENO && wanted_mode() >= kInt) next_call("print", kNeither);
  if (is_standard(file)) return ORIGINAL(write)(file, bytes, count);
  PARTIAL(write, file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  PARTIAL(pwrite, file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  PARTIAL(pwrite64, file, bytes, count, offset);
}

ssize_t copy_file_range(
    int from, off64_t *source, int to, off64_t *target, size_t count, unsigned flags) {
  PARTIAL(copy_file_range, from, source, to, target, count, flags);
}

int ftruncate(int file, off_t size) { WHOLE(kTakesSpace, ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { WHOLE(kTakesSpace, ftruncate64, file, size); }

int ioctl(int file, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (request != FICLONE && request != FICLONERANGE) {
    return ORIGINAL(ioctl)(file, request, argument);
  }
  WHOLE(kTakesSpace, ioctl, file, request, argument);
}

int fchmod(int file, mode_t permissions) { WHOLE(kNeither, fchmod, file, permissions); }

int fchown(int file, uid_t user, gid_t group) { WHOLE(kNeither, fchown, file, user, group); }

int fsync(int file) { WHOLE(kTakesSpace, fsync, file); }
int fdatasync(int file) { WHOLE(kTakesSpace, fdatasync, file); }

// ---------------------------------------------------------------- names

int rename(const char *from, const char *to) { WHOLE(kNeither, rename, from, to); }

int renameat(int source, const char *from, int target, const char *to) {
  WHOLE(kNeither, renameat, source, from, target, to);
}

int renameat2(int source, const char *from, int target, const char *to, unsigned flags) {
  WHOLE(kNeither, renameat2, source, from, target, to, flags);
}

int link(const char *from, const char *to) { WHOLE(kNeither, link, from, to); }

int linkat(int source, const char *from, int target, const char *to, int flags) {
  WHOLE(kNeither, linkat, source, from, target, to, flags);
}

int unlink(const char *path) { WHOLE(kNeither, unlink, path); }
int unlinkat(int folder, const char *path, int flags) { WHOLE(kNeither, unlinkat, folder, path, flags); }
