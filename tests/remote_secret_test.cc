// The key goes to the endpoint and nowhere else: every byte that a run writes is searched for it,
// while the endpoint does its best to have it written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/fault_replies.h"
#include "tests/remote_run.h"

namespace evalrun {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "sk-Qx7vB2mNp9Lw4RtYz8Kd3Hf6";
constexpr char kHeaderValue[] = "org-hush-Jk31Vn77Ab05";
// So much of the key would be a leak too.
constexpr std::size_t kPartBytes = 12;

std::string part_of_key() { return std::string(kKey).substr(0, kPartBytes); }

class RemoteSecret : public ::testing::Test {
 protected:
  Finished run(const FaultServer& server, const std::vector<std::string>& more = {}) {
    auto words = remote_words(server.url("/v1"),
                              {"--limit", "3", "--max-retries", "1", "--api-key-env", "TEST_KEY",
                               "--header", "X-Org=$TEST_ORG", "--cache", folder_.path("cache"),
                               "--show", "full", "--out", folder_.path("run")});
    words.insert(words.end(), more.begin(), more.end());
    return evalrun(words,
                   {std::string("TEST_KEY=") + kKey, std::string("TEST_ORG=") + kHeaderValue});
  }

  // Everything that was written, and what other verbs make of it.
  void expect_no_key(const Finished& done) {
    int searched = 0;
    const auto search = [&](const std::string& where, const std::string& bytes) {
      ++searched;
      for (const std::string& secret : {part_of_key(), std::string(kHeaderValue)})
        if (const std::size_t at = bytes.find(secret); at != bytes.npos)
          ADD_FAILURE() << where << ": …" << bytes.substr(at - std::min<std::size_t>(at, 40), 90);
    };
    const auto search_run = [&](const std::string& what, const Finished& finished) {
      search("stdout of " + what, finished.out);
      search("stderr of " + what, finished.err);
    };
    search_run("run", done);
    search_run("report", evalrun({"report", folder_.path("run"), "--json"}));
    search_run("show", evalrun({"show", "calls", folder_.path("run"), "letters_0001"}));
    for (const auto& [name, bytes] : files_below(folder_.path())) search(name, bytes);
    EXPECT_GE(searched, 7);  // with the manifest at least
  }

  TestFolder folder_;
};

// The endpoint gives the key back wherever it can, whole and in two pieces.
Reply echo_everywhere(const FaultRequest& request, Reply reply) {
  reply = with_header(std::move(reply), "X-Echo", request.header("authorization"));
  return with_header(std::move(reply), "Set-Cookie", "key=" + request.header("authorization"));
}

TEST_F(RemoteSecret, AnAnswerThatHoldsItIsKeptWithoutIt) {
  std::string seen, seen_header;
  FaultServer server([&](const FaultRequest& request) {
    seen = request.header("authorization");
    seen_header = request.header("x-org");
    const std::string text = "You sent " + seen + " and " + seen_header + ".\nAnswer: 1";
    return echo_everywhere(request, sse_reply(text, 9));  // some piece ends within the key
  });
  const Finished done = run(server);
  EXPECT_EQ(done.exit, 0) << done.err;
  (void)server.totals();  // takes the server's lock: what its handler wrote is ours to read now
  EXPECT_EQ(seen, std::string("Bearer ") + kKey);
  EXPECT_EQ(seen_header, kHeaderValue);
  EXPECT_THAT(calls_in(folder_.path("run")).at(0).completion.text, HasSubstr("You sent Bearer "));
  expect_no_key(done);
}

TEST_F(RemoteSecret, AnErrorThatHoldsItIsShownWithoutIt) {
  for (const int status : {400, 401, 500}) {
    FaultServer server([&](const FaultRequest& request) {
      const std::string key = request.header("authorization").substr(7);
      return echo_everywhere(request, error_reply(status, "bad key " + key + " for " + key, key));
    });
    const Finished done = run(server);
    EXPECT_EQ(done.exit, 3) << status << done.err;
    EXPECT_THAT(done.err + done.out + file_text(folder_.path("run/samples.jsonl")),
                HasSubstr("bad key"))
        << status;
    expect_no_key(done);
    std::filesystem::remove_all(folder_.path("run"));
  }
}

// Errors are cut to a length: the cut must not leave half a key behind, which no search would find.
TEST_F(RemoteSecret, AnErrorThatIsCutLeavesNoPartOfIt) {
  for (int padding = 440; padding <= 520; padding += 5) {
    FaultServer server([&](const FaultRequest& request) {
      return error_reply(400, std::string(std::size_t(padding), 'x') + " " +
                                  request.header("authorization").substr(7));
    });
    expect_no_key(run(server));
    std::filesystem::remove_all(folder_.path("run"));
  }
}

TEST_F(RemoteSecret, EscapedInJsonItIsStillFound) {
  std::string escaped;
  for (const char c : std::string(kKey)) {
    char unit[8];
    std::snprintf(unit, sizeof unit, "\\u%04x", unsigned(c));
    escaped += unit;
  }
  FaultServer server(
      [&](const FaultRequest&) { return json_reply(400, R"({"error": ")" + escaped + "\"}"); });
  expect_no_key(run(server));
}

TEST_F(RemoteSecret, ARedirectTakesItNowhere) {
  FaultServer elsewhere(answer);
  FaultServer server([&](const FaultRequest& request) {
    Reply reply = json_reply(307, "");
    return with_header(reply, "Location",
                       elsewhere.url(request.path + "?" + request.header("authorization")));
  });
  const Finished done = run(server);
  EXPECT_EQ(done.exit, 3);
  EXPECT_THAT(done.err + done.out, HasSubstr("redirects are not followed"));
  EXPECT_EQ(elsewhere.totals().connections, 0);
  expect_no_key(done);
}

TEST_F(RemoteSecret, AResumedRunNeedsItAnew) {
  FaultServer server([](const FaultRequest& request) {
    return request.serial < 2 ? answer(request) : error_reply(400, "no more");
  });
  EXPECT_EQ(run(server, {"--max-connections", "1", "--max-samples", "1"}).exit, 3);
  const Finished without = evalrun({"resume", folder_.path("run")}, {"TEST_KEY="});
  EXPECT_EQ(without.exit, 64);
  EXPECT_THAT(without.err, HasSubstr("TEST_KEY"));
}

TEST_F(RemoteSecret, AKeyFileThatOthersCanReadIsRefused) {
  FaultServer server([](const FaultRequest& request) {
    return request.header("authorization") == std::string("Bearer ") + kKey
               ? answer(request)
               : error_reply(401, "another key");
  });
  const std::string file = folder_.path("key");
  std::ofstream(file) << kKey << "\n";
  const auto run_with_file = [&](mode_t mode, const std::string& name) {
    EXPECT_EQ(::chmod(file.c_str(), mode), 0);
    return evalrun(remote_words(
        server.url("/v1"), {"--limit", "1", "--api-key-file", file, "--out", folder_.path(name)}));
  };
  for (const mode_t mode : {0644, 0640, 0604}) {
    const Finished refused = run_with_file(mode, "refused");
    EXPECT_EQ(refused.exit, 64);
    EXPECT_THAT(refused.err, HasSubstr(file));
    EXPECT_THAT(refused.err, HasSubstr("600"));
    EXPECT_THAT(refused.err, Not(HasSubstr(part_of_key())));
    EXPECT_FALSE(std::filesystem::exists(folder_.path("refused")));
  }
  EXPECT_EQ(server.totals().requests, 0);
  EXPECT_EQ(run_with_file(0600, "taken").exit, 0);
}

}  // namespace
}  // namespace evalrun
