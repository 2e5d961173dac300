/* A disk that fails as it is told: preloaded into the program, it stands between SQLite and the store's files.
 *
 * What comes in: calls on the store's files, and orders in a shared file of 64-bit words. What goes out: the same calls,
 * or a failure, a crash, a power cut. What it refuses to know: what the files say.
 *
 * For power cuts it keeps what was synced of each file apart (`disk`), with what was written since (`pending`). A sync
 * that fails loses what it was to sync, as the kernel does: a later one does not bring it back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The words of the shared file; disk.rs has the same. */
enum word { CALLS, KINDS, FILES, AT, TIMES, ACTION, ERROR, BUDGET, FIRED, KEEP, SEED, BLIND, TRACK, WORDS };
enum kind { WRITE = 1, TRUNCATE = 2, SYNC = 4, READ = 8, UNLINK = 16, LOCK = 32 };
enum action { NONE, KILL_BEFORE, KILL_AMID, KILL_AFTER, FAIL, CUT_BEFORE, CUT_AMID, CUT_AFTER, STOP };
enum { DB, WAL, SHM, FOLDER, COUNT };
/* WRITE_LOCK is the byte of the -shm file that whoever writes to the log holds: https://sqlite.org/walformat.html */
enum { SECTOR = 512, FDS = 65536, WRITE_LOCK = 120 };

struct change { enum kind kind; off_t from, to; };

struct file {
    char path[4096];
    int known, created, gone;
    char *disk;
    off_t size;
    struct change *pending;
    size_t changes, room;
};

static struct file files[COUNT];
static unsigned char fds[FDS];
static volatile uint64_t *words;
static char store[4096], folder[4096];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);
static int (*real_fcntl)(int, int, ...);

