// Files in memory, and what happens when others change them meanwhile.
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define _FILE_OFFSET_BITS 64

#include "espalier-system.h"

#include <errno.h>

#if defined(__unix__) || defined(__APPLE__)

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

// ---------------------------------------------------------------- what tells that a file was changed

#if defined(__APPLE__)
#define changed_at(status) ((status).st_mtimespec)
#else
#define changed_at(status) ((status).st_mtim)
#endif

int espalier_file_stamp(int file, EspalierFileStamp *stamp) {
  struct stat status;
  if (fstat(file, &status) != 0) return -errno;
  *stamp = (EspalierFileStamp){
      .byte_count = status.st_size,
      .seconds = changed_at(status).tv_sec,
      .nanoseconds = changed_at(status).tv_nsec};
  return 0;
}

int espalier_file_is_changed(int file, const EspalierFileStamp *stamp) {
  EspalierFileStamp now;
  return espalier_file_stamp(file, &now) != 0 || now.byte_count != stamp->byte_count ||
         now.seconds != stamp->seconds || now.nanoseconds != stamp->nanoseconds;
}

// ---------------------------------------------------------------- the files that are mapped

// What a handler of signals may look at: memory that never moves, each file marked as there after all that is said of
// it. A process maps few files at a time; those beyond are mapped, too, but not told by name.
enum { most_mapped = 16 };

enum { kFree, kChanging, kMapped };

static struct {
  atomic_int state;
  uintptr_t start, end;
  // A descriptor of its own, since the mapping may outlive whoever opened the file.
  int file;
  EspalierFileStamp stamp;
  char path[PATH_MAX];
} mapped[most_mapped];

// The first file that was found to be changed.
static char changed[PATH_MAX];
static atomic_int is_changed;

static void note_changed(const char *path) {
  int expected = kFree;
  if (!atomic_compare_exchange_strong(&is_changed, &expected, kChanging)) return;
  strcpy(changed, path);
  atomic_store(&is_changed, kMapped);
}

static void enter(int file, const void *bytes, size_t count, const char *path) {
  if (path == NULL || strlen(path) >= PATH_MAX) return;
  for (int i = 0; i < most_mapped; i++) {
    int expected = kFree;
    if (!atomic_compare_exchange_strong(&mapped[i].state, &expected, kChanging)) continue;
    mapped[i].file = fcntl(file, F_DUPFD_CLOEXEC, 0);
    if (mapped[i].file < 0 || espalier_file_stamp(mapped[i].file, &mapped[i].stamp) != 0) {
      if (mapped[i].file >= 0) close(mapped[i].file);
      atomic_store(&mapped[i].state, kFree);
      return;
    }
    mapped[i].start = (uintptr_t)bytes;
    mapped[i].end = (uintptr_t)bytes + count;
    strcpy(mapped[i].path, path);
    atomic_store(&mapped[i].state, kMapped);
    return;
  }
}

int espalier_file_map(int file, size_t count, const char *path, const void **bytes) {
  void *start = mmap(NULL, count, PROT_READ, MAP_PRIVATE, file, 0);
  if (start == MAP_FAILED) return -errno;
  enter(file, start, count, path);
  *bytes = start;
  return 0;
}

void espalier_file_unmap(const void *bytes, size_t count) {
  for (int i = 0; i < most_mapped; i++) {
    if (atomic_load(&mapped[i].state) != kMapped || mapped[i].start != (uintptr_t)bytes) continue;
    if (espalier_file_is_changed(mapped[i].file, &mapped[i].stamp)) note_changed(mapped[i].path);
    close(mapped[i].file);
    atomic_store(&mapped[i].state, kFree);
    break;
  }
  munmap((void *)bytes, count);
}

const char *espalier_changed_file(void) {
  for (int i = 0; i < most_mapped; i++) {
    if (atomic_load(&mapped[i].state) == kMapped &&
        espalier_file_is_changed(mapped[i].file, &mapped[i].stamp)) {
      note_changed(mapped[i].path);
    }
  }
  return atomic_load(&is_changed) == kMapped ? changed : NULL;
}

// ---------------------------------------------------------------- the signal

static void say(const char *text) {
  espalier_stream_write(STDERR_FILENO, text, strlen(text));
}

static void end_for_changed_file(int number, siginfo_t *info, void *context) {
  (void)context;
  const uintptr_t place = (uintptr_t)info->si_addr;
  for (int i = 0; i < most_mapped; i++) {
    if (atomic_load(&mapped[i].state) != kMapped) continue;
    if (place < mapped[i].start || place >= mapped[i].end) continue;
    espalier_pending_remove();
    say("espalier: ");
    say(mapped[i].path);
    say(": the file was changed while it was in use; run the command again\n");
    _exit(1);
  }
  espalier_end_by_signal(number);
}

void espalier_handle_changed_files(void) {
  struct sigaction action = {.sa_sigaction = end_for_changed_file, .sa_flags = SA_SIGINFO};
  sigfillset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}

#else

int espalier_file_stamp(int file, EspalierFileStamp *stamp) {
  return (void)file, (void)stamp, -ENOSYS;
}
int espalier_file_is_changed(int file, const EspalierFileStamp *stamp) {
  return (void)file, (void)stamp, 0;
}
int espalier_file_map(int file, size_t count, const char *path, const void **bytes) {
  return (void)file, (void)count, (void)path, (void)bytes, -ENOSYS;
}
void espalier_file_unmap(const void *bytes, size_t count) { (void)bytes, (void)count; }
const char *espalier_changed_file(void) { return NULL; }
void espalier_handle_changed_files(void) {}

#endif
