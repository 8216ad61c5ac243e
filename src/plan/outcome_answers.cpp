#include "plan/outcome_answers.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plan/outcome_questions.hpp"
#include "policy/wording.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMostMinutes = 24 * 60;
// As much of an answer as an error shows.
constexpr int kShownWidth = 40;

absl::Status Wrong(const std::string& where, const std::string& found, std::string_view expected) {
  return Invalid("outcome.invalid_answer", absl::StrCat(where, ": found ", found, ", expected ", ToAbsl(expected)));
}
absl::Status NoAnswer(const std::string& where, const Json& found, std::string_view expected) {
  return Wrong(where, CutToWidth(found.Canonical(), kShownWidth), expected);
}

// Nothing was said: no member, null, false, or an empty text.
bool IsNothing(const Json* answer) {
  if (answer == nullptr || answer->is_null()) return true;
  if (const bool* flag = answer->if_bool()) return !*flag;
  return answer->if_string() != nullptr && answer->if_string()->empty();
}

// The members of an answer that says more than a tap; each is asked for by name, and no other is taken.
class Members {
 public:
  Members(std::string where, const Json& answer) : where_(std::move(where)), answer_(answer) {}

  absl::Status CheckNames(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : *answer_.if_object()) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      std::string known;
      for (const std::string_view one : names) known += (known.empty() ? "" : ", ") + std::string(one);
      return Wrong(where_, "the member \"" + name + "\"", "only " + known);
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<std::string>> Text(std::string_view name) const {
    const Json* value = answer_.Find(name);
    if (IsNothing(value)) return std::optional<std::string>();
    if (value->if_string() == nullptr) return NoAnswer(At(name), *value, "a text");
    return std::optional<std::string>(*value->if_string());
  }
  absl::StatusOr<std::optional<rapport::Day>> Day(std::string_view name) const {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, Text(name));
    if (!text.has_value()) return std::optional<rapport::Day>();
    const absl::StatusOr<rapport::Day> day = ParseDay(*text);
    if (!day.ok()) return NoAnswer(At(name), Json(*text), "a day such as 2026-03-12");
    return std::optional<rapport::Day>(*day);
  }
  absl::StatusOr<std::optional<std::int64_t>> Minutes(std::string_view name) const {
    const Json* value = answer_.Find(name);
    if (IsNothing(value)) return std::optional<std::int64_t>();
    const std::optional<std::int64_t> minutes = value->if_integer();
    if (!minutes || *minutes < 1 || *minutes > kMostMinutes) return NoAnswer(At(name), *value, "whole minutes, 1 to 1440");
    return minutes;
  }
  const Json* Find(std::string_view name) const { return answer_.Find(name); }
  std::string At(std::string_view name) const { return where_ + "." + std::string(name); }
  const std::string& where() const { return where_; }
  const Json& answer() const { return answer_; }

 private:
  std::string where_;
  const Json& answer_;
};

template <class Id>
absl::StatusOr<std::optional<Id>> ReadId(const Members& in, std::string_view name) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.Text(name));
  if (!text.has_value()) return std::optional<Id>();
  absl::StatusOr<Id> id = Id::Parse(*text);
  if (!id.ok()) return NoAnswer(in.At(name), Json(*text), "an id of 1 to 255 bytes");
  return std::optional<Id>(*std::move(id));
}

template <class E>
std::string NamesOf(const std::vector<E>& values) {
  std::string names;
  for (const E value : values) names += (names.empty() ? "" : ", ") + std::string(NameOf(value));
  return "one of " + names;
}

class Answers {
 public:
  Answers(const OutcomeSubject& subject, const Json& answers, Instant at) : subject_(subject), answers_(answers), at_(at) {}
  absl::StatusOr<OutcomeAnswers> Read();

 private:
  absl::Status CheckAsked();
  absl::Status ReadReached();
  absl::Status ReadGoal();
  absl::Status ReadWorry();
  absl::Status ReadCure();
  absl::Status ReadRefusal();
  absl::Status ReadFact();
  absl::Status ReadPromise(const char* key, const Json& answer);
  absl::Status ReadNext(const Json& answer);
  absl::Status ReadThePromise();
  absl::Status ReadTheNext();
  absl::Status ReadBeside();
  absl::StatusOr<NextContact> ReadMoment(const std::string& where, const Json& answer) const;
  Day Today() const { return subject_.zone->LocalDay(at_); }

  const OutcomeSubject& subject_;
  const Json& answers_;
  Instant at_;
  OutcomeAnswers out_;
};

