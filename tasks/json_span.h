// Finds the parts of a JSON text without decoding them: the members of an object and the elements
// of an array, each as the bytes that stand there. For rows with a member of tens of megabytes.
//
// A string is skipped from quote to quote with memchr. What is skipped is not checked (escapes,
// UTF-8, the inside of nested values beyond their brackets); what a caller decodes is checked then.
#pragma once

#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace evalrun {

struct JsonMember {
  std::string_view key;    // what stands between the quotes, escapes not decoded
  std::string_view value;  // first to last byte; a string with its quotes
};

// The members, in order, of the one object that `text` is (spaces around it are fine). Views into
// text. Error: "byte 12: expected …", counted from 1. Linear in the size of the text.
Result<std::vector<JsonMember>> scan_json_object(std::string_view text);

// The same for the elements of the one array that `text` is.
Result<std::vector<std::string_view>> scan_json_array(std::string_view text);

}  // namespace evalrun
