// Prompts are data: text files built into the binary, one set a profile, each replaceable by a file
// of the same name in a folder of the user's. Bytes are used as they stand: nothing is trimmed.
#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace evalrun {

// Immutable after load, so thread-safe.
class PromptSet {
 public:
  // Reads ROOT/PROFILE/NAME.txt from the binary's resources for each of `names`; a NAME.txt in
  // `override_dir` ("" = none) replaces that one. A name that ends in ".system" may be absent and
  // is then empty. Errors: unknown profile, an override_dir that is no folder, a prompt that is
  // missing, unreadable or not UTF-8.
  static Result<PromptSet> load(std::string_view root, std::span<const std::string_view> names,
                                std::string_view profile, const std::string& override_dir);

  // The template with its {placeholders}; see fill_template. CHECKs that `name` was loaded.
  std::string_view get(std::string_view name) const;

  // Error unless the prompt holds every "{placeholder}": an override that lost one would ask the
  // model about nothing.
  Status require(std::string_view name, std::initializer_list<std::string_view> placeholders) const;

  // Over names and bytes in the order of the names: equal sets have equal hashes.
  const std::string& sha256() const { return sha256_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::string, std::less<>> origins_;  // resource name or path, for errors
  std::string sha256_;
};

// Error for a folder that does not exist and for a .txt file in it whose name is not among
// `all_known_names`: a misspelt override would otherwise do nothing, silently. "" is fine.
Status check_override_dir(const std::string& dir,
                          std::span<const std::string_view> all_known_names);

}  // namespace evalrun