absl::Status Answers::CheckAsked() {
  if (answers_.if_object() == nullptr) return NoAnswer("answers", answers_, "an object with the keys of the questions");
  const std::vector<OutcomeQuestion> questions = QuestionsOf(subject_);
  const bool reached = out_.reached == Disposition::kReached;
  std::string known;
  for (const OutcomeQuestion& question : questions) {
    known += std::string(question.key) + ", ";
    const Json* answer = answers_.Find(question.key);
    if (!reached && question.only_if_reached && !IsNothing(answer)) {
      return NoAnswer(std::string(question.key), *answer, "nothing where nobody was reached");
    }
    const bool missing = answer == nullptr || answer->is_null();
    if (question.required && missing && (reached || !question.only_if_reached)) return Wrong(std::string(question.key), "nothing", "an answer");
  }
  for (const auto& [name, answer] : *answers_.if_object()) {
    const bool beside = name == "minutes" || name == "note" || name == "start";
    const bool asked = std::any_of(questions.begin(), questions.end(), [&](const OutcomeQuestion& q) { return q.key == name; });
    if (!beside && !asked) return Wrong("answers", "the question \"" + name + "\", which is not asked", "only " + known + "minutes, note, start");
  }
  return absl::OkStatus();
}

absl::Status Answers::ReadReached() {
  if (answers_.if_object() == nullptr) return CheckAsked();
  const std::vector<Disposition> options = DispositionsOf(subject_.channel);
  const Json* answer = answers_.Find("reached");
  if (answer == nullptr) return Wrong("reached", "nothing", NamesOf(options));
  const std::optional<Disposition> said = answer->if_string() == nullptr ? std::nullopt : FromName<Disposition>(*answer->if_string());
  if (!said.has_value() || std::find(options.begin(), options.end(), *said) == options.end()) return NoAnswer("reached", *answer, NamesOf(options));
  out_.reached = *said;
  return absl::OkStatus();
}

absl::Status Answers::ReadGoal() {
  if (out_.reached != Disposition::kReached) return absl::OkStatus();
  const Json& answer = *answers_.Find("goal");
  if (answer.if_bool() == nullptr) return NoAnswer("goal", answer, "true or false");
  out_.goal = *answer.if_bool();
  return absl::OkStatus();
}

absl::Status Answers::ReadWorry() {
  if (subject_.worry.has_value()) return ReadCure();
  const Json* answer = answers_.Find("worry");
  if (IsNothing(answer)) return absl::OkStatus();
  WorryRaised& worry = out_.worry.emplace();
  if (answer->if_bool() != nullptr) return absl::OkStatus();
  if (answer->if_string() != nullptr) {
    worry.text = *answer->if_string();
    return absl::OkStatus();
  }
  if (answer->if_object() == nullptr) return NoAnswer("worry", *answer, "true, a text or an object with text, topic, product");
  const Members in("worry", *answer);
  RAPPORT_RETURN_IF_ERROR(in.CheckNames({"text", "topic", "product"}));
  RAPPORT_ASSIGN_OR_RETURN(worry.text, in.Text("text"));
  RAPPORT_ASSIGN_OR_RETURN(worry.topic, in.Text("topic"));
  RAPPORT_ASSIGN_OR_RETURN(worry.product, ReadId<ProductId>(in, "product"));
  return absl::OkStatus();
}

absl::Status Answers::ReadCure() {
  if (out_.reached != Disposition::kReached) return absl::OkStatus();
  const Json& answer = *answers_.Find("worry");
  constexpr std::string_view kExpected = "true, false, a text or an object with cured, remedy, text";
  const bool* flag = answer.if_bool();
  bool cured = flag != nullptr && *flag;
  WorryResolved resolved;
  if (answer.if_string() != nullptr && !answer.if_string()->empty()) {
    cured = true;
    resolved.cure = *answer.if_string();   // his own words, of this customer: only what is named a remedy serves for others
  } else if (answer.if_object() != nullptr) {
    const Members in("worry", answer);
    RAPPORT_RETURN_IF_ERROR(in.CheckNames({"cured", "remedy", "text"}));
    const Json* said = in.Find("cured");
    if (said == nullptr || said->if_bool() == nullptr) return NoAnswer("worry.cured", said == nullptr ? Json() : *said, "true or false");
    cured = *said->if_bool();
    RAPPORT_ASSIGN_OR_RETURN(resolved.remedy, in.Text("remedy"));
    RAPPORT_ASSIGN_OR_RETURN(resolved.cure, in.Text("text"));
    if (!cured && (resolved.remedy || resolved.cure)) return NoAnswer("worry", answer, "a remedy only of what is cured");
  } else if (flag == nullptr) {
    return NoAnswer("worry", answer, kExpected);
  }
  out_.not_cured = !cured;
  if (cured) out_.cured = std::move(resolved);
  return absl::OkStatus();
}

