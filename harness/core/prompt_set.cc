#include "harness/core/prompt_set.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/core/check.h"
#include "harness/core/hash.h"
#include "harness/core/resources.h"
#include "harness/core/text.h"

namespace evalrun {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> profiles_under(std::string_view root) {
  std::set<std::string> found;
  for (const Resource& resource : resources()) {
    if (!resource.name.starts_with(root)) continue;
    const std::string_view rest = resource.name.substr(root.size());
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos) found.emplace(rest.substr(0, slash));
  }
  return {found.begin(), found.end()};
}

Status check_profile(std::string_view root, std::string_view profile) {
  const std::vector<std::string> known = profiles_under(root);
  if (std::ranges::find(known, profile) != known.end()) return {};
  return usage_error("no prompt profile \"" + std::string(profile) + "\"" +
                     did_you_mean(profile, known));
}

Status check_is_folder(const std::string& dir) {
  std::error_code error;
  if (fs::is_directory(dir, error)) return {};
  return usage_error(dir + ": no such folder of prompts" +
                     (error ? " (" + error.message() + ")" : ""));
}

struct Text {
  std::string origin;
  std::string bytes;
};

Result<Text> load_one(const std::string& resource, std::string_view name,
                      const std::string& override_dir) {
  const fs::path path = fs::path(override_dir) / (std::string(name) + ".txt");
  std::error_code error;
  if (!override_dir.empty() && fs::exists(path, error)) {
    auto bytes = read_file(path.string());
    if (!bytes) return std::unexpected(bytes.error());
    if (to_valid_utf8(*bytes) != *bytes)
      return input_error(path.string() + ": a prompt has to be valid UTF-8");
    return Text{path.string(), *std::move(bytes)};
  }
  const auto bytes = find_resource(resource);
  if (!bytes && !name.ends_with(".system")) return input_error(resource + ": no such prompt");
  return Text{resource, std::string(bytes.value_or(""))};
}

// Lengths keep ("a", "bc") and ("ab", "c") apart.
std::string hash_of(const std::map<std::string, std::string, std::less<>>& texts) {
  std::string all;
  for (const auto& [name, bytes] : texts)
    all += name + " " + std::to_string(bytes.size()) + "\n" + bytes + "\n";
  return sha256_hex(all);
}

}  // namespace

Result<PromptSet> PromptSet::load(std::string_view root, std::span<const std::string_view> names,
                                  std::string_view profile, const std::string& override_dir) {
  CHECK(root.ends_with('/'));
  if (auto ok = check_profile(root, profile); !ok) return std::unexpected(ok.error());
  if (!override_dir.empty())
    if (auto ok = check_is_folder(override_dir); !ok) return std::unexpected(ok.error());
  PromptSet set;
  for (std::string_view name : names) {
    const std::string resource =
        std::string(root) + std::string(profile) + "/" + std::string(name) + ".txt";
    auto text = load_one(resource, name, override_dir);
    if (!text) return std::unexpected(text.error());
    set.origins_.emplace(name, std::move(text->origin));
    set.texts_.emplace(name, std::move(text->bytes));
  }
  set.sha256_ = hash_of(set.texts_);
  return set;
}

std::string_view PromptSet::get(std::string_view name) const {
  const auto found = texts_.find(name);
  CHECK(found != texts_.end());
  return found->second;
}

Status PromptSet::require(std::string_view name,
                          std::initializer_list<std::string_view> placeholders) const {
  const std::string_view text = get(name);
  for (std::string_view placeholder : placeholders) {
    const std::string wanted = "{" + std::string(placeholder) + "}";
    if (text.find(wanted) == std::string_view::npos)
      return input_error(origins_.find(name)->second + ": the prompt has no " + wanted);
  }
  return {};
}

Status check_override_dir(const std::string& dir,
                          std::span<const std::string_view> all_known_names) {
  if (dir.empty()) return {};
  if (auto ok = check_is_folder(dir); !ok) return ok;
  const std::vector<std::string> known(all_known_names.begin(), all_known_names.end());
  std::set<std::string> names;  // sorted, so that the same folder always gives the same error
  std::error_code error;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".txt") names.insert(it->path().stem().string());
  if (error) return system_error(dir + ": " + error.message());
  for (const std::string& name : names)
    if (std::ranges::find(known, name) == known.end())
      return input_error((fs::path(dir) / (name + ".txt")).string() + ": no prompt has this name" +
                         did_you_mean(name, known));
  return {};
}

}  // namespace evalrun
