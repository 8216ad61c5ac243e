// A backtest as tables, and in a few sentences.
#include <set>

#include "policy/wording.hpp"
#include "rapport/policy/backtest.hpp"

namespace rapport {
namespace {

using enum ColumnType;

constexpr std::string_view kPolicyVersion = "policy";
constexpr std::string_view kAgainstVersion = "against";

struct Version {
  std::string_view name;
  const BacktestRun* run;
};

std::vector<Version> VersionsOf(const BacktestRun& run, const BacktestRun* against) {
  std::vector<Version> versions{{kPolicyVersion, &run}};
  if (against != nullptr) versions.push_back({kAgainstVersion, against});
  return versions;
}

Cell DayOrNull(const std::optional<Day>& day) { return day.has_value() ? Cell(*day) : Cell(); }
Cell TextOrNull(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

Json CountsToJson(const std::map<std::string, std::int64_t>& counts) {
  Json::Object out;
  for (const auto& [name, count] : counts) out.emplace(name, Json::Integer(count));
  return out;
}

std::int64_t CapsHit(const std::map<std::string, std::int64_t>& held_by) {
  const auto found = held_by.find("frequency_cap");
  return found == held_by.end() ? 0 : found->second;
}

// What all days come to.
BacktestDay Total(const BacktestRun& run) {
  BacktestDay total;
  for (const BacktestDay& day : run.days) {
    total.looked_at += day.looked_at;
    total.issued += day.issued;
    total.done += day.done;
    total.expired += day.expired;
    total.withdrawn += day.withdrawn;
    total.held += day.held;
    for (const auto& [by, count] : day.held_by) total.held_by[by] += count;
    total.minutes += day.minutes;
    total.capacity += day.capacity;
    total.reps_over += day.reps_over;
    total.bought += day.bought;
    total.bought_without += day.bought_without;
  }
  return total;
}

struct RuleTally {
  std::map<BacktestOutcome, std::int64_t> outcomes;
  std::int64_t issued = 0;
  std::int64_t held = 0;
  std::int64_t minutes = 0;
  std::int64_t bought = 0;
};

std::map<std::string, RuleTally> TallyRules(const BacktestRun& run) {
  std::map<std::string, RuleTally> rules;
  for (const auto& [id, followup] : run.followups) {
    RuleTally& tally = rules[followup.rule];
    tally.held += followup.held.has_value() ? 1 : 0;
    if (!followup.issued.has_value()) continue;
    ++tally.issued;
    ++tally.outcomes[followup.outcome];
    tally.minutes += followup.minutes;
    tally.bought += followup.bought ? 1 : 0;
  }
  return rules;
}

const BacktestFollowUp* FindIn(const BacktestRun* run, const FollowUpId& id) {
  if (run == nullptr) return nullptr;
  const auto found = run->followups.find(id);
  return found == run->followups.end() ? nullptr : &found->second;
}

// How the two differ for one follow-up; empty where they do not.
std::string ChangeOf(const BacktestFollowUp* mine, const BacktestFollowUp* other) {
  const std::optional<Day> a = mine != nullptr ? mine->issued : std::nullopt;
  const std::optional<Day> b = other != nullptr ? other->issued : std::nullopt;
  if (a.has_value() && b.has_value()) return a == b && mine->channel == other->channel && mine->rep == other->rep ? "" : "moved";
  if (a.has_value()) return "only_policy";
  if (b.has_value()) return "only_against";
  if ((mine != nullptr) != (other != nullptr)) return mine != nullptr ? "held_policy" : "held_against";
  return mine->held_by == other->held_by ? "" : "held_otherwise";
}

std::set<CustomerId> CustomersChanged(const BacktestRun& run, const BacktestRun& against) {
  std::set<CustomerId> changed;
  for (const auto& [id, mine] : run.followups) {
    if (!ChangeOf(&mine, FindIn(&against, id)).empty()) changed.insert(mine.customer);
  }
  for (const auto& [id, other] : against.followups) {
    if (FindIn(&run, id) == nullptr) changed.insert(other.customer);
  }
  return changed;
}

}  // namespace

Table BacktestDayTable(const BacktestRun& run, const BacktestRun* against) {
  Table table({{"version", kText}, {"day", kDay}, {"issued", kInteger}, {"done", kInteger}, {"expired", kInteger}, {"withdrawn", kInteger},
               {"held", kInteger}, {"held_by", kText}, {"caps_hit", kInteger}, {"minutes", kInteger}, {"capacity", kInteger},
               {"reps_over", kInteger}, {"bought", kInteger}, {"bought_without", kInteger}, {"looked_at", kInteger}});
  for (const auto& [name, one] : VersionsOf(run, against)) {
    for (const BacktestDay& d : one->days) {
      table.AppendRow({std::string(name), d.day, d.issued, d.done, d.expired, d.withdrawn, d.held, CountsToJson(d.held_by).Canonical(),
                       CapsHit(d.held_by), d.minutes, d.capacity, d.reps_over, d.bought, d.bought_without, d.looked_at});
    }
  }
  return table;
}

Table BacktestRuleTable(const BacktestRun& run, const BacktestRun* against) {
  Table table({{"version", kText}, {"rule", kText}, {"issued", kInteger}, {"done", kInteger}, {"skipped", kInteger}, {"expired", kInteger},
               {"withdrawn", kInteger}, {"open", kInteger}, {"held", kInteger}, {"minutes", kInteger}, {"bought", kInteger}});
  for (const auto& [name, one] : VersionsOf(run, against)) {
    for (auto& [rule, tally] : TallyRules(*one)) {
      const auto count = [&tally = tally](BacktestOutcome outcome) {
        const auto found = tally.outcomes.find(outcome);
        return found == tally.outcomes.end() ? std::int64_t{0} : found->second;
      };
      table.AppendRow({std::string(name), rule, tally.issued, count(BacktestOutcome::kDone), count(BacktestOutcome::kSkipped),
                       count(BacktestOutcome::kExpired), count(BacktestOutcome::kWithdrawn), count(BacktestOutcome::kOpen), tally.held, tally.minutes,
                       tally.bought});
    }
  }
  return table;
}

Table BacktestPeopleTable(const BacktestRun& run, const BacktestRun* against) {
  Table table({{"customer", kText}, {"rule", kText}, {"step", kText}, {"followup_id", kText}, {"change", kText}, {"issued_policy", kDay},
               {"issued_against", kDay}, {"held_policy", kText}, {"held_against", kText}, {"outcome_policy", kText}, {"outcome_against", kText}});
  std::set<std::pair<CustomerId, FollowUpId>> all;
  for (const auto& [name, one] : VersionsOf(run, against)) {
    for (const auto& [id, followup] : one->followups) all.emplace(followup.customer, id);
  }
  for (const auto& [customer, id] : all) {
    const BacktestFollowUp* mine = FindIn(&run, id);
    const BacktestFollowUp* other = FindIn(against, id);
    const std::string change = against == nullptr ? std::string() : ChangeOf(mine, other);
    if (against != nullptr && change.empty()) continue;
    const BacktestFollowUp& any = mine != nullptr ? *mine : *other;
    const auto outcome = [](const BacktestFollowUp* one) { return one == nullptr ? Cell() : Cell(std::string(NameOf(one->outcome))); };
    const auto held = [](const BacktestFollowUp* one) { return one == nullptr ? Cell() : TextOrNull(one->held_by); };
    table.AppendRow({customer.text(), any.rule, any.step, id.text(), TextOrNull(change), mine != nullptr ? DayOrNull(mine->issued) : Cell(),
                     other != nullptr ? DayOrNull(other->issued) : Cell(), held(mine), held(other), outcome(mine), outcome(other)});
  }
  return table;
}

namespace {

absl::Status Tell(const BacktestRun& run, const BacktestDay& total, const Speaker& speaker, Json::Array& sentences) {
  const auto say = [&](std::string key, std::map<std::string, SentenceArgument> arguments) -> absl::Status {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(std::move(key), std::move(arguments)));
    sentences.emplace_back(std::move(text));
    return absl::OkStatus();
  };
  const auto days = static_cast<std::int64_t>(run.days.size());
  RAPPORT_RETURN_IF_ERROR(say("backtest.issued", {{"policy", run.policy_name}, {"n", total.issued}, {"days", days}, {"held", total.held}}));
  std::int64_t most = 0;
  Day busiest = run.days.front().day;
  for (const BacktestDay& day : run.days) {
    if (day.minutes <= most) continue;
    most = day.minutes;
    busiest = day.day;
  }
  if (most > 0) RAPPORT_RETURN_IF_ERROR(say("backtest.busiest", {{"day", busiest}, {"minutes", most}}));
  RAPPORT_RETURN_IF_ERROR(say("backtest.minutes", {{"minutes", total.minutes}, {"capacity", total.capacity}, {"over", total.reps_over}}));
  if (const std::int64_t caps = CapsHit(total.held_by); caps > 0) RAPPORT_RETURN_IF_ERROR(say("backtest.caps", {{"n", caps}}));
  if (total.bought > 0) RAPPORT_RETURN_IF_ERROR(say("backtest.bought", {{"n", total.bought}, {"without", total.bought_without}}));
  if (run.knowledge_assumed) RAPPORT_RETURN_IF_ERROR(say("backtest.assumed", {}));
  return absl::OkStatus();
}

Json::Object TotalsToJson(const BacktestRun& run, const BacktestDay& total) {
  return {{"policy", run.policy},
          {"policy_name", run.policy_name},
          {"start", FormatDay(run.days.front().day)},
          {"end", FormatDay(run.days.back().day)},
          {"customers", Json::Integer(run.customers)},
          {"issued", Json::Integer(total.issued)},
          {"done", Json::Integer(total.done)},
          {"expired", Json::Integer(total.expired)},
          {"withdrawn", Json::Integer(total.withdrawn)},
          {"held", Json::Integer(total.held)},
          {"held_by", CountsToJson(total.held_by)},
          {"caps_hit", Json::Integer(CapsHit(total.held_by))},
          {"minutes", Json::Integer(total.minutes)},
          {"capacity", Json::Integer(total.capacity)},
          {"bought", Json::Integer(total.bought)},
          {"bought_without", Json::Integer(total.bought_without)},
          {"looked_at", Json::Integer(total.looked_at)},
          {"knowledge_assumed", run.knowledge_assumed}};
}

}  // namespace

absl::StatusOr<Json> BacktestSummary(const BacktestRun& run, const BacktestRun* against, Language language) {
  const Speaker speaker(language, NoTexts());
  const BacktestDay total = Total(run);
  Json::Object out = TotalsToJson(run, total);
  Json::Array sentences;
  RAPPORT_RETURN_IF_ERROR(Tell(run, total, speaker, sentences));
  if (against != nullptr) {
    const BacktestDay other = Total(*against);
    out.emplace("against", TotalsToJson(*against, other));
    const std::set<CustomerId> customers = CustomersChanged(run, *against);
    out.emplace("customers_changed", Json::Integer(static_cast<std::int64_t>(customers.size())));
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say("backtest.against", {{"policy", against->policy_name}, {"n", other.issued},
                                                                                {"customers", static_cast<std::int64_t>(customers.size())}}));
    sentences.emplace_back(std::move(text));
  }
  RAPPORT_ASSIGN_OR_RETURN(std::string caution, speaker.Say("backtest.caution"));
  sentences.emplace_back(std::move(caution));
  out.emplace("sentences", std::move(sentences));
  return Json(std::move(out));
}

}  // namespace rapport
