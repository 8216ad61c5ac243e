#include "rapport/expectation/promise_sentence.hpp"

#include "rapport/core/quantity.hpp"

namespace rapport {
namespace {

// Says one word of a promise.
class Telling {
 public:
  Telling(const PromiseRecord& promise, const PromiseWord& word, const Zone& zone) : promise_(promise), word_(word) {
    arguments_["what"] = EventText{promise.key, "what"};
    if (word.terms.due.has_value()) arguments_["due"] = *word.terms.due;
    if (const std::optional<Day> on = DeliveredOn(zone)) arguments_["on"] = *on;
    arguments_["delivered"] = SayQuantity(word.judged.delivered);
    if (word.terms.quantity.has_value()) arguments_["quantity"] = SayQuantity(*word.terms.quantity);
    if (promise.unit.has_value()) arguments_["unit"] = *promise.unit;
    else arguments_["unit"] = EventText{promise.key, "what"};
  }

  Sentence Owed() {
    const std::string who = promise_.by == PromiseBy::kOurs ? "owed" : "they_owe";
    return word_.terms.due.has_value() ? Say(who, {"what", "due"}) : Say(who + "_undated", {"what"});
  }
  Sentence Overdue(Day today) {
    arguments_["days"] = static_cast<std::int64_t>(today - *word_.terms.due);
    return Say("overdue", {"what", "due", "days"});
  }
  Sentence Kept() {
    if (!word_.terms.due.has_value()) return Say("done", {"what", "on"});
    return Counted() ? Say("as_promised", {"quantity", "unit", "due", "on"}) : Say("thing.as_promised", {"what", "due", "on"});
  }
  Sentence Exceeded() {
    const std::int64_t days = word_.judged.margin_days.value_or(0);
    const double more = word_.judged.margin_quantity.value_or(0);
    if (!word_.terms.due.has_value()) return Kept();
    arguments_["days"] = days;
    arguments_["more"] = SayQuantity(more);
    if (!Counted()) return Say("thing.ahead", {"what", "due", "on", "days"});
    if (days > 0 && more > 0) return Say("ahead_and_more", {"quantity", "unit", "due", "delivered", "on", "days", "more"});
    if (days > 0) return Say("ahead", {"quantity", "unit", "due", "delivered", "on", "days"});
    return Say("more", {"quantity", "unit", "due", "delivered", "more"});
  }
  Sentence Broken() {
    arguments_["days"] = -word_.judged.margin_days.value_or(0);
    arguments_["missing"] = SayQuantity(-word_.judged.margin_quantity.value_or(0));
    if (word_.judged.outcome == PromiseOutcome::kShort) return Say("short", {"quantity", "unit", "due", "delivered", "missing"});
    if (word_.judged.outcome == PromiseOutcome::kShortAndLate) return Say("short_and_late", {"quantity", "unit", "due", "delivered", "missing", "days"});
    return Counted() ? Say("late", {"quantity", "unit", "due", "delivered", "on", "days"}) : Say("thing.late", {"what", "due", "on", "days"});
  }
  Sentence Withdrawn(const Zone& zone) {
    arguments_["on"] = zone.LocalDay(*promise_.withdrawn);
    return Say("withdrawn", {"what", "on"});
  }
  // By its new day; without one it is still owed.
  Sentence Renegotiated(const PromiseWord* next) {
    if (next == nullptr || !next->terms.due.has_value()) return Owed();
    arguments_["due"] = *next->terms.due;
    return Say("renegotiated", {"due"});
  }

 private:
  bool Counted() const { return word_.terms.quantity.has_value(); }
  std::optional<Day> DeliveredOn(const Zone& zone) const {
    if (word_.judged.fulfilled_on.has_value()) return word_.judged.fulfilled_on;
    return promise_.deliveries.empty() ? std::nullopt : std::optional(zone.LocalDay(promise_.deliveries.back().at));
  }
  Sentence Say(const std::string& key, std::initializer_list<const char*> names) const {
    Sentence sentence{"promise.told." + key, {}};
    for (const char* name : names) sentence.arguments[name] = arguments_.at(name);
    return sentence;
  }

  const PromiseRecord& promise_;
  const PromiseWord& word_;
  std::map<std::string, SentenceArgument> arguments_;
};

}  // namespace

Sentence TellPromise(const PromiseRecord& promise, const PromiseWord& word, const PromiseWord* next, const Zone& zone, Day today) {
  Telling telling(promise, word, zone);
  switch (word.judged.outcome) {
    case PromiseOutcome::kPending:
    case PromiseOutcome::kDueSoon: return telling.Owed();
    case PromiseOutcome::kOverdue: return telling.Overdue(today);
    case PromiseOutcome::kKept: return telling.Kept();
    case PromiseOutcome::kExceeded: return telling.Exceeded();
    case PromiseOutcome::kShort:
    case PromiseOutcome::kLate:
    case PromiseOutcome::kShortAndLate: return telling.Broken();
    case PromiseOutcome::kRenegotiated: return telling.Renegotiated(next);
    case PromiseOutcome::kWithdrawn: return telling.Withdrawn(zone);
  }
  return telling.Owed();
}

}  // namespace rapport
