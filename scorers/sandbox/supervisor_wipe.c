/* Between two programs: the work folder is emptied, however its owner left it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "scorers/sandbox/supervisor.h"

static int is_empty(void) {
  char names[512];
  const int fd = open(self.work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0; /* a program took the right to read it away */
  const long got = syscall(SYS_getdents64, fd, names, sizeof names);
  close(fd);
  return got == 48; /* "." and "..", 24 bytes each */
}

/* Moves what is in `path` up into the work folder, so that no depth of folders needs recursion. */
static void lift(const char* path, unsigned* serial) {
  chmod(path, 0700);
  DIR* folder = opendir(path);
  if (!folder) return;
  for (struct dirent* entry; (entry = readdir(folder));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char from[PATH_MAX], to[PATH_MAX];
    if (snprintf(from, sizeof from, "%s/%s", path, entry->d_name) >= (int)sizeof from) continue;
    snprintf(to, sizeof to, "%s/evalrun-wipe-%u-%lld", self.work, ++*serial,
             (long long)now_us(CLOCK_MONOTONIC));
    struct stat info;
    /* To rename a folder is to write into it. */
    if (lstat(from, &info) == 0 && S_ISDIR(info.st_mode)) chmod(from, 0700);
    rename(from, to);
  }
  closedir(folder);
  rmdir(path);
}

static int wipe_once(unsigned* serial) {
  int found = 0;
  DIR* folder = opendir(self.work);
  if (!folder) return 0;
  for (struct dirent* entry; (entry = readdir(folder));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    found = 1;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", self.work, entry->d_name);
    if (unlink(path) != 0 && rmdir(path) != 0) lift(path, serial);
  }
  closedir(folder);
  return found;
}

void wipe(void) {
  if (is_empty()) return;
  unsigned serial = 0;
  chmod(self.work, 0700);
  while (wipe_once(&serial)) {
  }
  if (!is_empty()) fail("the work folder cannot be wiped");
}
