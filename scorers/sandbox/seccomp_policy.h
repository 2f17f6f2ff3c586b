// Which system calls a program may make: an allow-list, and a list of refusals with their reasons.
#pragma once

#include <span>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// Refused with EPERM, so that Python raises PermissionError. What is in neither list fails with
// ENOSYS, as on a kernel without it, and libraries fall back. The filter holds for the zygote and
// all programs and cannot be taken off.
struct Refusal {
  std::string_view calls;   // names, separated by blanks
  std::string_view reason;  // why a program may not
};
std::span<const Refusal> seccomp_refusals();

// The compiled filter (BPF, array of struct sock_filter) as a memory file at offset 0; the caller
// closes it. Error: libseccomp cannot build a filter for this machine.
Result<int> compile_seccomp_policy();

}  // namespace evalrun
