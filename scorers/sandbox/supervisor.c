/* The zygote's native half: the loop of pid 1 in a jail. zygote.py loads this library, warms up,
 * and calls supervisor_serve(), which returns only in children.
 *
 * Theory of operation. One program at a time:
 *
 *   read request -> fork -> watch (CPU clock, wall clock, output, host gone?) -> kill everything
 *   -> reap everything -> wipe the work folder -> write reply
 *
 * It is C because a fork makes every page of the interpreter copy-on-write: a loop in Python would
 * copy a hundred pages after each fork only to count its own references. The child returns into the
 * interpreter without PyOS_AfterFork_Child; there is one thread, and nothing else to mend.
 *
 * Nothing of a program outlives its verdict. Processes die by kill(-1), which the kernel does under
 * its task list lock, so no fork slips through; files by the wipe; IPC objects, keys and sockets
 * are refused by the filter. The kernel drops signals from inside a pid namespace to its pid 1
 * unless that installed a handler, and the zygote has none; the filter refuses ptrace, prlimit and
 * the like.
 *
 * What crosses the fork: the board, shared memory made anew for each program, holds the task on the
 * way in and the verdict on the way out; a verdict counts only if it quotes the request's nonce.
 * All else that the supervisor holds about a program (captured output above all, which may be
 * another program's right answer) lies in memory that children do not inherit (MADV_DONTFORK). A
 * program that walks up its own frames can fake its own verdict (under the official scorers too),
 * never another's. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scorers/sandbox/supervisor.h"

enum {
  WATCH_MS = 100, /* how often the clocks are read */
  PIPE_BYTES = 1 << 20
};
#define CODE_BYTES_MIN (64 << 10) /* code is some four times as long as its source */

struct Supervisor self;

struct Outcome {
  uint32_t status;
  int32_t exit_code, signal;
  const char* reason;
  size_t reason_size;
};

/* ------------------------------------------------------------------------------- small tools */

/* CPU time of a process by its clock id (clock_getcpuclockid(3)); 0 once it is reaped. */
static int64_t cpu_us_of(pid_t pid) { return now_us((clockid_t)((~(unsigned)pid << 3) | 2)); }

static int64_t reaped_cpu_us(void) {
  struct rusage u;
  getrusage(RUSAGE_CHILDREN, &u);
  return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
         u.ru_stime.tv_usec;
}

static void buffer_reserve(struct Buffer* b, size_t capacity) {
  if (capacity <= b->capacity) return;
  size_t wanted = b->capacity ? b->capacity : PIPE_BYTES;
  while (wanted < capacity) wanted *= 2;
  char* data = b->data
                   ? mremap(b->data, b->capacity, wanted, MREMAP_MAYMOVE)
                   : mmap(NULL, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) fail("memory for output");
  if (madvise(data, wanted, MADV_DONTFORK) != 0) fail("madvise");
  b->data = data;
  b->capacity = wanted;
}

/* Gives back what a long output took. */
static void buffer_reset(struct Buffer* b) {
  b->size = 0;
  if (b->capacity <= PIPE_BYTES) return;
  munmap(b->data, b->capacity);
  *b = (struct Buffer){0};
}

/* The host is gone, or talks nonsense: with pid 1 goes the whole jail. */
static void end_all(void);
static void leave(void) {
  end_all();
  _exit(0);
}

static void receive(void* out, size_t size) {
  char* to = out;
  while (size > 0) {
    const ssize_t got = read(WIRE_CONTROL_FD, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) leave();
    to += got;
    size -= (size_t)got;
  }
}

static void send_parts(struct iovec* parts, int count) {
  while (count > 0) {
    const ssize_t sent = writev(WIRE_CONTROL_FD, parts, count);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) leave();
    size_t left = (size_t)sent;
    while (count > 0 && left >= parts->iov_len) {
      left -= parts->iov_len;
      ++parts;
      --count;
    }
    if (count > 0) {
      parts->iov_base = (char*)parts->iov_base + left;
      parts->iov_len -= left;
    }
  }
}

/* ------------------------------------------------------------------------------ the supervisor */

/* Stdin is a file. One for all programs, as the filter refuses to make new ones; it was made
 * without seals, so no program can lock it, and it is empty between programs. */
static void fill_input_file(const char* data, size_t size) {
  lseek(self.input_fd, 0, SEEK_SET);
  while (size > 0) {
    const ssize_t put = write(self.input_fd, data, size);
    if (put <= 0) fail("write stdin");
    data += put;
    size -= (size_t)put;
  }
  lseek(self.input_fd, 0, SEEK_SET);
}