absl::Status Answers::ReadRefusal() {
  const Json* answer = answers_.Find("refusal");
  if (IsNothing(answer)) return absl::OkStatus();
  Refusal refusal;
  std::string where = "refusal";
  Json said = *answer;
  if (answer->if_object() != nullptr) {
    const Members in("refusal", *answer);
    RAPPORT_RETURN_IF_ERROR(in.CheckNames({"reason", "text", "come_back"}));
    RAPPORT_ASSIGN_OR_RETURN(refusal.text, in.Text("text"));
    RAPPORT_ASSIGN_OR_RETURN(refusal.come_back, in.Day("come_back"));
    if (refusal.come_back && *refusal.come_back <= Today()) return NoAnswer("refusal.come_back", *in.Find("come_back"), "a day after " + FormatDay(Today()));
    where = "refusal.reason";
    const Json* reason = in.Find("reason");
    said = reason == nullptr ? Json() : *reason;
  }
  if (said.if_string() != nullptr) refusal.reason = FromName<RefusalReason>(*said.if_string());
  if (!refusal.reason.has_value()) return NoAnswer(where, said, NamesOf(AllOf<RefusalReason>()));
  out_.refusal = std::move(refusal);
  return absl::OkStatus();
}

absl::Status Answers::ReadFact() {
  const Json* answer = answers_.Find("fact");
  if (IsNothing(answer)) return absl::OkStatus();
  FactLearned fact;
  fact.facet = "trait";
  fact.learned_from = "customer";
  if (answer->if_string() != nullptr) {
    fact.value = *answer->if_string();
    out_.fact = std::move(fact);
    return absl::OkStatus();
  }
  if (answer->if_object() == nullptr) return NoAnswer("fact", *answer, "a text or an object with facet, value, source");
  const Members in("fact", *answer);
  RAPPORT_RETURN_IF_ERROR(in.CheckNames({"facet", "value", "source"}));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> facet, in.Text("facet"));
  RAPPORT_ASSIGN_OR_RETURN(fact.value, in.Text("value"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> source, in.Text("source"));
  if (!fact.value.has_value()) return Wrong("fact.value", "nothing", "what was learned");
  fact.facet = facet.value_or(fact.facet);
  if (source.has_value()) fact.learned_from = source;
  out_.fact = std::move(fact);
  return absl::OkStatus();
}