static void wake(void) {
    real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    real_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
    real_pwrite = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    real_pread = (ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64");
    real_ftruncate = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    real_fcntl = (int (*)(int, int, ...))dlsym(RTLD_NEXT, "fcntl");
    const char *orders = getenv("FAULT_ORDERS"), *named = getenv("FAULT_STORE");
    if (!orders || !named) return;
    snprintf(store, sizeof store, "%s", named);
    snprintf(folder, sizeof folder, "%s", named);
    *strrchr(folder, '/') = 0;
    int fd = real_open(orders, O_RDWR | O_CLOEXEC);
    void *shared = mmap(NULL, WORDS * sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || shared == MAP_FAILED) abort();
    real_close(fd);
    words = shared;
}

static void enter(void) {
    pthread_once(&once, wake);
    pthread_mutex_lock(&lock);
}

static void leave(void) {
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
}

/* Which of the store's files a path is; COUNT for none. */
static int which(const char *path) {
    if (!words) return COUNT;
    if (!strcmp(path, folder)) return FOLDER;
    const char *base = strrchr(path, '/'), *name = strrchr(store, '/') + 1;
    base = base ? base + 1 : path;
    size_t length = strlen(name);
    if (strncmp(base, name, length)) return COUNT;
    if (!base[length]) return DB;
    if (!strcmp(base + length, "-wal")) return WAL;
    return strcmp(base + length, "-shm") ? COUNT : SHM;
}

static struct file *of(int fd) {
    return fd >= 0 && fd < FDS && fds[fd] ? &files[fds[fd] - 1] : NULL;
}

static int tracked(const struct file *file) {
    return words[TRACK] && (file == &files[DB] || file == &files[WAL]);
}

static uint64_t dice(void) {
    uint64_t z = (words[SEED] += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void resize(struct file *file, off_t size) {
    if (size > file->size) {
        file->disk = realloc(file->disk, size);
        if (!file->disk) abort();
        memset(file->disk + file->size, 0, size - file->size);
    }
    file->size = size;
}

/* Takes over what the file says between two places. */
static void copy(struct file *file, int fd, off_t from, off_t to) {
    if (to > file->size) resize(file, to);
    ssize_t got = real_pread(fd, file->disk + from, to - from, from);
    (void)got;
}

static void note(struct file *file, enum kind kind, off_t from, off_t to) {
    if (!tracked(file)) return;
    if (file->changes == file->room) {
        file->room = file->room ? 2 * file->room : 64;
        file->pending = realloc(file->pending, file->room * sizeof *file->pending);
        if (!file->pending) abort();
    }
    file->pending[file->changes++] = (struct change){kind, from, to};
}

/* What was written since the last sync is on disk now: all of it, or what luck has kept, sector by sector. */
static void settle(struct file *file, int fd, int all) {
    for (size_t i = 0; i < file->changes; i++) {
        struct change *change = &file->pending[i];
        if (change->kind == TRUNCATE) {
            if (all || dice() & 1) resize(file, change->to);
            continue;
        }
        for (off_t from = change->from; from < change->to;) {
            off_t end = (from / SECTOR + 1) * SECTOR;
            if (all || end > change->to) end = change->to;
            if (all || dice() & 1) copy(file, fd, from, end);
            from = end;
        }
    }
    file->changes = 0;
}

/* The power goes: the files are as the disk has them, and nobody runs any more. */
static void cut(void) {
    for (int i = DB; i <= WAL; i++) {
        struct file *file = &files[i];
        if (!file->known) continue;
        if (file->gone && words[KEEP] && dice() & 1) continue;
        if (file->created && !(words[KEEP] && dice() & 1)) {
            real_unlink(file->path);
            continue;
        }
        int fd = real_open(file->path, O_RDWR | O_CREAT, 0600);
        if (fd < 0) abort();
        if (words[KEEP] && !file->gone) settle(file, fd, 0);
        if (real_ftruncate(fd, 0)) abort();
        if (file->size && real_pwrite(fd, file->disk, file->size, 0) != file->size) abort();
    }
    if (files[SHM].known) real_unlink(files[SHM].path);
    die();
}

/* What is to happen to a call. */
static enum action order(enum kind kind, const struct file *file) {
    if (!(words[KINDS] & kind) || !(words[FILES] >> (file - files) & 1)) return NONE;
    uint64_t call = ++words[CALLS];
    if (!words[AT] || call < words[AT] || words[FIRED] >= words[TIMES]) return NONE;
    words[FIRED]++;
    enum action action = words[ACTION];
    if (action == KILL_BEFORE) die();
    if (action == CUT_BEFORE) cut();
    if (action == STOP) raise(SIGSTOP);
    return action;
}

static void after(enum action action) {
    if (action == KILL_AMID || action == KILL_AFTER) die();
    if (action == CUT_AMID || action == CUT_AFTER) cut();
}

static int refuse(uint64_t error) {
    errno = (int)error;
    return -1;
}

static int opened(const char *path, int flags, mode_t mode) {
    enter();
    int i = which(path), fresh = i < FOLDER && access(path, F_OK) != 0;
    int fd = real_open(path, flags, mode);
    if (fd >= 0 && fd < FDS) fds[fd] = i < COUNT ? i + 1 : 0;
    struct file *file = of(fd);
    if (file && (!file->known || fresh)) {
        snprintf(file->path, sizeof file->path, "%s", path);
        file->known = 1, file->gone = 0, file->created = fresh, file->changes = 0, file->size = 0;
        struct stat found;
        if (tracked(file) && !fstat(fd, &found) && found.st_size) copy(file, fd, 0, found.st_size);
    }
    leave();
    return fd;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return opened(path, flags, mode);                                                                              \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    enter();
    if (of(fd)) fds[fd] = 0;
    leave();
    return real_close(fd);
}

/* Where the budget ends, a write ends too. */
static ssize_t place(int fd, const void *bytes, size_t count, off_t at) {
    struct stat found;
    int64_t budget = (int64_t)words[BUDGET];
    if (budget >= 0 && !fstat(fd, &found) && at + (off_t)count > found.st_size) {
        int64_t grown = at + (off_t)count - (found.st_size > at ? found.st_size : at);
        if (grown > budget) {
            if ((int64_t)count <= grown - budget) return words[FIRED]++, refuse(ENOSPC);
            count -= grown - budget;
            grown = budget;
        }
        words[BUDGET] = budget - grown;
    }
    return real_pwrite(fd, bytes, count, at);
}

static ssize_t wrote(int fd, const void *bytes, size_t count, off_t at) {
    enter();
    struct file *file = of(fd);
    ssize_t done;
    if (!file) {
        leave();
        return real_pwrite(fd, bytes, count, at);
    }
    enum action action = order(WRITE, file);
    if (action == KILL_AMID || action == CUT_AMID) count /= 2;
    done = action == FAIL ? refuse(words[ERROR]) : place(fd, bytes, count, at);
    if (done > 0) note(file, WRITE, at, at + done);
    after(action);
    leave();
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return wrote(fd, bytes, count, at); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return wrote(fd, bytes, count, at); }

static ssize_t looked(int fd, void *bytes, size_t count, off_t at) {
    enter();
    struct file *file = of(fd);
    enum action action = file ? order(READ, file) : NONE;
    ssize_t error = action == FAIL ? refuse(words[ERROR]) : 0;
    after(action);
    leave();
    return error ? error : real_pread(fd, bytes, count, at);
}

ssize_t pread64(int fd, void *bytes, size_t count, off_t at) { return looked(fd, bytes, count, at); }
ssize_t pread(int fd, void *bytes, size_t count, off_t at) { return looked(fd, bytes, count, at); }

static int cropped(int fd, off_t size) {
    enter();
    struct file *file = of(fd);
    enum action action = file ? order(TRUNCATE, file) : NONE;
    struct stat found;
    int64_t freed = file && !fstat(fd, &found) ? found.st_size - size : 0;
    int done = action == FAIL ? refuse(words[ERROR]) : real_ftruncate(fd, size);
    if (!done && file) note(file, TRUNCATE, 0, size);
    if (!done && file && (int64_t)words[BUDGET] >= 0 && freed > 0) words[BUDGET] += freed;
    after(action);
    leave();
    return done;
}

int ftruncate64(int fd, off_t size) { return cropped(fd, size); }
int ftruncate(int fd, off_t size) { return cropped(fd, size); }

static int synced(int fd) {
    enter();
    struct file *file = of(fd);
    if (!file) {
        leave();
        return real_fsync(fd);
    }
    enum action action = order(SYNC, file);
    if (action == CUT_AMID) words[KEEP] = 1, cut();
    int done = action == FAIL ? refuse(words[ERROR]) : 0;
    int blind = words[BLIND] >> (file - files) & 1;
    if (done) file->changes = 0;
    else if (file == &files[FOLDER] && !blind) files[DB].created = files[WAL].created = files[WAL].gone = 0;
    else if (tracked(file) && !blind) settle(file, fd, 1);
    after(action);
    leave();
    /* With the power cut emulated, what the real disk has does not matter. */
    return done || words[TRACK] ? done : real_fsync(fd);
}

int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

int unlink(const char *path) {
    enter();
    int i = which(path);
    struct file *file = i <= SHM ? &files[i] : NULL;
    enum action action = file && file->known ? order(UNLINK, file) : NONE;
    int done = action == FAIL ? refuse(words[ERROR]) : real_unlink(path);
    if (!done && file && file->known) {
        /* Until the folder is synced it may come back, unless that was still to learn of it. */
        file->gone = 1;
        if (file->created || i == SHM) file->known = 0;
    }
    after(action);
    leave();
    return done;
}

static int locked(int fd, int command, void *rest) {
    enter();
    struct file *file = of(fd);
    const struct flock *lock_of = rest;
    if (file == &files[SHM] && command == F_SETLK && lock_of->l_type == F_WRLCK && lock_of->l_start <= WRITE_LOCK &&
        lock_of->l_start + lock_of->l_len > WRITE_LOCK)
        after(order(LOCK, file));
    leave();
    return real_fcntl(fd, command, rest);
}

#define FCNTL(name)                                                                                                    \
    int name(int fd, int command, ...) {                                                                               \
        va_list rest;                                                                                                  \
        va_start(rest, command);                                                                                       \
        void *argument = va_arg(rest, void *);                                                                         \
        va_end(rest);                                                                                                  \
        return locked(fd, command, argument);                                                                          \
    }
FCNTL(fcntl)
FCNTL(fcntl64)
