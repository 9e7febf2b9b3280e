// Files that are written beside the ones whose places they take.
//
// A partial file is locked for as long as its writer has it open, so that one without a lock is known to be abandoned,
// whichever machine or container its writer ran on; numbers of processes would not tell that. Writers that meet at one
// name see each other by the lock, and by whether the file that they opened still has the name.
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define _FILE_OFFSET_BITS 64

#include "espalier-system.h"

#include <errno.h>
#include <string.h>

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

// ---------------------------------------------------------------- what is replaced

// Replaces a path by that of the file which a symbolic link of its last component names.
static int follow_link(char *path, size_t capacity) {
  char link[PATH_MAX];
  ssize_t count = readlink(path, link, sizeof link);
  if (count < 0) return -errno;
  const char *slash = link[0] == '/' ? NULL : strrchr(path, '/');
  size_t kept = slash == NULL ? 0 : (size_t)(slash + 1 - path);
  if (kept + (size_t)count >= capacity || (size_t)count == sizeof link) return -ENAMETOOLONG;
  memcpy(path + kept, link, (size_t)count);
  path[kept + (size_t)count] = '\0';
  return 0;
}

static int follow_links(char *path, size_t capacity) {
  const int most_links = 40;
  for (int links = 0; links < most_links; links++) {
    struct stat status;
    if (lstat(path, &status) != 0) return errno == ENOENT ? 0 : -errno;
    if (!S_ISLNK(status.st_mode)) return 0;
    int result = follow_link(path, capacity);
    if (result < 0) return result;
  }
  return -ELOOP;
}

int espalier_file_replaced(
    const char *path, char *target, size_t capacity, EspalierReplacedFile *replaced) {
  memset(replaced, 0, sizeof *replaced);
  struct stat status;
  bool exists = stat(path, &status) == 0;
  if (!exists && errno != ENOENT) return -errno;
  // Before any link is followed: what /dev/stdout links to is not always a path.
  if (exists && !S_ISREG(status.st_mode)) return S_ISDIR(status.st_mode) ? -EISDIR : -ESPIPE;
  if (exists && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0) return -errno;
  if (exists) {
    *replaced = (EspalierReplacedFile){
        .exists = 1, .mode = status.st_mode & 07777, .user = status.st_uid, .group = status.st_gid};
  }
  size_t count = strlen(path);
  if (count >= capacity) return -ENAMETOOLONG;
  memcpy(target, path, count + 1);
  return follow_links(target, capacity);
}

// ---------------------------------------------------------------- what replaces it

int espalier_partial_remove_abandoned(const char *path) {
  int file = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
  if (file < 0) return -errno;
  bool is_abandoned = flock(file, LOCK_EX | LOCK_NB) == 0 && espalier_is_at(file, path);
  int result = !is_abandoned ? -EEXIST : unlink(path) == 0 ? 0 : -errno;
  close(file);
  return result;
}

// Opens a new file and locks it; -EAGAIN when another writer took it for abandoned in between.
static int open_locked(const char *path, mode_t mode) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return -errno;
  // File systems without locks leave abandoned files where they are.
  bool is_taken = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (!is_taken && espalier_is_at(file, path)) return file;
  close(file);
  return -EAGAIN;
}

int espalier_partial_create(const char *path, const EspalierReplacedFile *replaced) {
  const int most_attempts = 100;
  for (int attempt = 0; attempt < most_attempts; attempt++) {
    int file = open_locked(path, replaced->exists ? 0600 : 0666);
    if (file >= 0) {
      espalier_pending_add(path, file);
      return file;
    }
    if (file == -EAGAIN) continue;
    if (file != -EEXIST) return file;
    int result = espalier_partial_remove_abandoned(path);
    if (result < 0 && result != -ENOENT) return -EEXIST;
  }
  return -EEXIST;
}

int espalier_partial_take_permissions(int file, const EspalierReplacedFile *replaced) {
  struct stat status;
  if (!replaced->exists) return 0;
  if (fstat(file, &status) != 0) return -errno;
  if (status.st_uid != replaced->user && fchown(file, replaced->user, (gid_t)-1) != 0) {
    // Only the superuser gives files away.
  }
  mode_t mode = replaced->mode;
  if (status.st_gid != replaced->group && fchown(file, (uid_t)-1, replaced->group) != 0) {
    // Another group gets what everybody gets.
    mode = (mode & ~(mode_t)070) | (mode & 07) << 3;
  }
  if ((status.st_mode & 07777) == mode) return 0;
  return fchmod(file, mode) == 0 ? 0 : -errno;
}

int espalier_partial_close(int file) {
  espalier_pending_drop(file);
  return close(file) == 0 ? 0 : -errno;
}

// ---------------------------------------------------------------- which file is which

bool espalier_is_at(int file, const char *path) {
  struct stat opened, named;
  return fstat(file, &opened) == 0 && lstat(path, &named) == 0 && S_ISREG(opened.st_mode) &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

int espalier_is_same_file(const char *path, const char *other) {
  struct stat first, second;
  return stat(path, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

#else

int espalier_file_replaced(
    const char *path, char *target, size_t capacity, EspalierReplacedFile *replaced) {
  return (void)path, (void)target, (void)capacity, (void)replaced, -ENOSYS;
}
int espalier_partial_create(const char *path, const EspalierReplacedFile *replaced) {
  return (void)path, (void)replaced, -ENOSYS;
}
int espalier_partial_remove_abandoned(const char *path) { return (void)path, -ENOSYS; }
int espalier_partial_take_permissions(int file, const EspalierReplacedFile *replaced) {
  return (void)file, (void)replaced, -ENOSYS;
}
int espalier_partial_close(int file) { return (void)file, -ENOSYS; }
int espalier_is_same_file(const char *path, const char *other) { return (void)path, (void)other, 0; }

#endif
