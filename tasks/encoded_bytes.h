// Base64 and zlib, for data that files hold in them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// RFC 4648 section 4: the standard alphabet, padded, no other byte between. Error: "base64: …".
Result<std::string> decode_base64(std::string_view text);

// One zlib stream (RFC 1950), its checksum verified. Stops with an error as soon as more than
// `max_bytes` would come out, so that a small file cannot fill the memory. Error: "zlib: …".
Result<std::string> inflate_zlib(std::string_view bytes, std::size_t max_bytes);

}  // namespace evalrun
