// Opening files that an untrusted path names, and no others than those in a folder.
#define _GNU_SOURCE 1
#define _FILE_OFFSET_BITS 64

#include "espalier-system.h"

#include <errno.h>
#include <string.h>

#if defined(__unix__) || defined(__APPLE__)

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static int open_folder(const char *path) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return folder < 0 ? -errno : folder;
}

// ---------------------------------------------------------------- step by step

// Why a name could not be opened: errno, or that it is a symbolic link, which systems report in several ways.
static int failure_at(int folder, const char *name) {
  int failure = -errno;
  struct stat status;
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode)) {
    return -ELOOP;
  }
  return failure;
}

// Opens the path below a folder, one component after the other; takes over the folder's descriptor.
static int open_steps(int folder, char *path) {
  for (;;) {
    char *slash = strchr(path, '/');
    if (slash != NULL) *slash = '\0';
    int flags = slash == NULL ? kReading : O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    int next = -1, failure = 0;
    if (strcmp(path, "..") == 0) {
      failure = -EXDEV;
    } else if ((next = openat(folder, path, flags | O_NOFOLLOW)) < 0) {
      failure = failure_at(folder, path);
    }
    close(folder);
    if (failure != 0) return failure;
    if (slash == NULL) return espalier_regular_file(next);
    folder = next;
    path = slash + 1;
  }
}

int espalier_file_open_beneath_stepwise(const char *folder, const char *path) {
  if (path[0] == '/') return -EXDEV;
  char *copy = strdup(path);
  if (copy == NULL) return -ENOMEM;
  int opened = open_folder(folder);
  if (opened >= 0) opened = open_steps(opened, copy);
  free(copy);
  return opened;
}

// ---------------------------------------------------------------- in one call

#if defined(__linux__)
#include <sys/syscall.h>
#endif

#if defined(SYS_openat2) && __has_include(<linux/openat2.h>)

#include <linux/openat2.h>

int espalier_file_open_beneath(const char *folder, const char *path) {
  int opened = open_folder(folder);
  if (opened < 0) return opened;
  struct open_how how = {
      .flags = kReading, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  int file = (int)syscall(SYS_openat2, opened, path, &how, sizeof how);
  int failure = errno;
  close(opened);
  // Kernels before 5.6 do not have the call, and some sandboxes refuse what they do not know.
  if (file < 0 && (failure == ENOSYS || failure == EPERM)) {
    return espalier_file_open_beneath_stepwise(folder, path);
  }
  errno = failure;
  return espalier_regular_file(file);
}

#else

int espalier_file_open_beneath(const char *folder, const char *path) {
  return espalier_file_open_beneath_stepwise(folder, path);
}

#endif

#else

int espalier_file_open_beneath_stepwise(const char *folder, const char *path) {
  return (void)folder, (void)path, -ENOSYS;
}

int espalier_file_open_beneath(const char *folder, const char *path) {
  return (void)folder, (void)path, -ENOSYS;
}

#endif

int espalier_is_outside(int result) { return result == -EXDEV; }
int espalier_is_link(int result) { return result == -ELOOP; }
int espalier_is_no_file(int result) { return result == -EISDIR || result == -ESPIPE; }
