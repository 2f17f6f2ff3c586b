/* The child's half: limits before the program, and what zygote.py calls from it. */
#define _GNU_SOURCE
#include "scorers/sandbox/supervisor.h"

#include <sys/resource.h>
#include <sys/syscall.h>

/* Of CPython's stable interface, exported by the interpreter that loads this library; declared here
 * so that a build needs no Python headers. New references. */
extern void* PyBytes_FromStringAndSize(const char* bytes, ssize_t size);
extern void* PyLong_FromLong(long value);
extern void* PyTuple_Pack(ssize_t size, ...);

#define FILE_BYTES_MAX (16 * MIB) /* of one file in the work folder */
#define MEMORY_SPARE (16 * MIB)   /* for the driver to report that a program ran out of memory */
#define STACK_BYTES (120 * MIB)   /* whole programs may recurse; the gap below the stack is 128 */

static void limit(int what, uint64_t soft, uint64_t hard) {
  const struct rlimit value = {soft, hard};
  if (setrlimit(what, &value) != 0) _exit(1);
}

static void limit_child(void) {
  const uint64_t memory = self.request.memory_bytes;
  limit(RLIMIT_AS, memory, memory + MEMORY_SPARE);
  if (!keeps_process(self.request.kind)) { /* else the CPU time of all tests adds up */
    const uint64_t seconds = cpu_kill_ms() / 1000 + 1;
    limit(RLIMIT_CPU, seconds, seconds + 1);
  }
  limit(RLIMIT_FSIZE, FILE_BYTES_MAX, FILE_BYTES_MAX);
  if (is_session(self.request.kind)) limit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES);
  /* Outside of a user namespace the limit counts all processes of the user; +1: the zygote. */
  if (self.jailed) limit(RLIMIT_NPROC, self.request.processes + 1, self.request.processes + 1);
}

void enter_child(const int fds[5]) {
  setsid();
  self.child = getpid();
  for (int target = 0; target < 5; ++target) {
    if (fds[target] >= 0 && dup2(fds[target], target) < 0) _exit(1);
  }
  if (fds[EVENT_FD] < 0) close(EVENT_FD); /* the control socket above all */
  if (fds[GO_FD] < 0) close(GO_FD);
  syscall(SYS_close_range, 5U, ~0U, 0U);
  limit_child();
}

/* The task as a tuple: kind, prelude, cpu_ms, source, arguments, input, code. */
void* task_tuple(void) {
  const struct RequestHead* r = &self.request;
  const char* text = self.board->data;
  const char* input = text + r->source_size + r->arguments_size;
  /* The program itself could write there: it harms none but itself. */
  const size_t code_size = self.board->code_size <= self.code_room ? self.board->code_size : 0;
  return PyTuple_Pack(7, PyLong_FromLong(r->kind), PyLong_FromLong(r->prelude),
                      PyLong_FromLong(r->cpu_ms), PyBytes_FromStringAndSize(text, r->source_size),
                      PyBytes_FromStringAndSize(text + r->source_size, r->arguments_size),
                      PyBytes_FromStringAndSize(input, r->input_size),
                      PyBytes_FromStringAndSize(self.code, (ssize_t)code_size));
}

static void allow_spare_memory(void) {
  const uint64_t memory = self.request.memory_bytes + MEMORY_SPARE;
  limit(RLIMIT_AS, memory, memory);
}

/* Child: leaves its verdict. */
EXPORTED void supervisor_post(uint32_t status, int32_t exit_code, uint32_t before_tests,
                              const char* reason, size_t reason_size, const char* value,
                              size_t value_size) {
  struct Board* b = self.board;
  if (getpid() != self.child) return; /* a process that the program forked may get here too */
  allow_spare_memory();
  if (value_size > self.request.output_bytes) {
    status = WIRE_OUTPUT_LIMIT;
    reason = "the value";
    reason_size = strlen(reason);
    value_size = 0;
  }
  if (reason_size > WIRE_REASON_MAX) reason_size = WIRE_REASON_MAX;
  memcpy(b->reason, reason, reason_size);
  memcpy(b->data, value, value_size);
  b->status = status;
  b->exit_code = exit_code;
  b->reason_size = (uint32_t)reason_size;
  b->value_size = (uint32_t)value_size;
  b->before_tests = before_tests;
  __atomic_store_n(&b->nonce, self.request.nonce, __ATOMIC_RELEASE);
}

/* Child: leaves its compiled program for the next test's child, as compiling costs more than most
 * tests do. */
EXPORTED void supervisor_keep_code(const char* code, size_t size) {
  if (size > self.code_room) return;
  memcpy(self.code, code, size);
  __atomic_store_n(&self.board->code_size, (uint32_t)size, __ATOMIC_RELEASE);
}

/* Child of a session: says that it posted, and waits for the next input. */
EXPORTED void* supervisor_next_input(void) {
  uint64_t one = 1;
  if (write(EVENT_FD, &one, sizeof one) != sizeof one) _exit(0);
  while (read(GO_FD, &one, sizeof one) < 0) {
    if (errno != EINTR) _exit(0);
  }
  return PyBytes_FromStringAndSize(self.board->data, self.board->input_size);
}
