// What the files of this target share.
#ifndef ESPALIER_FILES_H
#define ESPALIER_FILES_H

#include <fcntl.h>
#include <stdbool.h>

// How files are opened for reading; non-blocking, because opening a pipe would wait for a writer.
enum { kReading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

// The descriptor that opening returned when it is of a regular file; otherwise closes it and returns a negated errno.
int espalier_regular_file(int file);

// Whether an open regular file still has a name.
bool espalier_is_at(int file, const char *path);

// Notes a partial file, which is removed when the process is interrupted, and forgets it.
void espalier_pending_add(const char *path, int file);
void espalier_pending_drop(int file);

// Removes all partial files; for handlers of signals.
void espalier_pending_remove(void);

#endif
