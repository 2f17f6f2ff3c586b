#include "harness/verb.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/core/text.h"

namespace evalrun {
namespace {

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

}  // namespace

int exit_code(const Error& error) {
  const bool users = error.kind == Error::Kind::usage || error.kind == Error::Kind::input;
  return users ? kExitUsage : kExitIncomplete;
}

Result<bool> parse_arguments(CLI::App& app, const Arguments& arguments) {
  try {
    Arguments reversed(arguments.rbegin(), arguments.rend());  // what CLI11 wants
    app.allow_extras();
    app.parse(reversed);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return false;
  } catch (const CLI::ParseError& error) {
    return usage_error(to_printable(error.what(), true) + " (see --help)");
  }
  if (const auto extras = app.remaining(); !extras.empty()) {
    const std::string wrong = extras.front().substr(0, extras.front().find('='));
    return usage_error(fmt::format("{}: unknown argument{} (see --help)", to_printable(wrong, true),
                                   did_you_mean(wrong, flag_names(app))));
  }
  return true;
}

void add_sim_folder_flags(CLI::App& app, std::string& machines_dir, std::string& models_dir) {
  app.add_option("--machines", machines_dir,
                 "folder of *.toml machines besides the built-in; their names win")
      ->type_name("DIR");
  app.add_option("--models", models_dir,
                 "folder of *.toml models besides the built-in; their names win")
      ->type_name("DIR");
}

}  // namespace evalrun
