// Calendar days as people write them in flags and files.
#pragma once

#include <string_view>

namespace evalrun {

// YYYY-MM-DD, and a day that there is (Gregorian).
bool is_date(std::string_view text);

}  // namespace evalrun
