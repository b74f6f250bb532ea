/* A disk that fails, or tells what it was asked to do: for LD_PRELOAD.
 *
 * Only files with ".coreg" in their path are touched.
 * DISK_FAILS_AT=N   the Nth change (write, sync, cut) and all later ones: EIO
 * DISK_FAILS_ONCE=N the Nth change alone: EIO
 * DISK_FULL_AT=N    the Nth change and all later ones: no space left
 * DISK_KILLS_AT=N   the program is killed at the Nth change (unlink and rename are such,
 *                   too); of a write, half is done by then
 * DISK_HANGS_WHILE=FILE  a sync waits for as long as there is such a file
 * DISK_TELLS=FILE   every change is appended to FILE as one record:
 *                   a letter, three 8-byte numbers (length of the name, offset, size
 *                   of the data), the name, the data
 *                   W write, T cut to a size, S sync, U unlink, R rename (data: the
 *                   new name), A acknowledged (told by the program, see below)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static long changes;

#define REAL(result, name, ...)                                                \
    static result (*real)(__VA_ARGS__);                                        \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t really_write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return real(fd, data, size);
}

static int is_ours(int fd, char *name, size_t room) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, name, room - 1);
    if (length < 0) return 0;
    name[length] = 0;
    return strstr(name, ".coreg") != NULL && strstr(name, "-shm") == NULL &&
           strstr(name, "-lock") == NULL;
}

static void tell(char what, const char *name, int64_t offset, const void *data,
                 int64_t size) {
    const char *path = getenv("DISK_TELLS");
    if (!path) return;
    int64_t numbers[3] = {(int64_t)strlen(name), offset, size};
    size_t total = 1 + sizeof numbers + strlen(name) + (size_t)size;
    char *record = malloc(total), *at = record;
    *at++ = what;
    at = mempcpy(at, numbers, sizeof numbers);
    at = mempcpy(at, name, strlen(name));
    if (size) memcpy(at, data, (size_t)size);
    pthread_mutex_lock(&one_at_a_time);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
    really_write(fd, record, total);
    close(fd);
    pthread_mutex_unlock(&one_at_a_time);
    free(record);
}

void disk_acknowledged(int64_t events) { tell('A', "", events, "", 0); }

static int fails(void) {
    const char *from = getenv("DISK_FAILS_AT"), *once = getenv("DISK_FAILS_ONCE");
    const char *full = getenv("DISK_FULL_AT");
    long number = __sync_add_and_fetch(&changes, 1);
    if ((from && number >= atol(from)) || (once && number == atol(once))) {
        errno = EIO;
        return 1;
    }
    if (full && number >= atol(full)) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

static int dies(void) {
    static long met;
    const char *at = getenv("DISK_KILLS_AT");
    return at && __sync_add_and_fetch(&met, 1) == atol(at);
}

static void may_die(int fd) {
    char name[4096];
    if (is_ours(fd, name, sizeof name) && dies()) raise(SIGKILL);
}

static void may_die_by_name(const char *name) {
    if (strstr(name, ".coreg") && dies()) raise(SIGKILL);
}

static ssize_t written(ssize_t done, int fd, int64_t offset, const void *data) {
    char name[4096];
    if (done > 0 && is_ours(fd, name, sizeof name)) tell('W', name, offset, data, done);
    return done;
}

static int ours_and_fails(int fd) {
    char name[4096];
    return is_ours(fd, name, sizeof name) && fails();
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    char name[4096];
    if (is_ours(fd, name, sizeof name) && dies()) {
        real(fd, data, size / 2, offset);
        raise(SIGKILL);
    }
    if (ours_and_fails(fd)) return -1;
    return written(real(fd, data, size, offset), fd, offset, data);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    return pwrite64(fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size) {
    char name[4096];
    if (is_ours(fd, name, sizeof name) && dies()) {
        really_write(fd, data, size / 2);
        raise(SIGKILL);
    }
    if (ours_and_fails(fd)) return -1;
    off_t offset = lseek(fd, 0, SEEK_CUR);
    return written(really_write(fd, data, size), fd, offset, data);
}

int ftruncate64(int fd, off64_t size) {
    char name[4096];
    REAL(int, "ftruncate64", int, off64_t);
    may_die(fd);
    if (ours_and_fails(fd)) return -1;
    int done = real(fd, size);
    if (!done && is_ours(fd, name, sizeof name)) tell('T', name, size, "", 0);
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static void hang(int fd) {
    char name[4096];
    const char *path = getenv("DISK_HANGS_WHILE");
    if (!path || !is_ours(fd, name, sizeof name)) return;
    while (!access(path, F_OK)) usleep(10000);
}

static int synced(int done, int fd) {
    char name[4096];
    if (!done && is_ours(fd, name, sizeof name)) tell('S', name, 0, "", 0);
    return done;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    hang(fd);
    may_die(fd);
    return ours_and_fails(fd) ? -1 : synced(real(fd), fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    hang(fd);
    may_die(fd);
    return ours_and_fails(fd) ? -1 : synced(real(fd), fd);
}

int unlink(const char *name) {
    REAL(int, "unlink", const char *);
    may_die_by_name(name);
    int done = real(name);
    if (!done && strstr(name, ".coreg")) tell('U', name, 0, "", 0);
    return done;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    may_die_by_name(from);
    int done = real(from, to);
    if (!done && strstr(from, ".coreg"))
        tell('R', from, 0, to, (int64_t)strlen(to));
    return done;
}