static void open_pipe(int* reading, int* writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  *reading = ends[0];
  *writing = ends[1];
}

/* Returns 1 in the child. */
static int start_process(const char* input, size_t input_size) {
  const uint32_t kind = self.request.kind;
  int fds[5] = {-1, -1, -1, -1, -1};
  open_pipe(&self.stdout_fd, &fds[1]);
  open_pipe(&self.stderr_fd, &fds[2]);
  if (kind == WIRE_PROGRAM) {
    fill_input_file(input, input_size);
    fds[0] = self.input_fd;
  }
  if (keeps_process(kind)) {
    fds[EVENT_FD] = self.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    fds[GO_FD] = self.go_fd = eventfd(0, EFD_CLOEXEC);
    if (self.event_fd < 0 || self.go_fd < 0) fail("eventfd");
  }
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    enter_child(fds);
    return 1;
  }
  self.pid = pid;
  self.pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (self.pid_fd < 0) fail("pidfd_open");
  close(fds[1]);
  close(fds[2]);
  return 0;
}

/* Kills and reaps everything that came from a program. */
static void end_all(void) {
  if (self.pid == 0) return;
  const pid_t pid = self.pid;
  self.pid = 0;
  for (;;) {
    if (self.jailed) {
      kill(-1, SIGKILL); /* everything in this pid namespace but us */
    } else {
      kill(pid, SIGKILL);
      kill(-pid, SIGKILL);
    }
    int status;
    struct rusage usage;
    const pid_t ended = wait4(-1, &status, 0, &usage);
    if (ended < 0) {
      if (errno == EINTR) continue;
      break; /* ECHILD */
    }
    if (ended != pid) continue;
    self.wait_status = status;
    self.peak_kib = usage.ru_maxrss;
  }
}

/* One read: 1 something came, 0 nothing now, -1 the end. At most a little past the limit is kept.
 */
