/* What host, supervisor and zygote say to each other. Plain C: the supervisor is C, the host C++,
 * and zygote.py spells TaskHead as a ctypes structure (a test holds the sizes together). Host and
 * zygote share one machine, so the structs are the wire form.
 *
 *   hello    zygote -> host, once:  WireHello, then the Python version
 *   request  host -> zygote:        RequestHead, source, arguments, first input
 *   reply    zygote -> host:        ReplyHead, reason, value, stdout, stderr
 *   order    host -> zygote, after a reply with open_session: OrderHead, the next input;
 *            size WIRE_END: enough. */
#ifndef SCORERS_SANDBOX_WIRE_H_
#define SCORERS_SANDBOX_WIRE_H_

#include <stdint.h>

enum { WIRE_FILTER_FD = 4, WIRE_CONTROL_FD = 3 };

enum WireKind { /* ProgramKind in sandbox.h tells what they do */
                WIRE_ASSERT,
                WIRE_CALL,
                WIRE_PROGRAM,
                WIRE_METHOD,
                WIRE_OFFICIAL_PROGRAM,
                WIRE_OFFICIAL_METHOD,
                WIRE_KINDS
};

enum WireStatus { /* RunStatus in sandbox.h */
                  WIRE_OK,
                  WIRE_RAISED,
                  WIRE_EXITED,
                  WIRE_SIGNALED,
                  WIRE_TIME_LIMIT,
                  WIRE_MEMORY_LIMIT,
                  WIRE_OUTPUT_LIMIT,
                  WIRE_SANDBOX_ERROR
};

/* Milliseconds on the clock that a millisecond of computing earns beyond the wall limit. */
enum { WIRE_WALL_PER_CPU = 10 };
enum { WIRE_REASON_MAX = 4096, WIRE_VERSION_MAX = 64 };
#define WIRE_END 0xffffffffu

struct WireHello {
  uint32_t magic; /* WIRE_MAGIC */
  uint32_t version_size;
};
#define WIRE_MAGIC 0x45564c31u

struct RequestHead {
  uint64_t sequence;     /* comes back in the reply: an answer to another question is not taken */
  uint64_t nonce;        /* the program's verdict must quote it: spraying bytes forges nothing */
  uint64_t memory_bytes; /* address space of each process */
  uint64_t output_bytes; /* stdout, stderr and value, each */
  uint64_t input_bytes;  /* the longest input of the session */
  uint32_t cpu_ms, wall_ms; /* of one test */
  uint32_t processes;
  uint32_t kind;    /* WireKind */
  uint32_t prelude; /* WIRE_ASSERT: 1 = LiveCodeBench's imports stand before the program */
  uint32_t source_size, arguments_size, input_size;
};

struct ReplyHead {
  uint64_t sequence;
  uint64_t peak_memory_bytes; /* resident, of the largest process */
  uint64_t cpu_us, wall_us;   /* of this test and all its processes */
  uint32_t status;            /* WireStatus */
  int32_t exit_code, signal;
  uint32_t before_tests; /* 1: it failed before it took its first input */
  uint32_t open_session; /* 1: an order must follow */
  uint32_t reason_size, value_size, stdout_size, stderr_size;
  uint32_t unused;
};

struct OrderHead {
  uint64_t sequence;
  uint32_t input_size; /* or WIRE_END */
  uint32_t unused;
};

#endif
