/*
 * Preloaded into a process (LD_PRELOAD), fails or stalls the Nth storage call on files under a folder.
 * AXIOM_SHIM_FOLDER names the folder, AXIOM_SHIM_CONTROL a file of the struct below, shared by all processes
 * that have it and by the test that writes it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { READ = 1, WRITE = 2, SYNC = 4, TRUNCATE = 8, OPEN = 16, STAT = 32, UNLINK = 64 };

struct control {
  int32_t error;    /* errno to fail with; 0: stall only; -1: count only */
  int32_t calls;    /* which calls count: a sum of the above */
  int32_t nth;      /* from 1 */
  int32_t counted;  /* how many there were */
  int32_t fired;    /* how many failed or stalled */
  int32_t stall_ms;
  int32_t repeat;   /* how many from the nth on; 0 counts as 1 */
};

static struct control *control;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("AXIOM_SHIM_CONTROL");
  folder = getenv("AXIOM_SHIM_FOLDER");
  if (path == NULL || folder == NULL) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) control = mapped;
}

/* 1 when the call on a file of this path is to fail; errno is set then. */
static int fails_at(const char *path, int call) {
  if (control == NULL || (control->calls & call) == 0) return 0;
  if (path == NULL || strncmp(path, folder, strlen(folder)) != 0) return 0;
  int before = errno;
  int32_t number = __atomic_add_fetch(&control->counted, 1, __ATOMIC_SEQ_CST);
  int32_t repeat = control->repeat > 0 ? control->repeat : 1;
  if (control->error < 0 || number < control->nth || number >= control->nth + repeat) return 0;
  __atomic_add_fetch(&control->fired, 1, __ATOMIC_SEQ_CST);
  if (control->stall_ms > 0) {
    struct timespec time = {control->stall_ms / 1000, (control->stall_ms % 1000) * 1000000L};
    nanosleep(&time, NULL);
  }
  errno = control->error > 0 ? control->error : before;
  return control->error > 0;
}

static int fails(int fd, int call) {
  if (control == NULL || (control->calls & call) == 0) return 0;
  int before = errno;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return 0;
  path[length] = 0;
  return fails_at(path, call);
}

#define SHIM(result, name, parameters, arguments, call)                 \
  result name parameters {                                              \
    static result(*real) parameters;                                    \
    if (real == NULL) real = (result(*) parameters)dlsym(RTLD_NEXT, #name); \
    return fails(fd, call) ? -1 : real arguments;                       \
  }

#define SHIM_OPEN(name)                                                 \
  int name(const char *path, int flags, ...) {                          \
    static int (*real)(const char *, int, ...);                         \
    if (real == NULL) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
    va_list more;                                                       \
    va_start(more, flags);                                              \
    int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, int) : 0; \
    va_end(more);                                                       \
    return fails_at(path, OPEN) ? -1 : real(path, flags, mode);         \
  }

SHIM(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size), READ)
SHIM(ssize_t, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at), READ)
SHIM(ssize_t, pread64, (int fd, void *data, size_t size, off64_t at), (fd, data, size, at), READ)
SHIM(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), WRITE)
SHIM(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), WRITE)
SHIM(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), WRITE)
SHIM(int, fsync, (int fd), (fd), SYNC)
SHIM(int, fdatasync, (int fd), (fd), SYNC)
SHIM(int, ftruncate, (int fd, off_t size), (fd, size), TRUNCATE)
SHIM(int, ftruncate64, (int fd, off64_t size), (fd, size), TRUNCATE)
SHIM(ssize_t, preadv, (int fd, const struct iovec *data, int n, off_t at), (fd, data, n, at), READ)
SHIM(ssize_t, preadv64, (int fd, const struct iovec *data, int n, off64_t at), (fd, data, n, at), READ)
SHIM(ssize_t, pwritev, (int fd, const struct iovec *data, int n, off_t at), (fd, data, n, at), WRITE)
SHIM(ssize_t, pwritev64, (int fd, const struct iovec *data, int n, off64_t at), (fd, data, n, at), WRITE)
SHIM(int, fstat, (int fd, struct stat *stat), (fd, stat), STAT)
SHIM(int, fstat64, (int fd, struct stat64 *stat), (fd, stat), STAT)
SHIM_OPEN(open)
SHIM_OPEN(open64)

int unlink(const char *path) {
  static int (*real)(const char *);
  if (real == NULL) real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  return fails_at(path, UNLINK) ? -1 : real(path);
}
