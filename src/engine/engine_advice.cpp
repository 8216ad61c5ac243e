// What may be promised, and which orders are taken.
#include "engine/engine_impl.hpp"
#include "policy/wording.hpp"
#include "rapport/expectation/acceptance.hpp"
#include "rapport/signals/promise_chance.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMinutesPerHour = 60;
constexpr std::int64_t kMostPatienceDays = PromiseKeeping::kMostDaysAhead;

absl::Status InvalidMember(std::string_view member, std::string_view found, std::string_view expected) {
  return Invalid("advise.invalid_value", absl::StrCat(std::string(member), ": found ", std::string(found), ", expected ", std::string(expected)));
}

absl::Status CheckQuestion(const PromiseQuestion& question) {
  if (!(question.confidence > 0 && question.confidence < 1)) return InvalidMember("confidence", CanonicalNumber(question.confidence), "a number between 0 and 1");
  if (question.quantity.has_value() && !(*question.quantity > 0)) return InvalidMember("quantity", CanonicalNumber(*question.quantity), "a number above 0");
  if (question.work_minutes.has_value() && *question.work_minutes < 0) return InvalidMember("work_minutes", absl::StrCat(*question.work_minutes), "0 or more");
  return absl::OkStatus();
}

absl::StatusOr<Instant> ReadMoment(const std::string& text, std::string_view member) {
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  if (!stamp.ok()) return InvalidMember(member, "\"" + text + "\"", "an instant such as 2026-03-02T00:00:00+09:00");
  return stamp->at;
}

template <class Id>
absl::StatusOr<Id> ReadId(const std::optional<std::string>& text, std::string_view member) {
  if (!text.has_value()) return Id();
  absl::StatusOr<Id> id = Id::Parse(*text);
  if (!id.ok()) return InvalidMember(member, "\"" + *text + "\"", "an id of 1 to 255 bytes");
  return id;
}

