/* What the parts of the supervisor share. supervisor.c has the theory of operation. */
#ifndef SCORERS_SANDBOX_SUPERVISOR_H_
#define SCORERS_SANDBOX_SUPERVISOR_H_

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "scorers/sandbox/wire.h"

#define EXPORTED __attribute__((visibility("default"))) /* what zygote.py calls */

enum {
  EVENT_FD = 3, /* in the child: "I posted" */
  GO_FD = 4     /* in the child: "the next input is there" */
};
#define MIB ((uint64_t)1 << 20)

/* At the start of the board. */
struct Board {
  uint64_t nonce; /* of the verdict */
  uint32_t status;
  int32_t exit_code;
  uint32_t reason_size, value_size;
  uint32_t before_tests;
  uint32_t input_size; /* of the input now in `data` */
  uint32_t code_size;  /* of the compiled program at self.code, 0: none yet */
  char reason[WIRE_REASON_MAX];
  char data[]; /* source, arguments, input; later values and inputs; behind them the code */
};

/* A growing buffer that children do not inherit. */
struct Buffer {
  char* data;
  size_t size, capacity;
};

/* One program at a time, one process of it at a time. */
struct Supervisor {
  const char* work;
  int jailed;
  struct RequestHead request;
  struct Board* board;
  size_t board_bytes;
  char* code; /* on the board */
  size_t code_room;
  /* of the process under way */
  pid_t pid;   /* 0: none */
  pid_t child; /* in the child: itself */
  int pid_fd, event_fd, go_fd;
  int input_fd;             /* see fill_input_file */
  int stdout_fd, stderr_fd; /* reading ends */
  struct Buffer out, err;
  int wait_status;
  long peak_kib;
};
extern struct Supervisor self;

static inline void fail(const char* what) {
  fprintf(stderr, "sandbox: %s: %s\n", what, strerror(errno));
  _exit(1);
}

static inline int64_t now_us(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) != 0) return 0;
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static inline uint32_t cpu_kill_ms(void) {
  /* The official executors kill a second after the 3 s (and later than the 6 s) at which they raise
   * an exception, which a program may swallow. */
  const uint32_t cpu = self.request.cpu_ms;
  const uint32_t kind = self.request.kind;
  const int raises =
      kind == WIRE_ASSERT || kind == WIRE_OFFICIAL_PROGRAM || kind == WIRE_OFFICIAL_METHOD;
  return raises ? cpu + cpu / 3 : cpu;
}

static inline int is_session(uint32_t kind) { return kind >= WIRE_PROGRAM; }
/* A session with one process for all its tests. */
static inline int keeps_process(uint32_t kind) { return kind > WIRE_PROGRAM; }

/* supervisor_child.c: what a process does before it goes back into the interpreter. */
void enter_child(const int fds[5]);
void* task_tuple(void);

/* supervisor_wipe.c: empties the work folder, however deep or unreadable a program left it. */
void wipe(void);

#endif
