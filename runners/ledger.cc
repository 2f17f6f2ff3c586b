#include "runners/ledger.h"

#include <algorithm>
#include <set>

namespace evalrun {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Cuts the run of digits off the front of `text` and returns it without its leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, std::size_t(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

void add_message(std::string& out, Role role, std::string_view content) {
  out += name(role);
  out += '\n';
  out += content;
  out += '\n';
}

// Indices so that each comes after all that it waited for; of several the lowest first.
std::vector<std::int32_t> sending_order(const std::vector<StepUse>& ledger) {
  std::vector<std::size_t> waits(ledger.size());
  std::vector<std::vector<std::int32_t>> followers(ledger.size());
  std::set<std::int32_t> ready;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    waits[i] = ledger[i].after->size();
    if (waits[i] == 0) ready.insert(std::int32_t(i));
    for (const std::int32_t before : *ledger[i].after)
      followers[std::size_t(before)].push_back(std::int32_t(i));
  }
  std::vector<std::int32_t> order;
  while (!ready.empty()) {
    order.push_back(*ready.begin());
    ready.erase(ready.begin());
    for (const std::int32_t next : followers[std::size_t(order.back())])
      if (--waits[std::size_t(next)] == 0) ready.insert(next);
  }
  return order;
}

// [i][j]: j had ended before i was asked, directly or through others.
std::vector<std::vector<bool>> ended_before(const std::vector<StepUse>& ledger,
                                            const std::vector<std::int32_t>& order) {
  std::vector<std::vector<bool>> ended(ledger.size(), std::vector<bool>(ledger.size()));
  for (const std::int32_t i : order)
    for (const std::int32_t before : *ledger[std::size_t(i)].after) {
      std::vector<bool>& mine = ended[std::size_t(i)];
      mine[std::size_t(before)] = true;
      for (std::size_t j = 0; j < mine.size(); ++j)
        if (ended[std::size_t(before)][j]) mine[j] = true;
    }
  return ended;
}

std::size_t common_bytes(std::string_view a, std::string_view b) {
  return std::size_t(std::ranges::mismatch(a, b).in1 - a.begin());
}

void find_shared(const std::vector<const FinishedCall*>& calls, std::vector<StepUse>& ledger) {
  const std::vector<std::int32_t> order = sending_order(ledger);
  const auto ended = ended_before(ledger, order);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const auto self = std::size_t(order[i]);
    const std::string_view prompt =
        std::string_view(calls[self]->transcript).substr(0, calls[self]->prompt_bytes);
    StepUse& step = ledger[self];
    std::size_t best = 0;  // bytes, twice where they are sure to be there
    for (std::size_t j = 0; j < i; ++j) {
      const auto other = std::size_t(order[j]);
      const std::size_t common = common_bytes(prompt, calls[other]->transcript);
      const std::size_t weight = common * (ended[self][other] ? 2 : 1);
      if (weight <= best) continue;
      best = weight;
      const Usage& had = ledger[other].usage;
      step.shared_with = std::int32_t(other);
      step.shared_tokens =
          std::min(std::int64_t(double(step.usage.prompt) * double(common) / double(prompt.size())),
                   had.prompt + had.completion);
    }
    if (step.shared_tokens <= 0) step.shared_tokens = 0, step.shared_with = -1;
  }
}

}  // namespace

bool path_less(std::string_view a, std::string_view b) {
  std::string_view x = a, y = b;
  while (!x.empty() && !y.empty()) {
    if (is_digit(x[0]) && is_digit(y[0])) {
      const std::string_view m = take_number(x), n = take_number(y);
      if (m.size() != n.size()) return m.size() < n.size();
      if (m != n) return m < n;
    } else {
      if (x[0] != y[0]) return x[0] < y[0];
      x.remove_prefix(1);
      y.remove_prefix(1);
    }
  }
  if (x.empty() != y.empty()) return x.empty();
  return a < b;  // "01" and "1" are the same number, but not the same path
}

std::string transcript_of(const std::vector<Message>& messages) {
  std::string out;
  for (const Message& message : messages) add_message(out, message.role, message.content);
  return out;
}

std::vector<StepUse> make_ledger(const std::map<std::string, FinishedCall, PathLess>& calls) {
  std::vector<StepUse> ledger;
  std::vector<const FinishedCall*> finished;
  std::map<std::string_view, std::int32_t> index;
  for (const auto& [path, call] : calls) {
    index.emplace(path, std::int32_t(ledger.size()));
    ledger.push_back(call.use);
    finished.push_back(&call);
  }
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    std::vector<std::int32_t>& after = ledger[i].after.emplace();
    for (const std::string& path : finished[i]->after) after.push_back(index.at(path));
    std::ranges::sort(after);
  }
  find_shared(finished, ledger);
  return ledger;
}

}  // namespace evalrun