absl::StatusOr<PromiseQuestion> ReadQuestion(JsonReader& in) {
  PromiseQuestion question;
  RAPPORT_ASSIGN_OR_RETURN(const std::string rep, in.String("rep"));
  RAPPORT_ASSIGN_OR_RETURN(question.rep, ReadId<RepId>(rep, "rep"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> product, in.OptionalString("product"));
  RAPPORT_ASSIGN_OR_RETURN(question.product, ReadId<ProductId>(product, "product"));
  RAPPORT_ASSIGN_OR_RETURN(question.quantity, in.OptionalNumber("quantity"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<double> confidence, in.OptionalNumber("confidence"));
  question.confidence = confidence.value_or(question.confidence);
  RAPPORT_ASSIGN_OR_RETURN(question.work_minutes, in.OptionalInteger("work_minutes"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string as_of, in.String("as_of"));
  RAPPORT_ASSIGN_OR_RETURN(question.as_of, ReadMoment(as_of, "as_of"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> known_at, in.OptionalString("known_at"));
  if (known_at.has_value()) {
    RAPPORT_ASSIGN_OR_RETURN(question.known_at, ReadMoment(*known_at, "known_at"));
  }
  RAPPORT_RETURN_IF_ERROR(CheckQuestion(question));
  return question;
}

// What both questions are asked of.
struct Grounds {
  std::shared_ptr<const Book> book;
  SignalContext signals;
  Day today;
  PromiseCalendar calendar;
  AskedPromise asked;
};

absl::StatusOr<Grounds> GroundsOf(std::shared_ptr<const Book> book, const PromiseQuestion& question) {
  Grounds grounds;
  grounds.book = std::move(book);
  const BookContext& context = grounds.book->context();
  RAPPORT_ASSIGN_OR_RETURN(grounds.signals, SignalContext::From(context));
  if (grounds.signals.keeping == nullptr) {
    return FailedPrecondition("expectation.not_fitted", absl::StrCat("model promise_keeping: found none fitted by ", FormatInstant(question.known_at.value_or(question.as_of)),
                                                                     ", expected one: fit(\"promise_keeping\") makes it from the promises that are settled"));
  }
  const RepRecord* rep = context.FindRep(question.rep);
  const std::optional<std::string> zone = rep == nullptr ? std::nullopt : rep->zone;
  grounds.today = context.ZoneOf(zone, std::nullopt).LocalDay(question.as_of);
  grounds.calendar = PromiseCalendarOf(context, question.rep, grounds.today);
  grounds.asked = {question.rep, question.product, {}, 0, question.work_minutes, false};
  return grounds;
}

absl::StatusOr<Json> SayReason(const Speaker& speaker, OrderReason reason, const OrderAnswer& answer, Day due) {
  std::map<std::string, SentenceArgument> arguments;
  if (reason == OrderReason::kLoad) {
    arguments = {{"work_hours", RoundedHours(*answer.work_minutes)}, {"free_hours", *answer.free_minutes / kMinutesPerHour}, {"due", due}};
  } else if (reason == OrderReason::kHistory) {
    arguments = {{"asked_in_ten", TimesInTen(answer.chance)}};
  } else if (reason == OrderReason::kSegment) {
    arguments = {{"kept", answer.segment.kept}, {"settled", answer.segment.settled}};
  }
  const std::string name(NameOf(reason));
  RAPPORT_ASSIGN_OR_RETURN(std::string sentence, speaker.Say("promise.order.reason." + name, std::move(arguments)));
  return Json(Json::Object{{"reason", name}, {"sentence", std::move(sentence)}});
}

absl::StatusOr<Json> SayAnswer(const OrderAnswer& answer, Day due, Language language) {
  const Speaker speaker(language, NoTexts());
  std::map<std::string, SentenceArgument> arguments;
  if (answer.verdict == OrderVerdict::kAccept) arguments = {{"due", due}, {"in_ten", TimesInTen(answer.day_chance)}};
  if (answer.verdict == OrderVerdict::kOtherPromise) {
    arguments = {{"day", *answer.day}, {"due", due}, {"asked_in_ten", TimesInTen(answer.chance)}, {"in_ten", TimesInTen(answer.day_chance)}};
  }
  const std::string verdict(NameOf(answer.verdict));
  RAPPORT_ASSIGN_OR_RETURN(std::string sentence, speaker.Say("promise.order." + verdict, std::move(arguments)));
  Json::Array reasons;
  for (const OrderReason reason : answer.reasons) {
    RAPPORT_ASSIGN_OR_RETURN(Json said, SayReason(speaker, reason, answer, due));
    reasons.push_back(std::move(said));
  }
  Json::Object out{{"verdict", verdict}, {"due", FormatDay(due)}, {"chance", RoundSignal(answer.chance)}, {"reasons", std::move(reasons)}, {"sentence", std::move(sentence)}};
  if (answer.verdict != OrderVerdict::kDecline && answer.day.has_value()) {
    out.emplace("day", FormatDay(*answer.day));
    out.emplace("day_chance", RoundSignal(answer.day_chance));
  }
  if (answer.quantity.has_value()) out.emplace("quantity", *answer.quantity);
  if (answer.work_minutes.has_value()) out.emplace("work_minutes", Json::Integer(*answer.work_minutes));
  if (answer.free_minutes.has_value()) out.emplace("free_minutes", Json::Integer(*answer.free_minutes));
  if (answer.segment.settled > 0) out.emplace("segment", Json::Object{{"kept", Json::Integer(answer.segment.kept)}, {"settled", Json::Integer(answer.segment.settled)}});
  return Json(std::move(out));
}

}  // namespace

absl::StatusOr<PromiseQuestion> PromiseQuestion::FromJson(const Json& json) {
  JsonReader in(json, "request", "advise");
  RAPPORT_ASSIGN_OR_RETURN(PromiseQuestion question, ReadQuestion(in));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return question;
}

absl::StatusOr<OrderQuestion> OrderQuestion::FromJson(const Json& json) {
  JsonReader in(json, "request", "advise");
  OrderQuestion order;
  RAPPORT_ASSIGN_OR_RETURN(order.promise, ReadQuestion(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::string due, in.String("due"));
  const absl::StatusOr<Day> day = ParseDay(due);
  if (!day.ok()) return InvalidMember("due", "\"" + due + "\"", "a day such as 2026-03-06");
  order.due = *day;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> customer, in.OptionalString("customer"));
  RAPPORT_ASSIGN_OR_RETURN(order.customer, ReadId<CustomerId>(customer, "customer"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> segment, in.OptionalString("segment"));
  order.segment = segment.value_or(std::string());
  RAPPORT_ASSIGN_OR_RETURN(order.margin, in.OptionalNumber("margin"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::int64_t> patience, in.OptionalInteger("patience_days"));
  order.patience_days = patience.value_or(order.patience_days);
  if (order.patience_days < 0 || order.patience_days > kMostPatienceDays) return InvalidMember("patience_days", absl::StrCat(order.patience_days), absl::StrCat("0 to ", kMostPatienceDays));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return order;
}

absl::StatusOr<Json> Engine::AdvisePromise(const PromiseQuestion& question, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_RETURN_IF_ERROR(CheckQuestion(question));
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(ReadAt{question.as_of, question.known_at}));
    RAPPORT_ASSIGN_OR_RETURN(const Grounds grounds, GroundsOf(std::move(book), question));
    const PromiseKeeping& keeping = *grounds.signals.keeping;
    Json::Object out{{"confidence", question.confidence}, {"lead_times", Json::Integer(static_cast<std::int64_t>(keeping.LeadsOf(question.product)))}};
    if (question.quantity.has_value()) out.emplace("quantity", keeping.QuantityFor(*question.quantity, question.confidence));
    Sentence sentence{"promise.advice.none", {}};
    if (const std::optional<Day> day = keeping.DayFor(grounds.asked, question.confidence, grounds.today, grounds.calendar)) {
      const double chance = keeping.ChanceOf(grounds.asked, *day, grounds.calendar);
      out.emplace("day", FormatDay(*day));
      out.emplace("days", Json::Integer(*day - grounds.today));
      out.emplace("chance", RoundSignal(chance));
      sentence = {"promise.advice", {{"day", *day}, {"days", static_cast<std::int64_t>(*day - grounds.today)}, {"in_ten", TimesInTen(chance)}}};
    }
    RAPPORT_ASSIGN_OR_RETURN(std::string said, Speaker(language, NoTexts()).Say(sentence));
    out.emplace("sentence", std::move(said));
    return Json(std::move(out));
  });
}

absl::StatusOr<Json> Engine::AcceptOrder(const OrderQuestion& question, Language language) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_RETURN_IF_ERROR(CheckQuestion(question.promise));
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> book, impl_->BookFor(ReadAt{question.promise.as_of, question.promise.known_at}));
    RAPPORT_ASSIGN_OR_RETURN(const Grounds grounds, GroundsOf(std::move(book), question.promise));
    AskedOrder asked;
    asked.promise = grounds.asked;
    asked.due = question.due;
    asked.quantity = question.promise.quantity;
    asked.margin = question.margin;
    asked.confidence = question.promise.confidence;
    asked.patience_days = question.patience_days;
    asked.segment = question.segment;
    if (!question.customer.empty()) {
      const std::shared_ptr<const Account> account = grounds.book->Find(question.customer);
      if (account != nullptr && account->profile.segment.has_value()) asked.segment = *account->profile.segment;
    }
    return SayAnswer(AnswerOrder(*grounds.signals.keeping, asked, grounds.calendar), question.due, language);
  });
}

}  // namespace rapport
