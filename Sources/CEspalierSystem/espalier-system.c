// XSI strerror_r, pread, madvise and 64-bit offsets wherever the C library has them.
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define _FILE_OFFSET_BITS 64

#include "espalier-system.h"

#include <errno.h>
#include <string.h>

#if defined(__unix__) || defined(__APPLE__)

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static int result_of(int status) { return status < 0 ? -errno : status; }

int espalier_regular_file(int file) {
  if (file < 0) return -errno;
  struct stat status;
  int failure = 0;
  if (fstat(file, &status) != 0) {
    failure = -errno;
  } else if (!S_ISREG(status.st_mode)) {
    failure = S_ISDIR(status.st_mode) ? -EISDIR : -ESPIPE;
  }
  if (failure == 0) return file;
  close(file);
  return failure;
}

int espalier_file_open(const char *path) {
  return espalier_regular_file(open(path, kReading));
}

int64_t espalier_file_size(int file) {
  struct stat status;
  return fstat(file, &status) == 0 ? (int64_t)status.st_size : -errno;
}

int64_t espalier_file_read(int file, void *bytes, size_t count, int64_t offset) {
  ssize_t read;
  do {
    read = pread(file, bytes, count, (off_t)offset);
  } while (read < 0 && errno == EINTR);
  return read < 0 ? -errno : (int64_t)read;
}

int64_t espalier_file_write(int file, const void *bytes, size_t count) {
  ssize_t written;
  do {
    written = write(file, bytes, count);
  } while (written < 0 && errno == EINTR);
  return written < 0 ? -errno : (int64_t)written;
}

#if defined(__linux__)

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

static int share(int from, int to, int64_t count) {
  if (espalier_file_size(from) != count || ioctl(to, FICLONE, from) != 0) return 0;
  return lseek(to, 0, SEEK_END) == (off_t)count;
}

// copy_file_range, by number because C libraries declare it only beside what POSIX does not have.
static int64_t copy_inside_kernel(int from, int64_t *offset, int to, int64_t count) {
  long long position = *offset;
  long copied = syscall(SYS_copy_file_range, from, &position, to, NULL, (size_t)count, 0u);
  if (copied > 0) *offset += copied;
  return copied;
}

#else

static int share(int from, int to, int64_t count) { return (void)from, (void)to, (void)count, 0; }

static int64_t copy_inside_kernel(int from, int64_t *offset, int to, int64_t count) {
  return (void)from, (void)offset, (void)to, (void)count, -1;
}

#endif

static int copy_through_memory(int from, int64_t offset, int to, int64_t count) {
  char bytes[1 << 14];
  while (offset < count) {
    int64_t rest = count - offset;
    size_t wanted = rest < (int64_t)sizeof bytes ? (size_t)rest : sizeof bytes;
    int64_t read = espalier_file_read(from, bytes, wanted, offset);
    if (read <= 0) return read < 0 ? (int)read : -EIO;
    for (int64_t done = 0; done < read;) {
      int64_t written = espalier_file_write(to, bytes + done, (size_t)(read - done));
      if (written < 0) return (int)written;
      done += written;
    }
    offset += read;
  }
  return 0;
}

int espalier_file_copy(int from, int to, int64_t count) {
  if (share(from, to, count)) return 0;
  int64_t offset = 0;
  while (offset < count) {
    int64_t copied = copy_inside_kernel(from, &offset, to, count - offset);
    if (copied < 0 && errno == EINTR) continue;
    // Nothing copied: an old kernel, two file systems; reading and writing tells what is really wrong.
    if (copied <= 0) return copy_through_memory(from, offset, to, count);
  }
  return 0;
}

int espalier_file_sync(int file) { return result_of(fsync(file)); }

int espalier_file_close(int file) { return result_of(close(file)); }

int espalier_file_rename(const char *from, const char *to) { return result_of(rename(from, to)); }

int espalier_file_remove(const char *path) { return result_of(unlink(path)); }

static int make_one(const char *path) {
  if (mkdir(path, 0777) == 0) return 0;
  int failure = errno;
  struct stat status;
  if (stat(path, &status) != 0) return -failure;
  return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int espalier_folder_make(const char *path) {
  int made = make_one(path);
  if (made != -ENOENT) return made;
  char *copy = strdup(path);
  if (copy == NULL) return -ENOMEM;
  made = 0;
  for (char *end = copy + 1; made == 0 && *copy != '\0' && (end = strchr(end, '/')) != NULL; end++) {
    *end = '\0';
    made = make_one(copy);
    *end = '/';
  }
  free(copy);
  return made == 0 ? make_one(path) : made;
}

int espalier_folder_sync(const char *path) {
  int folder = open(path, O_RDONLY | O_CLOEXEC);
  if (folder < 0) return -errno;
  int status = result_of(fsync(folder));
  close(folder);
  return status;
}

void espalier_error_text(int code, char *text, size_t capacity) {
  if (capacity == 0) return;
  if (code == ESPIPE) {
    // Nothing here seeks: this is how what is no regular file is refused.
    snprintf(text, capacity, "Not a regular file");
  } else if (strerror_r(code, text, capacity) != 0) {
    text[0] = '\0';
  }
}

void espalier_memory_prefer_large_pages(void *bytes, size_t count) {
#ifdef MADV_HUGEPAGE
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), end = (uintptr_t)bytes + count;
  const uintptr_t start = ((uintptr_t)bytes + page - 1) & ~(page - 1);
  if (start < end) madvise((void *)start, end - start, MADV_HUGEPAGE);
#else
  (void)bytes, (void)count;
#endif
}

#else

int espalier_file_open(const char *path) { return (void)path, -ENOSYS; }
int64_t espalier_file_size(int file) { return (void)file, -ENOSYS; }
int64_t espalier_file_read(int file, void *bytes, size_t count, int64_t offset) {
  return (void)file, (void)bytes, (void)count, (void)offset, -ENOSYS;
}
int64_t espalier_file_write(int file, const void *bytes, size_t count) {
  return (void)file, (void)bytes, (void)count, -ENOSYS;
}
int espalier_file_copy(int from, int to, int64_t count) {
  return (void)from, (void)to, (void)count, -ENOSYS;
}
int espalier_file_sync(int file) { return (void)file, -ENOSYS; }
int espalier_file_close(int file) { return (void)file, -ENOSYS; }
int espalier_file_rename(const char *from, const char *to) {
  return (void)from, (void)to, -ENOSYS;
}
int espalier_file_remove(const char *path) { return (void)path, -ENOSYS; }
int espalier_folder_make(const char *path) { return (void)path, -ENOSYS; }
int espalier_folder_sync(const char *path) { return (void)path, -ENOSYS; }
void espalier_error_text(int code, char *text, size_t capacity) {
  (void)code;
  if (capacity > 0) text[0] = '\0';
}
void espalier_memory_prefer_large_pages(void *bytes, size_t count) { (void)bytes, (void)count; }

#endif

int espalier_is_existing(int result) { return result == -EEXIST; }
