#include "runners/remote/probe.h"

#include <algorithm>
#include <utility>

#include "harness/core/text.h"
#include "runners/remote/probe_questions.h"
#include "runners/remote/probe_sender.h"
#include "runners/remote/rate_headers.h"

namespace evalrun {
namespace {

constexpr std::size_t kShownBytes = 300;    // of a text
constexpr std::size_t kModelBytes = 100;    // of a name in the list
constexpr std::size_t kModelsShown = 1000;  // of the list
constexpr std::size_t kHeadersShown = 20;
constexpr int kStreams = 3;

class Prober {
 public:
  explicit Prober(const RemoteOptions& options)
      : options_(options), wire_(options.wire), sender_(options) {}

  Result<ProbeReport> run() {
    report_.base_url = options_.base_url;
    report_.api = wire_.api;
    if (Status s = ask_models(); !s) return std::unexpected(s.error());
    if (wire_.model.empty()) {
      give_up("--model is needed");
      return finished();
    }
    if (Status s = ask_plain(); !s) return std::unexpected(s.error());
    if (!is_hopeless_) {
      ask_parameters();
      ask_seed();
      ask_streams();
      report_[Feature::reasoning] = judge_reasoning(wire_.api, answers_);
    }
    return finished();
  }

 private:
  Status ask_models();
  void choose_model(const std::vector<std::string>& ids);
  Status ask_plain();
  void ask_parameters();
  void ask_seed();
  void ask_streams();
  ProbeAnswer ask(Question question);
  void settle(Feature feature, Finding finding);
  void give_up(const std::string& reason);
  void measure(const std::vector<Completion>& streams);
  ProbeReport finished();
  std::string shown(std::string text, std::size_t bytes_max = kShownBytes) const;
  std::unexpected<Error> error(const std::string& what, const std::string& why) const {
    return target_error(shown(options_.base_url) + ": " + what + ": " + shown(why));
  }