static int take_output(int fd, struct Buffer* b) {
  buffer_reserve(b, b->size + PIPE_BYTES / 4);
  const ssize_t got = read(fd, b->data + b->size, b->capacity - b->size);
  if (got > 0) b->size += (size_t)got;
  return got > 0 ? 1 : got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static int is_over(const struct Buffer* b) { return b->size > self.request.output_bytes; }

static void drain(int fd, struct Buffer* b) {
  while (!is_over(b) && take_output(fd, b) > 0) {
  }
}

/* Waits until the process ends (""), has posted in a session ("posted"), or must be killed: why. */
static const char* watch(int64_t wall_from_us, int64_t cpu_from_us) {
  struct pollfd fds[5] = {{self.pid_fd, POLLIN, 0},
                          {WIRE_CONTROL_FD, 0, 0}, /* only that the host is gone */
                          {self.stdout_fd, POLLIN, 0},
                          {self.stderr_fd, POLLIN, 0},
                          {self.event_fd, POLLIN, 0}};
  const int count = self.event_fd >= 0 ? 5 : 4;
  struct Buffer* buffers[2] = {&self.out, &self.err};
  for (;;) {
    const int64_t cpu = (cpu_us_of(self.pid) - cpu_from_us) / 1000;
    const int64_t cpu_left = (int64_t)cpu_kill_ms() - cpu;
    /* Who computes gets more time on the clock: it is for those that sleep, not for those that wait
     * for a busy machine. */
    const int64_t wall_left = (int64_t)self.request.wall_ms + WIRE_WALL_PER_CPU * cpu -
                              (now_us(CLOCK_MONOTONIC) - wall_from_us) / 1000;
    if (cpu_left <= 0) return "CPU time";
    if (wall_left <= 0) return "wall time";
    int64_t wait = cpu_left < wall_left ? cpu_left : wall_left;
    if (wait > WATCH_MS) wait = WATCH_MS;
    if (poll(fds, (nfds_t)count, (int)wait + 1) < 0) continue;
    if (fds[1].revents) leave();
    for (int i = 0; i < 2; ++i) {
      if (!fds[2 + i].revents) continue;
      if (take_output(fds[2 + i].fd, buffers[i]) < 0) fds[2 + i].fd = -1;
      if (is_over(buffers[i])) return "output";
    }
    if (fds[0].revents) return "";
    uint64_t posts;
    if (count == 5 && fds[4].revents && read(self.event_fd, &posts, sizeof posts) > 0)
      return "posted";
  }
}

static void close_fd(int* fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* After the process ended or was killed: nothing of it is left. */
static void finish_process(void) {
  end_all();
  if (self.stdout_fd >= 0) drain(self.stdout_fd, &self.out);
  if (self.stderr_fd >= 0) drain(self.stderr_fd, &self.err);
  close_fd(&self.stdout_fd);
  close_fd(&self.stderr_fd);
  close_fd(&self.pid_fd);
  close_fd(&self.event_fd);
  close_fd(&self.go_fd);
  if (self.request.kind == WIRE_PROGRAM && ftruncate(self.input_fd, 0) != 0) fail("empty stdin");
  wipe();
}

/* The child's verdict if it left one. */
static int read_board(struct Outcome* out) {
  const volatile struct Board* b = self.board;
  if (__atomic_load_n(&self.board->nonce, __ATOMIC_ACQUIRE) != self.request.nonce) return 0;
  /* Copied before they are judged: a process of a session may still be writing. */
  *out = (struct Outcome){b->status, b->exit_code, 0, self.board->reason, b->reason_size};
  return out->status <= WIRE_OUTPUT_LIMIT && out->reason_size <= WIRE_REASON_MAX;
}

static struct Outcome outcome(uint32_t status, const char* reason) {
  return (struct Outcome){status, 0, 0, reason, strlen(reason)};
}

/* How a process ended that left no verdict. */
static struct Outcome unposted(const char* killed) {
  static char text[32];
  if (*killed) return outcome(WIRE_TIME_LIMIT, killed);
  if (WIFSIGNALED(self.wait_status)) {
    const int number = WTERMSIG(self.wait_status);
    if (number == SIGXCPU) return outcome(WIRE_TIME_LIMIT, "CPU time");
    snprintf(text, sizeof text, "signal %d", number);
    struct Outcome o = outcome(WIRE_SIGNALED, text);
    o.signal = number;
    return o;
  }
  struct Outcome o = outcome(WIRE_EXITED, "ended before its program did");
  o.exit_code = WEXITSTATUS(self.wait_status);
  return o;
}

static struct Outcome judge(const char* killed, int64_t cpu_us) {
  struct Outcome o;
  if (is_over(&self.out) || is_over(&self.err))
    return outcome(WIRE_OUTPUT_LIMIT, "stdout or stderr");
  if (cpu_us / 1000 > (int64_t)cpu_kill_ms() + WATCH_MS) /* of all its processes */
    return outcome(WIRE_TIME_LIMIT, "CPU time");
  return read_board(&o) ? o : unposted(killed);
}

static size_t at_most(size_t size, size_t most) { return size < most ? size : most; }

static void reply(struct Outcome o, int64_t cpu_us, int64_t wall_us, int open_session) {
  const struct Board* b = self.board;
  const size_t most = self.request.output_bytes;
  const int has_value = o.status == WIRE_OK && self.request.kind != WIRE_PROGRAM;
  struct ReplyHead head = {0};
  head.sequence = self.request.sequence;
  head.peak_memory_bytes = (uint64_t)self.peak_kib * 1024;
  head.cpu_us = (uint64_t)cpu_us;
  head.wall_us = (uint64_t)wall_us;
  head.status = o.status;
  head.exit_code = o.exit_code;
  head.signal = o.signal;
  head.before_tests = o.status != WIRE_OK && b->nonce == self.request.nonce && b->before_tests;
  head.open_session = (uint32_t)open_session;
  head.reason_size = (uint32_t)o.reason_size;
  head.value_size = has_value ? (uint32_t)at_most(b->value_size, most) : 0;
  head.stdout_size = (uint32_t)at_most(self.out.size, most);
  head.stderr_size = (uint32_t)at_most(self.err.size, most);
  /* A child that is still alive may change the board while we read: sizes are taken once, above. */
  struct iovec parts[5] = {{&head, sizeof head},
                           {(void*)o.reason, head.reason_size},
                           {(void*)b->data, head.value_size},
                           {self.out.data, head.stdout_size},
                           {self.err.data, head.stderr_size}};
  send_parts(parts, 5);
  buffer_reset(&self.out);
  buffer_reset(&self.err);
}

/* Makes the board and takes the rest of the request onto it. */
static void take_request(void) {
  struct RequestHead* r = &self.request;
  receive(r, sizeof *r);
  const uint64_t payload = (uint64_t)r->source_size + r->arguments_size + r->input_size;
  const uint64_t longest = (uint64_t)r->source_size + r->arguments_size + r->input_bytes;
  uint64_t room = payload > r->output_bytes ? payload : r->output_bytes;
  if (longest > room) room = longest;
  if (r->kind >= WIRE_KINDS || room > UINT32_MAX) leave();
  self.code_room = r->kind == WIRE_PROGRAM ? CODE_BYTES_MIN + 8 * (size_t)r->source_size : 0;
  self.board_bytes = sizeof(struct Board) + room + 1 + self.code_room;
  self.board =
      mmap(NULL, self.board_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (self.board == MAP_FAILED) fail("memory for a request");
  self.code = self.board->data + room + 1;
  receive(self.board->data, payload);
}

/* The next input of a session onto the board; 0: the session is over. */
static int take_order(size_t keep) {
  struct OrderHead order;
  receive(&order, sizeof order);
  if (order.sequence != self.request.sequence) leave();
  if (order.input_size == WIRE_END) return 0;
  if (order.input_size > self.request.input_bytes) leave();
  char* place = self.board->data + keep;
  receive(place, order.input_size);
  self.board->input_size = order.input_size;
  return 1;
}

/* Runs one test: 1 in a child. *open: the session may go on. */
static int run_test(const char* input, size_t input_size, int* open) {
  const int64_t wall_from = now_us(CLOCK_MONOTONIC), reaped_from = reaped_cpu_us();
  int64_t cpu_from = 0;
  self.board->nonce = 0;
  if (self.pid == 0) {
    if (start_process(input, input_size)) return 1;
  } else {
    const uint64_t one = 1;
    cpu_from = cpu_us_of(self.pid);
    if (write(self.go_fd, &one, sizeof one) != sizeof one) fail("eventfd write");
  }
  const char* killed = watch(wall_from, cpu_from);
  struct Outcome o;
  int64_t cpu = 0;
  *open = 0;
  if (!strcmp(killed, "posted") && read_board(&o) && o.status == WIRE_OK) {
    cpu = cpu_us_of(self.pid) - cpu_from;
    *open = 1;
  } else {
    finish_process();
    cpu = reaped_cpu_us() - reaped_from - cpu_from;
    o = judge(!strcmp(killed, "posted") ? "" : killed, cpu);
    if (self.request.kind == WIRE_PROGRAM && o.status == WIRE_EXITED && o.exit_code == 0)
      o = outcome(WIRE_OK, ""); /* a good end of a whole program, however it came about */
    *open = self.request.kind == WIRE_PROGRAM && o.status == WIRE_OK;
  }
  reply(o, cpu, now_us(CLOCK_MONOTONIC) - wall_from, *open);
  return 0;
}

/* Runs one program on all its inputs: 1 in a child. */
static int run_program(void) {
  int open = 0;
  const struct RequestHead* r = &self.request;
  /* A whole program is started anew for each test: its text must stay where it is. */
  const size_t keep = r->kind == WIRE_PROGRAM ? (size_t)r->source_size + r->arguments_size : 0;
  const char* input = self.board->data + r->source_size + r->arguments_size;
  size_t input_size = r->input_size;
  do {
    if (run_test(input, input_size, &open)) return 1;
    if (!open || !take_order(keep)) break;
    input = self.board->data + keep;
    input_size = self.board->input_size;
  } while (1);
  if (self.pid != 0) finish_process();
  munmap(self.board, self.board_bytes);
  return 0;
}

/* No core image, nobody may look into us; and the filter, which cannot be taken off. */
static void lock_in(void) {
  static struct sock_filter code[4096];
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("prctl");
  const ssize_t size = read(WIRE_FILTER_FD, code, sizeof code);
  close(WIRE_FILTER_FD);
  if (size <= 0) return; /* this worker runs without a filter (SandboxOptions::unsafe) */
  const struct sock_fprog filter = {(unsigned short)((size_t)size / sizeof *code), code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0) fail("seccomp");
}

/* Returns only in children: the task. */
EXPORTED void* supervisor_serve(const char* work, int jailed, const char* version) {
  self.work = work;
  self.jailed = jailed;
  self.pid_fd = self.event_fd = self.go_fd = self.stdout_fd = self.stderr_fd = -1;
  buffer_reserve(&self.out, PIPE_BYTES);
  buffer_reserve(&self.err, PIPE_BYTES);
  self.input_fd = memfd_create("stdin", MFD_CLOEXEC);
  if (self.input_fd < 0) fail("memfd_create");
  lock_in();
  struct WireHello hello = {WIRE_MAGIC, (uint32_t)strlen(version)};
  struct iovec parts[2] = {{&hello, sizeof hello}, {(void*)version, hello.version_size}};
  send_parts(parts, 2);
  dup2(1, 2); /* start-up errors had a file */
  for (;;) {
    take_request();
    if (run_program()) return task_tuple();
  }
}
