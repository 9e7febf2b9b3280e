// The few calls of the operating system that reading and writing files takes.
//
// Every function of files returns a negated errno on failure. Where there is no file system, every one fails with
// -ENOSYS.
#ifndef ESPALIER_SYSTEM_H
#define ESPALIER_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

// Opens a regular file for reading and returns its descriptor.
int espalier_file_open(const char *path);

// Opens a regular file for reading whose path is relative to a folder, and returns its descriptor. A path that leads out
// of the folder fails with -EXDEV, one that passes a symbolic link with -ELOOP.
int espalier_file_open_beneath(const char *folder, const char *path);

// The same, step by step: what espalier_file_open_beneath does where the system cannot do it in one.
int espalier_file_open_beneath_stepwise(const char *folder, const char *path);

// The size of an open file in bytes.
int64_t espalier_file_size(int file);

// Reads up to `count` bytes at an offset; returns how many, 0 at the end of the file.
int64_t espalier_file_read(int file, void *bytes, size_t count, int64_t offset);

// Maps the first `count` bytes of a file into memory, to be read only, and returns 0. Under its path, unless that is
// NULL, it is watched for changes until it is unmapped.
int espalier_file_map(int file, size_t count, const char *path, const void **bytes);

// Takes a mapping out of memory.
void espalier_file_unmap(const void *bytes, size_t count);

// What tells that an open file was changed in place: its size, and when it was written to last.
typedef struct {
  int64_t byte_count;
  int64_t seconds;
  int64_t nanoseconds;
} EspalierFileStamp;

// The stamp of an open file as it is now; returns 0.
int espalier_file_stamp(int file, EspalierFileStamp *stamp);

// Whether an open file has another stamp by now.
int espalier_file_is_changed(int file, const EspalierFileStamp *stamp);

// The path of a watched file, mapped now or before, that was changed while it was mapped; NULL when there is none.
const char *espalier_changed_file(void);

// For commands: from now on, reading a part of a mapped file that is no longer there ends the process with status 1,
// after a message that names the file, and removes what is pending.
void espalier_handle_changed_files(void);

// What is known of a file that another one is to replace.
typedef struct {
  int exists;
  uint32_t mode, user, group;
} EspalierReplacedFile;

// Finds what a file written under `path` replaces, and where it is once symbolic links are followed: a path that is
// written to `target`. What exists has to be a regular file that may be written.
int espalier_file_replaced(
    const char *path, char *target, size_t capacity, EspalierReplacedFile *replaced);

// Creates a partial file, which is to replace another, and opens it for writing. Nobody but its owner may read it where
// it replaces one. A file of that name whose writer is gone is removed; -EEXIST when another writer has it.
int espalier_partial_create(const char *path, const EspalierReplacedFile *replaced);

// Removes a partial file whose writer is gone; -EEXIST when it is not.
int espalier_partial_remove_abandoned(const char *path);

// Gives a partial file the permissions of the file that it replaces, and its owner and group where that may be done.
int espalier_partial_take_permissions(int file, const EspalierReplacedFile *replaced);

// Closes a partial file that has its final name, or none any more.
int espalier_partial_close(int file);

// Whether two paths lead to one file, through links of any kind.
int espalier_is_same_file(const char *path, const char *other);

// Writes up to `count` bytes at the end of what was written; returns how many.
int64_t espalier_file_write(int file, const void *bytes, size_t count);

// Copies the first `count` bytes of a file to the end of what was written to another, which is empty. The two share
// their bytes on the disk where the file system can.
int espalier_file_copy(int from, int to, int64_t count);

// Waits until what was written is on the disk.
int espalier_file_sync(int file);

// Closes a descriptor.
int espalier_file_close(int file);

// Gives a file another name, in one step replacing a file of that name.
int espalier_file_rename(const char *from, const char *to);

// Removes a file.
int espalier_file_remove(const char *path);

// Makes a folder and those that it lies in; one that exists is fine.
int espalier_folder_make(const char *path);

// Waits until the names in a folder are on the disk.
int espalier_folder_sync(const char *path);

// Whether a result says that the file to be created exists already.
int espalier_is_existing(int result);

// Whether a result says that a path leads out of its folder, passes a symbolic link, or is of no regular file.
int espalier_is_outside(int result);
int espalier_is_link(int result);
int espalier_is_no_file(int result);

// Opens a file, a pipe or a socket that is read once and in order; "-" is standard input, which may be a terminal, too.
int espalier_input_open(const char *path);

// Reads the next bytes, `count` at most; returns how many, 0 at the end.
int64_t espalier_input_read(int file, void *bytes, size_t count);

// Whether a result of espalier_input_open says that the path is of a folder, of nothing, or of a device.
int espalier_is_folder(int result);
int espalier_is_missing(int result);
int espalier_is_device(int result);

// Writes what an errno means, as a C string of at most `capacity` bytes.
void espalier_error_text(int code, char *text, size_t capacity);

// Makes the standard streams safe to use, for commands: a stream that is closed is opened so that using it fails, since
// the next file that is opened would take its place; writing to a pipe that nobody reads, or a file that may not grow,
// fails, and ends nothing.
void espalier_streams_prepare(void);

// Writes all bytes to a stream, waiting where it takes no more for now; returns 0.
int espalier_stream_write(int stream, const void *bytes, size_t count);

// Closes a stream, which some file systems tell failures of writing by, and returns 0.
int espalier_stream_close(int stream);

// Whether a result says that nobody reads the pipe that was written to.
int espalier_is_closed_pipe(int result);

// Asks for large pages under memory that is about to be written, of which there are fewer to be set up.
void espalier_memory_prefer_large_pages(void *bytes, size_t count);

// Calls `body` with every index below `count`, each on a thread of its own, and waits for all. Where there are no
// threads, or no more, the calls come one after the other.
void espalier_run_concurrently(
    unsigned count, void (*body)(void *context, unsigned index), void *context);

// From now on, large blocks of memory go back to the system as soon as they are freed, where the C library would keep
// them for later.
void espalier_return_freed_memory(void);

// From now on, SIGINT, SIGTERM and SIGHUP, unless they are ignored or handled already, remove all partial files of the
// process before they end it. For commands; libraries leave signals to the program.
void espalier_handle_interruptions(void);

// What is written to standard error when one of these signals ends the process; NULL says nothing. Text of 1,024 bytes
// or more is not kept.
void espalier_say_when_interrupted(const char *text);

// Removes all partial files of the process and ends it by a signal, as whoever started it expects of one that nothing
// was done about.
_Noreturn void espalier_end_by_signal(int number);

#endif