  const RemoteOptions& options_;
  WireOptions wire_;  // with the model that is asked
  ProbeSender sender_;
  ProbeReport report_;
  std::vector<ProbeAnswer> answers_;
  bool is_hopeless_ = false;  // see ProbeAnswer
};

// Without secrets, printable, one line, and cut between two characters. In this order: half a
// secret would not be found.
std::string Prober::shown(std::string text, std::size_t bytes_max) const {
  text = options_.secrets.without(to_valid_utf8(text));
  text = to_printable(text, /*one_line=*/true);
  if (text.size() <= bytes_max) return text;
  std::size_t cut = bytes_max;
  while (cut > 0 && (text[cut] & 0xc0) == 0x80) --cut;
  text.resize(cut);
  return text + "\xe2\x80\xa6";
}

Status Prober::ask_models() {
  const ProbeReply reply = sender_.get_models();
  report_.models_status = reply.status;
  if (reply.is_unreachable) return error("cannot be reached", reply.failure);
  if (reply.status != 0) report_.models_ms = double(reply.done_us - reply.sent_us) / 1e3;
  report_.rate_limits = rate_limit_lines(reply.headers);
  const bool is_whole = reply.failure.empty();
  const auto ids =
      is_whole ? parse_models(reply.status, body_of(reply)) : target_error(reply.failure);
  if (ids) {
    choose_model(*ids);
    return {};
  }
  report_.models_error = ids.error().message;
  if (wire_.model.empty() && reply.status == 401)
    return error("the key is refused", report_.models_error);
  return {};
}

void Prober::choose_model(const std::vector<std::string>& ids) {
  report_.models_count = ids.size();
  report_.models.assign(ids.begin(),
                        ids.begin() + std::ptrdiff_t(std::min(ids.size(), kModelsShown)));
  if (wire_.model.empty() && ids.size() == 1) wire_.model = ids.front();
  if (!wire_.model.empty()) report_.is_listed = std::ranges::find(ids, wire_.model) != ids.end();
}

ProbeAnswer Prober::ask(Question question) {
  const ProbeReply reply = sender_.post(question_body(question, wire_));
  ProbeAnswer answer = read_answer(wire_.api, reply);
  if (auto lines = rate_limit_lines(reply.headers);
      !lines.empty() && (answers_.empty() || report_.rate_limits.empty()))
    report_.rate_limits = std::move(lines);
  if (answer.is_answer()) {
    const Usage& usage = answer.completion.usage;
    report_.usage += usage;
    if (usage == Usage{}) ++report_.uncounted;
    answers_.push_back(answer);
  }
  return answer;
}

Status Prober::ask_plain() {
  const ProbeAnswer plain = ask(Question::plain);
  report_.is_answered = plain.is_answer();
  if (!plain.is_answer() && plain.kind == WireErrorKind::auth)
    return error(options_.key.empty() ? "needs a key (--api-key-env or --api-key-file)"
                                      : "the key is refused",
                 plain.failure);
  is_hopeless_ = plain.is_hopeless;
  if (is_hopeless_) {
    give_up(plain.failure);
    return {};
  }
  const std::string why = why_not_asked(Question::plain, wire_);
  settle(Feature::max_tokens,
         why.empty() ? judge_max_tokens(plain) : Finding{Support::not_tested, why});
  return {};
}

// Where the plain question was refused too, a refusal is none of the parameter.
void Prober::settle(Feature feature, Finding finding) {
  if (finding.support == Support::refused && !report_.is_answered)
    finding.support = Support::not_tested;
  report_[feature] = std::move(finding);
}

void Prober::give_up(const std::string& reason) {
  report_.findings.fill({Support::not_tested, reason});
}

void Prober::ask_parameters() {
  struct Row {
    Feature feature;
    Question question;
    Finding (*judge)(const ProbeAnswer&);
  };
  static constexpr Row kRows[] = {
      {Feature::system_role, Question::system, judge_system},
      {Feature::stop, Question::stop, judge_stop},
      {Feature::n, Question::n, judge_n},
      {Feature::logprobs, Question::logprobs, judge_logprobs},
  };
  for (const Row& row : kRows) {
    const std::string why = why_not_asked(row.question, wire_);
    settle(row.feature,
           why.empty() ? row.judge(ask(row.question)) : Finding{Support::not_tested, why});
  }
}

// The rest is not asked once an answer is missing.
void Prober::ask_seed() {
  const std::string why = why_not_asked(Question::seed, wire_);
  if (!why.empty()) return settle(Feature::seed, {Support::not_tested, why});
  const ProbeAnswer once = ask(Question::seed);
  const ProbeAnswer again = once.is_answer() ? ask(Question::seed) : once;
  const ProbeAnswer other = again.is_answer() ? ask(Question::other_seed) : again;
  settle(Feature::seed, judge_seed(once, again, other));
}

void Prober::ask_streams() {
  if (const std::string why = why_not_asked(Question::stream, wire_); !why.empty()) {
    settle(Feature::streaming, {Support::not_tested, why});
    return settle(Feature::stream_usage, {Support::not_tested, why});
  }
  Question question = Question::stream;
  ProbeAnswer first = ask(question);
  Finding usage = judge_stream_usage(first);
  if (first.is_refused) {  // perhaps only the option is
    question = Question::stream_without_usage;
    first = ask(question);
    if (!first.is_answer()) usage = judge_stream_usage(first);
  }
  settle(Feature::streaming, judge_streaming(first));
  settle(Feature::stream_usage, std::move(usage));
  if (report_[Feature::streaming].support != Support::yes) return;
  std::vector<Completion> streams{first.completion};
  for (int i = 1; i < kStreams; ++i)
    if (ProbeAnswer answer = ask(question); answer.is_answer())
      streams.push_back(std::move(answer.completion));
  measure(streams);
}

void Prober::measure(const std::vector<Completion>& streams) {
  std::vector<double> ttfts, rates;
  for (const Completion& stream : streams) {
    if (const double ttft = ttft_ms(stream); ttft > 0) ttfts.push_back(ttft);
    if (const double rate = output_tokens_per_s(stream); rate > 0) rates.push_back(rate);
  }
  report_.ttft_ms = median_of(std::move(ttfts));
  report_.output_tokens_per_s = median_of(std::move(rates));
}

ProbeReport Prober::finished() {
  report_.model = shown(wire_.model);
  report_.models_error = shown(report_.models_error);
  for (std::string& model : report_.models) model = shown(std::move(model), kModelBytes);
  for (Finding& finding : report_.findings) finding.detail = shown(std::move(finding.detail));
  if (report_.rate_limits.size() > kHeadersShown) report_.rate_limits.resize(kHeadersShown);
  for (std::string& line : report_.rate_limits) line = shown(std::move(line));
  report_.calls = sender_.calls();
  return std::move(report_);
}

}  // namespace

std::string_view name(Feature feature) {
  static constexpr std::array<std::string_view, kFeatures> kNames{
      "system_role", "seed",      "stop",         "max_tokens", "n",
      "logprobs",    "streaming", "stream_usage", "reasoning"};
  return kNames[std::size_t(feature)];
}

Result<ProbeReport> probe(const RemoteOptions& options) { return Prober(options).run(); }

}  // namespace evalrun