absl::Status Answers::ReadPromise(const char* key, const Json& answer) {
  PromiseMade promise;
  promise.by = PromiseBy::kOurs;
  if (answer.if_string() != nullptr) {
    promise.what = *answer.if_string();
    out_.promise = std::move(promise);
    return absl::OkStatus();
  }
  if (answer.if_object() == nullptr) return NoAnswer(key, answer, "a text or an object with what, due, by, quantity, unit");
  const Members in(key, answer);
  RAPPORT_RETURN_IF_ERROR(in.CheckNames({"what", "due", "by", "quantity", "unit"}));
  RAPPORT_ASSIGN_OR_RETURN(promise.what, in.Text("what"));
  RAPPORT_ASSIGN_OR_RETURN(promise.unit, in.Text("unit"));
  RAPPORT_ASSIGN_OR_RETURN(promise.due, in.Day("due"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> by, in.Text("by"));
  if (by.has_value()) promise.by = FromName<PromiseBy>(*by);
  if (!promise.by.has_value()) return NoAnswer(in.At("by"), Json(*by), "ours or customer");
  if (promise.due && *promise.due < Today()) return NoAnswer(in.At("due"), *in.Find("due"), FormatDay(Today()) + " or later");
  if (const Json* quantity = in.Find("quantity"); !IsNothing(quantity)) {
    const double* number = quantity->if_number();
    if (number == nullptr || !std::isfinite(*number) || *number <= 0) return NoAnswer(in.At("quantity"), *quantity, "a number above 0");
    promise.quantity = *number;
  }
  if (!promise.what && !(promise.quantity && promise.unit)) return NoAnswer(key, answer, "what is promised, or quantity and unit");
  out_.promise = std::move(promise);
  return absl::OkStatus();
}

absl::Status Answers::ReadThePromise() {
  const Json* answer = answers_.Find("promise");
  return IsNothing(answer) ? absl::OkStatus() : ReadPromise("promise", *answer);
}

// "2026-03-12T10:00" and nothing beside: civil times of Abseil would take "586600-1-1T10:00" too.
std::optional<LocalSecond> LocalMinuteOf(std::string_view text) {
  if (text.size() != 16 || text[10] != 'T' || text.ends_with("24:00")) return std::nullopt;
  const absl::StatusOr<Day> day = ParseDay(text.substr(0, 10));
  const absl::StatusOr<int> minute = ParseMinuteOfDay(text.substr(11));
  if (!day.ok() || !minute.ok()) return std::nullopt;
  return LocalSecond(*day) + std::int64_t{60} * *minute;
}

// A day, a local moment of the customer's, or a moment with its offset. A day alone is that day at the hour from which the follow-up could be carried
// out first: an hour at which such a contact is allowed.
absl::StatusOr<NextContact> Answers::ReadMoment(const std::string& where, const Json& answer) const {
  constexpr std::string_view kExpected = "a day (2026-03-12), a local moment (2026-03-12T10:00) or a moment with its offset";
  if (answer.if_string() == nullptr) return NoAnswer(where, answer, kExpected);
  const std::string& text = *answer.if_string();
  const Zone& zone = *subject_.zone;
  const bool reached = out_.reached == Disposition::kReached;
  NextContact next;
  if (const absl::StatusOr<Day> day = ParseDay(text); day.ok()) {
    const LocalSecond hour = zone.Local(subject_.not_before);
    next.at = reached ? zone.At(LocalSecond(day->year(), day->month(), day->day(), hour.hour(), hour.minute())) : zone.StartOf(*day);
    if (*day <= Today()) return NoAnswer(where, answer, "a day after " + FormatDay(Today()));
  } else if (const std::optional<LocalSecond> local = LocalMinuteOf(text)) {
    next.at = zone.At(*local);
  } else if (const absl::StatusOr<Stamp> stamp = ParseStamp(text); stamp.ok()) {
    next.at = stamp->at;
  } else {
    return NoAnswer(where, answer, kExpected);
  }
  if (next.at <= at_) return NoAnswer(where, answer, "a moment after " + FormatInstant(at_));
  if (next.at > Instant::Max()) return NoAnswer(where, answer, "a moment up to " + FormatInstant(Instant::Max()));
  next.day = zone.LocalDay(next.at);
  return next;
}

absl::Status Answers::ReadNext(const Json& answer) {
  if (answer.if_object() == nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(out_.next, ReadMoment("next", answer));
    return absl::OkStatus();
  }
  const Members in("next", answer);
  RAPPORT_RETURN_IF_ERROR(in.CheckNames({"at", "minutes", "about"}));
  const Json* when = in.Find("at");
  RAPPORT_ASSIGN_OR_RETURN(NextContact next, ReadMoment("next.at", when == nullptr ? Json() : *when));
  RAPPORT_ASSIGN_OR_RETURN(next.minutes, in.Minutes("minutes"));
  RAPPORT_ASSIGN_OR_RETURN(next.about, in.Text("about"));
  out_.next = std::move(next);
  return absl::OkStatus();
}

absl::Status Answers::ReadTheNext() {
  const Json* answer = answers_.Find("next");
  if (IsNothing(answer)) return absl::OkStatus();
  const bool promises = subject_.purpose == Purpose::kSell && answer->if_object() != nullptr && answer->Find("at") == nullptr;
  if (!promises) return ReadNext(*answer);
  if (out_.reached != Disposition::kReached) return NoAnswer("next", *answer, "no promise where nobody was reached");
  return ReadPromise("next", *answer);
}

absl::Status Answers::ReadBeside() {
  const Members in("answers", answers_);
  RAPPORT_ASSIGN_OR_RETURN(out_.minutes, in.Minutes("minutes"));
  RAPPORT_ASSIGN_OR_RETURN(out_.note, in.Text("note"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> start, in.Text("start"));
  if (!start.has_value()) return absl::OkStatus();
  const absl::StatusOr<Stamp> stamp = ParseStamp(*start);
  if (!stamp.ok() || stamp->at > at_) return NoAnswer("start", Json(*start), "a moment with its offset, not after " + FormatInstant(at_));
  out_.start = stamp->at;
  return absl::OkStatus();
}

absl::StatusOr<OutcomeAnswers> Answers::Read() {
  for (const auto step : {&Answers::ReadReached, &Answers::CheckAsked, &Answers::ReadGoal, &Answers::ReadWorry, &Answers::ReadRefusal, &Answers::ReadFact,
                          &Answers::ReadThePromise, &Answers::ReadTheNext, &Answers::ReadBeside}) {
    RAPPORT_RETURN_IF_ERROR((this->*step)());
  }
  return std::move(out_);
}

}  // namespace

absl::StatusOr<OutcomeAnswers> ReadAnswers(const OutcomeSubject& subject, const Json& answers, Instant at) { return Answers(subject, answers, at).Read(); }

}  // namespace rapport
