#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1

#include "espalier-system.h"

#include <stdlib.h>

#if defined(__unix__) || defined(__APPLE__)

#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

// ---------------------------------------------------------------- partial files

// What a handler of signals may look at: memory that never moves, each file marked as there after all that is said of
// it. A process writes few files at a time; the ones beyond these are left to the next writer.
enum { most_pending = 16 };

enum { kFree, kChanging, kPending };

static struct {
  atomic_int state;
  int file;
  char path[PATH_MAX];
} pending[most_pending];

void espalier_pending_add(const char *path, int file) {
  if (strlen(path) >= PATH_MAX) return;
  for (int i = 0; i < most_pending; i++) {
    int expected = kFree;
    if (!atomic_compare_exchange_strong(&pending[i].state, &expected, kChanging)) continue;
    strcpy(pending[i].path, path);
    pending[i].file = file;
    atomic_store(&pending[i].state, kPending);
    return;
  }
}

void espalier_pending_drop(int file) {
  for (int i = 0; i < most_pending; i++) {
    if (atomic_load(&pending[i].state) == kPending && pending[i].file == file) {
      atomic_store(&pending[i].state, kFree);
      return;
    }
  }
}

void espalier_pending_remove(void) {
  for (int i = 0; i < most_pending; i++) {
    // A file that was just put in its place has its name no more, and its old name may be another's.
    if (atomic_load(&pending[i].state) == kPending &&
        espalier_is_at(pending[i].file, pending[i].path)) {
      unlink(pending[i].path);
    }
  }
}

// ---------------------------------------------------------------- signals

// One text is shown while another is put together.
static char words[2][1024];
static _Atomic(const char *) shown;

void espalier_say_when_interrupted(const char *text) {
  if (text == NULL || strlen(text) >= sizeof words[0]) {
    atomic_store(&shown, NULL);
    return;
  }
  char *next = atomic_load(&shown) == words[0] ? words[1] : words[0];
  strcpy(next, text);
  atomic_store(&shown, next);
}

static void remove_and_end(int number) {
  espalier_pending_remove();
  const char *text = atomic_exchange(&shown, NULL);
  if (text != NULL) espalier_stream_write(STDERR_FILENO, text, strlen(text));
  espalier_end_by_signal(number);
}

void espalier_handle_interruptions(void) {
  const int interruptions[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = remove_and_end};
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < sizeof interruptions / sizeof *interruptions; i++) {
    struct sigaction former;
    // What was started to survive a signal, as by nohup, does.
    if (sigaction(interruptions[i], NULL, &former) == 0 && former.sa_handler == SIG_DFL) {
      sigaction(interruptions[i], &action, NULL);
    }
  }
}

void espalier_end_by_signal(int number) {
  espalier_pending_remove();
  signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  raise(number);
  _exit(128 + number);
}

#else

void espalier_say_when_interrupted(const char *text) { (void)text; }
void espalier_handle_interruptions(void) {}
void espalier_end_by_signal(int number) { (void)number, abort(); }

#endif
