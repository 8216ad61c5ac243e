// The stories of scenarios.txt: what is given, when it is asked, and what the default policy says then.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "policy/world.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::policy_test {
namespace {

// Local in Tokyo: "2026-03-02", "10:30".
Instant Moment(const std::string& day, const std::string& time) { return At(day + "T" + time + ":00+09:00"); }

class Teller {
 public:
  Teller() {
    world_.Use(Policy::Default()).Use(OfficeProfile());
    world_.Add("", "softener", "2020-01-02T00:00:00Z", Softener());
  }
  void Given(std::istringstream& line) {
    std::string day, time, type, data;
    line >> day >> time >> type;
    std::getline(line, data);
    const auto json = Json::Parse(data);
    ASSERT_TRUE(json.ok()) << data;
    Json::Object unknown;
    const auto payload = DecodePayload(type, *json, nullptr, &unknown);
    ASSERT_TRUE(payload.ok()) << data << payload.status();
    ASSERT_TRUE(unknown.empty()) << data;
    Event event;
    event.key = {"test", "e" + std::to_string(++events_)};
    const bool of_the_book = type == RepUpserted::kType || type == ModelFitted::kType || type == BookConfigured::kType;
    if (!of_the_book) event.subject = CustomerId::Trusted("c");
    event.occurred = {Moment(day, time), 540};
    event.recorded = event.claimed = event.occurred.at;
    event.data = *payload;
    world_.Add(std::move(event));
  }
  void Tick(Instant at) { last_ = world_.Tick(at); }
  void Done(Instant at) {
    for (const FollowUpIssued* issued : All<FollowUpIssued>(last_)) {
      world_.Add("c", "done-" + issued->followup.text(), FormatInstant(at), FollowUpDone{issued->followup, std::nullopt, std::nullopt});
    }
  }
  std::vector<std::string> Ask(Instant at) const {
    const auto view = world_.Seen(at);
    const Zone& zone = **ZoneRules::Bundled().Find("Asia/Tokyo");
    std::vector<std::string> found;
    for (const Decision& d : DecideAccount(view->account(), view->input).decisions) {
      std::string line = d.status == DecisionStatus::kDue ? "due " + d.rule + " " + std::string(NameOf(d.channel)) : "held " + d.rule + " by ";
      if (d.status == DecisionStatus::kHeld) {
        line += d.rule_hold.has_value() ? d.rule_hold->by : d.holds.empty() ? "nothing" : std::string(NameOf(d.holds.front().reason));
        if (d.held_until.has_value()) {
          const LocalSecond local = zone.Local(*d.held_until);
          line += " until " + FormatDay(Day(local)) + " " + FormatMinuteOfDay(static_cast<int>(local.hour()) * 60 + local.minute());
        }
      }
      if (d.rep != view->account().owner) line += " by " + d.rep.value_or(RepId()).text();
      found.push_back(line);
    }
    if (found.empty()) found.push_back("nothing");
    return found;
  }

 private:
  World world_;
  std::vector<Event> last_;
  int events_ = 0;
};

struct Told {
  int scenarios = 0;
  int nothing = 0;
};

void Check(const std::string& name, const std::vector<std::string>& expected, const std::optional<std::vector<std::string>>& found, Told& told) {
  if (name.empty()) return;
  ASSERT_TRUE(found.has_value()) << name;
  EXPECT_EQ(expected, *found) << name;
  told.scenarios += 1;
  told.nothing += expected == std::vector<std::string>{"nothing"} ? 1 : 0;
}

TEST(Policy_Scenarios, AreWhatTheDefaultPolicyDoes) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/tests/policy/scenarios.txt");
  ASSERT_TRUE(file.good());
  std::unique_ptr<Teller> teller;
  std::string name;
  std::vector<std::string> expected;
  std::optional<std::vector<std::string>> found;
  Told told;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string word, day, time;
    line >> word;
    if (word.empty() || word[0] == '#') continue;
    if (word == "scenario:") {
      Check(name, expected, found, told);
      teller = std::make_unique<Teller>();
      name = text.substr(10);
      expected.clear();
      found.reset();
    } else if (word == "given") {
      teller->Given(line);
    } else if (word == "then") {
      expected.push_back(text.substr(5));
    } else {
      line >> day >> time;
      if (word == "tick") teller->Tick(Moment(day, time));
      else if (word == "done") teller->Done(Moment(day, time));
      else if (word == "when") found = teller->Ask(Moment(day, time));
      else FAIL() << "unknown word: " << text;
    }
  }
  Check(name, expected, found, told);
  EXPECT_GE(told.scenarios, 30);
  EXPECT_GE(told.nothing, 10);
}

}  // namespace
}  // namespace rapport::policy_test
