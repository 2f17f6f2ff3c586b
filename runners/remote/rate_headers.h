// What endpoints say about their rate limits in response headers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runners/remote/http.h"

namespace evalrun {

// "120" (seconds, also "0.5"), "1m30.5s", "6ms", "2h" (Go's form: OpenAI, Groq),
// "2026-01-31T12:00:05Z" (RFC 3339: Anthropic) or an HTTP date (RFC 9110 5.6.7), or seconds or
// milliseconds since the Unix epoch (from 1e9 and 1e12 on: OpenRouter), as microseconds
// from `now_us` (since the Unix epoch); none for other texts. Never negative.
std::optional<std::int64_t> parse_wait_us(std::string_view text, std::int64_t now_us);

// How long no request should be sent; 0 = at once. Retry-After (or retry-after-ms) where it is
// there: it says when the next request may come. Else the longest reset of the limits of which
// nothing remains (x-ratelimit-remaining-requests: 0 with x-ratelimit-reset-requests, and the like
// by any prefix), which at some endpoints is when the whole limit is there again.
std::int64_t wait_us(const HttpHeaders& headers, std::int64_t now_us);

// All headers about limits, "name: value" and printable, for evalrun probe.
std::vector<std::string> rate_limit_lines(const HttpHeaders& headers);

}  // namespace evalrun
