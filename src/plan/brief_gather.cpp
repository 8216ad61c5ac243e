#include "plan/brief_gather.hpp"

#include <algorithm>

#include "rapport/core/quantity.hpp"
#include "rapport/expectation/promise_outcome.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/signals/feedback_score.hpp"
#include "rapport/signals/promise_chance.hpp"

namespace rapport {
namespace {

const RepId kNobody;

// Feedback in the words it was given in: "9 of 10", "5 of 5".
std::pair<SentenceArgument, std::int64_t> ScoreOf(const FeedbackGiven& said, double score) {
  if (said.nps.has_value() || !said.csat.has_value()) return {SayQuantity(score), 10};
  return {SayQuantity(*said.csat), 5};
}

// Delivered before its day; null where it was not.
std::optional<std::int64_t> DaysEarly(const PromiseWord& word) {
  if (word.judged.outcome != PromiseOutcome::kExceeded || word.judged.margin_days.value_or(0) <= 0) return std::nullopt;
  return word.judged.margin_days;
}

}  // namespace

const RepId& BriefGathering::Whose(const std::optional<RepId>& rep, const Account& account) const {
  return rep.has_value() ? *rep : account.owner.has_value() ? *account.owner : kNobody;
}
bool BriefGathering::IsOurs(const std::optional<RepId>& rep, const Account& account) const { return scope_.reps.contains(Whose(rep, account)); }
// What a customer says is news for his owner too, whoever of ours heard it.
bool BriefGathering::Concerns(const std::optional<RepId>& rep, const Account& account) const {
  return IsOurs(rep, account) || IsOurs(std::nullopt, account);
}

void BriefGathering::ReadNews(Reading& in) const {
  const Instant fresh_from = scope_.zone->StartOf(FreshFrom());
  for (const Event& event : book_.EventsOf(in.account.id)) {
    if (event.occurred.at < scope_.since && event.recorded < scope_.since) continue;
    in.news.insert(event.key);
    if (event.occurred.at >= fresh_from) in.fresh.insert(event.key);
  }
}

void BriefGathering::Add(const Account& account) {
  Reading in{account, InputFor(account, context_, as_of_), {}, {}};
  ReadNews(in);
  AddFeedback(in);
  AddPromises(in);
  AddWorries(in);
  AddReferrals(in);
  AddGoals(in);
}

void BriefGathering::AddPromises(const Reading& in) {
  for (const PromiseRecord& promise : in.account.promises) {
    if (promise.by != PromiseBy::kOurs || !IsOurs(promise.rep, in.account)) continue;
    const std::vector<PromiseWord> words = JudgeWords(promise, *in.input.zone, WeekOf(book_.context(), promise.rep), as_of_);
    if (words.empty()) continue;
    if (IsBroken(words.back().judged.outcome)) AddBroken(in, promise, words.back());
    else AddRenewed(in, promise, words);
    AddEarly(in, promise, words.back());
    const std::optional<PromiseChance> chance = ChanceOf(in.input, promise);
    if (!chance.has_value() || chance->chance >= kPromiseAtRisk) continue;
    Cited cited;
    for (const EventKey& key : {promise.key, promise.progressed_by, context_.keeping_event}) cited.Add(key);
    at_risk[*promise.due].push_back({{"brief.at_risk", {{"customer", CustomerName{in.account.id}}, {"due", *promise.due}}}, cited.keys(), {}});
  }
}

// Before its day: known since then because it came since then, or because it was told since then.
void BriefGathering::AddEarly(const Reading& in, const PromiseRecord& promise, const PromiseWord& word) {
  const std::optional<std::int64_t> days = DaysEarly(word);
  if (!days.has_value() || !word.settled_on.has_value() || *word.settled_on > in.input.today || told_early_.contains(promise.fulfilled_by)) return;
  if (*word.settled_on < scope_.since_day && !in.IsFresh(promise.fulfilled_by)) return;
  good.push_back({{"brief.good.early", {{"customer", CustomerName{in.account.id}}, {"days", *days}}}, {promise.key, promise.fulfilled_by}, {}});
}

// A word that was broken, and another agreed for it after its day: the newest of them. What becomes of the promise is told of the current word; one that is
// broken too is told instead.
void BriefGathering::AddRenewed(const Reading& in, const PromiseRecord& promise, const std::vector<PromiseWord>& words) {
  const auto broke = std::find_if(words.rbegin(), words.rend(), [](const PromiseWord& word) { return !word.current() && IsBroken(word.judged.outcome); });
  if (broke == words.rend() || !broke->terms.due.has_value()) return;
  const bool settled_since = broke->settled_on.has_value() && *broke->settled_on >= scope_.since_day;
  if (!settled_since && !in.IsFresh(broke->replaced_by)) return;
  Sentence told{"brief.broken.renewed", {{"rep", RepName{Whose(promise.rep, in.account)}}, {"customer", CustomerName{in.account.id}}, {"due", *broke->terms.due}}};
  if (const std::optional<Day>& again = words.back().terms.due) told.key += ".day", told.arguments["again"] = *again;
  Cited cited;
  for (const EventKey& key : {promise.key, broke->said_by, broke->replaced_by, words.back().said_by}) cited.Add(key);
  broken.push_back({{std::move(told), cited.keys(), {}}, 2, 0});
}

// The current word, and what was delivered of it.
void BriefGathering::AddBroken(const Reading& in, const PromiseRecord& promise, const PromiseWord& word) {
  const bool is_owed = !promise.fulfilled;
  Cited cited;
  for (const EventKey& key : {promise.key, word.said_by}) cited.Add(key);
  for (const PromiseDelivery& delivery : promise.deliveries) {
    if (delivery.at <= as_of_) cited.Add(delivery.key);
  }
  const bool settled_since = word.settled_on.has_value() && *word.settled_on >= scope_.since_day;
  const bool told_since = std::any_of(cited.keys().begin(), cited.keys().end(), [&](const EventKey& key) { return in.IsNews(key); });
  if (!settled_since && !told_since) {
    if (!is_owed) return;
    still_owed += 1;
    return still_owed_events.Add(cited.keys());
  }
  // What came late in years past, and is told by a book that goes live, is nobody's news.
  if (!word.terms.due.has_value() || (!is_owed && word.settled_on.has_value() && *word.settled_on < FreshFrom())) return;
  const WorkingWeek& week = WeekOf(book_.context(), promise.rep);
  const Day until = is_owed ? in.input.today : word.judged.fulfilled_on.value_or(in.input.today);
  Sentence told{"", {{"rep", RepName{Whose(promise.rep, in.account)}}, {"customer", CustomerName{in.account.id}}}};
  const std::int64_t days = std::max<std::int64_t>(1, week.WorkingDays(*word.terms.due, until));
  told.arguments["days"] = days;
  if (!is_owed) {
    told.key = "brief.broken.late";
  } else if (word.terms.quantity.has_value() && promise.unit.has_value()) {
    told.key = word.judged.delivered > 0 ? "brief.broken.rest" : "brief.broken.counted";
    told.arguments["quantity"] = SayQuantity(*word.terms.quantity);
    told.arguments["unit"] = *promise.unit;
    if (word.judged.delivered > 0) told.arguments["missing"] = SayQuantity(*word.terms.quantity - word.judged.delivered);
  } else {
    told.key = "brief.broken.thing";
    told.arguments["what"] = EventText{promise.key, "what"};
  }
  broken.push_back({{std::move(told), cited.keys(), {}}, is_owed ? 0 : 1, days});
}

void BriefGathering::AddWorries(const Reading& in) {
  if (IsOurs(std::nullopt, in.account)) worries.push_back(WorriesOf(in.account, *in.input.zone, as_of_));
  for (const WorryRecord& worry : in.account.worries) {
    const WorryTopic about = TopicOf(worry);
    if (!Concerns(worry.rep, in.account) || about.empty() || worry.raised > as_of_ || in.input.today - in.input.zone->LocalDay(worry.raised) >= kHeardDays) continue;
    Heard& topic = heard[about];
    if (topic.customers.empty() || topic.customers.back() != in.account.id) topic.customers.push_back(in.account.id);
    topic.events.push_back(worry.key);
    topic.is_news = topic.is_news || !worry.resolved.has_value() || in.IsNews(worry.key) || in.IsNews(worry.resolved_by);
  }
}

void BriefGathering::AddFeedback(const Reading& in) {
  for (const Said<FeedbackGiven>& said : in.account.relations.feedback) {
    const std::optional<double> score = FeedbackScore(said.data);
    if (!in.IsFresh(said.key) || !Concerns(said.data.rep, in.account) || !score.has_value() || *score < kGoodScore) continue;
    const auto [points, most] = ScoreOf(said.data, *score);
    Sentence told{"brief.good.score", {{"customer", CustomerName{in.account.id}}, {"score", points}, {"of", most}}};
    Cited cited;
    cited.Add(said.key);
    for (const PromiseRecord& promise : in.account.promises) {
      if (!said.data.order.has_value() || promise.order != said.data.order || promise.by != PromiseBy::kOurs) continue;
      for (const PromiseWord& word : JudgeWords(promise, *in.input.zone, WeekOf(book_.context(), promise.rep), as_of_)) {
        if (!word.current() || !DaysEarly(word).has_value()) continue;
        told.key = "brief.good.score.early";
        cited.Add(promise.fulfilled_by);
        told_early_.insert(promise.fulfilled_by);
      }
    }
    good.push_back({std::move(told), cited.keys(), {}});
  }
}

void BriefGathering::AddReferrals(const Reading& in) {
  for (const Said<ReferralMade>& said : in.account.relations.referrals) {
    if (!in.IsFresh(said.key) || !Concerns(said.data.rep, in.account)) continue;
    good.push_back({{"brief.good.referral", {{"customer", CustomerName{in.account.id}}, {"referred", CustomerName{said.data.referred}}}}, {said.key}, {}});
  }
}

void BriefGathering::AddGoals(const Reading& in) {
  bool missed = false;
  const auto judge = [&](bool met, const EventKey& key) {
    goals += 1;
    goals_met += met ? 1 : 0;
    missed = missed || !met;
    goal_events.Add(key);
  };
  std::set<FollowUpId> judged;
  for (const TouchRecord& record : in.account.touches) {
    if (!record.touch.objective_met.has_value() || IsOnlyRecord(record.touch)) continue;
    if (record.touch.followup.has_value()) judged.insert(*record.touch.followup);
    if (in.IsFresh(record.key) && IsOurs(record.touch.rep, in.account)) judge(*record.touch.objective_met, record.key);
  }
  for (const auto& [id, record] : in.account.followups) {
    if (record.state != FollowUpState::kDone || !record.objective_met.has_value() || judged.contains(id)) continue;
    if (in.IsFresh(record.state_by) && IsOurs(record.issued.rep, in.account)) judge(*record.objective_met, record.state_by);
  }
  if (missed) not_met.push_back(in.account.id);
}

}  // namespace rapport
