// What came of a follow-up: recorded at once, and taken back (docs/adr/0027).
#include <algorithm>

#include "engine/asked_followup.hpp"
#include "ledger/outcome_id.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

bool ById(const Event& a, const Event& b) { return a.key < b.key; }

// Word for word the same, text included.
bool SaySame(const std::vector<Event>& stored, const std::vector<Event>& made) {
  return std::equal(stored.begin(), stored.end(), made.begin(), made.end(),
                    [](const Event& a, const Event& b) { return EncodeEvent(a).Canonical() == EncodeEvent(b).Canonical(); });
}

// What a recording is named and taken back by: a function of its events.
Json ReceiptOf(const FollowUpId& followup, const std::string& recording, const std::vector<Event>& events) {
  Json::Array named;
  bool closed = false;
  std::optional<RepId> by;
  for (const Event& event : events) {
    named.push_back(Json::Object{{"source", event.key.source}, {"id", event.key.id}, {"type", event.type()}});
    closed = closed || event.As<FollowUpDone>() != nullptr;
    if (const auto* touch = event.As<Touch>()) by = touch->rep;
  }
  return Json::Object{{"followup_id", followup.text()}, {"customer", events.front().subject.text()},
                      {"recording", recording},         {"at", FormatInstant(events.front().occurred.at)},
                      {"by", by ? Json(by->text()) : Json()}, {"closed", closed}, {"events", std::move(named)}};
}

Json With(Json object, const char* name, std::int64_t number) {
  object.if_object()->insert_or_assign(name, Json::Integer(number));
  return object;
}

absl::Status NoSuchReceipt(const std::string& member, const Json& found, const Json& expected) {
  return FailedPrecondition("outcome.unknown_receipt",
                            absl::StrCat("receipt, member ", member, ": found ", found.Canonical(), ", expected ", expected.Canonical()));
}

absl::StatusOr<std::string> TextIn(const Json& receipt, std::string_view name) {
  const Json* member = receipt.Find(name);
  if (member != nullptr && member->if_string() != nullptr && !member->if_string()->empty()) return *member->if_string();
  return NoSuchReceipt(std::string(name), member == nullptr ? Json() : *member, Json("a text, as a recording gave it"));
}

// Every member of what was given for the recording stands in the receipt; what else stands there is the caller's.
absl::Status CheckFits(const Json& receipt, const Json& given) {
  for (const auto& [name, expected] : *given.if_object()) {
    const Json* found = receipt.Find(name);
    if (found == nullptr || *found != expected) return NoSuchReceipt(name, found == nullptr ? Json() : *found, expected);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<OutcomeRecording>> Engine::Impl::RecordingsOf(const FollowUpId& followup) {
  RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> events, ledger_.store().WithPrefix(kEngineSource, OutcomePrefixOf(followup)));
  std::vector<OutcomeRecording> recordings;
  for (Event& event : events) {   // in order of id: those of one recording stand together
    const std::string name = event.key.id.substr(0, event.key.id.rfind('/'));
    if (recordings.empty() || recordings.back().name != name) recordings.push_back({name, {}, false});
    recordings.back().events.push_back(std::move(event));
  }
  for (OutcomeRecording& recording : recordings) {
    std::sort(recording.events.begin(), recording.events.end(), ById);
    const Event& first = recording.events.front();
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Event> could_go, ledger_.RetractionOf(first.key, first.subject, first.occurred.at, BatchId()));
    recording.counts = could_go.has_value();
  }
  return recordings;
}

// Nothing to append where these very answers were recorded for this moment already.
absl::StatusOr<PlannedRecording> Engine::Impl::PlanRecording(std::shared_ptr<const Book> book, const FollowUpId& followup, const Json& answers, Instant at,
                                                             const RepId& by) {
  RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> account, AccountOfFollowUp(*book, followup));
  if (account == nullptr) return UnknownFollowUp(followup, at);
  const FollowUpRecord& record = account->followups.at(followup);
  RAPPORT_ASSIGN_OR_RETURN(const std::unique_ptr<Reading> reading, Read(std::move(book), ReadAt{at}));
  RAPPORT_ASSIGN_OR_RETURN(const OutcomeSubject subject, OutcomeSubjectIn(*reading, *account, record));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<OutcomeRecording> recordings, RecordingsOf(followup));

  std::string name = absl::StrCat(OutcomePrefixOf(followup), record.issued.revision, "/", FormatInstant(at));
  const OutcomeRecording* before = nullptr;
  std::int64_t undone = 0;
  for (const OutcomeRecording& recording : recordings) {
    if (recording.events.front().occurred.at != at) continue;
    if (recording.counts) before = &recording;
    undone += recording.counts ? 0 : 1;
  }
  if (before != nullptr) name = before->name;
  else if (undone > 0) absl::StrAppend(&name, "/", undone + 1);

  PlannedRecording planned;
  RAPPORT_ASSIGN_OR_RETURN(planned.events, OutcomeEvents(subject, answers, at, by, name));
  RAPPORT_RETURN_IF_ERROR(Forget(planned.events));
  std::sort(planned.events.begin(), planned.events.end(), ById);
  planned.receipt = ReceiptOf(followup, name, planned.events);
  if (before != nullptr && SaySame(before->events, planned.events)) {
    planned.events.clear();
    return planned;
  }
  if (!IsOpen(record.state)) {
    return FailedPrecondition("followup.closed", absl::StrCat("followup \"", followup.text(), "\": found ", std::string(NameOf(record.state)),
                                                              ", expected one that is open or handed over"));
  }
  if (before == nullptr) return planned;
  return FailedPrecondition("outcome.recorded", absl::StrCat("followup \"", followup.text(), "\": found other answers recorded for ", FormatInstant(at),
                                                             ", expected the same, or another moment"));
}

absl::StatusOr<Json> Engine::Record(const FollowUpId& followup, const Json& answers, Instant at, const RepId& by) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    // Whoever repeats himself is answered though knowledge is sealed beyond that moment: nothing is to be written.
    RAPPORT_ASSIGN_OR_RETURN(std::shared_ptr<const Book> then, impl_->BookAt(at, at));
    RAPPORT_ASSIGN_OR_RETURN(PlannedRecording planned, impl_->PlanRecording(std::move(then), followup, answers, at, by));
    if (planned.events.empty()) return With(std::move(planned.receipt), "appended", 0);
    const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
      RAPPORT_ASSIGN_OR_RETURN(planned, impl_->PlanRecording(std::move(book), followup, answers, at, by));
      return planned.events;
    };
    RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt appended, impl_->Conclude(at, conclude));
    return With(std::move(planned.receipt), "appended", appended.accepted);
  });
}

absl::StatusOr<std::vector<Event>> Engine::Impl::RetractionsOf(const FollowUpId& followup, const Json& receipt, Instant at) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string name, TextIn(receipt, "recording"));
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<OutcomeRecording> recordings, RecordingsOf(followup));
  const auto found = std::find_if(recordings.begin(), recordings.end(), [&](const OutcomeRecording& one) { return one.name == name; });
  if (found == recordings.end()) return NoSuchReceipt("recording", Json(name), Json("one of this book and follow-up"));
  RAPPORT_RETURN_IF_ERROR(CheckFits(receipt, ReceiptOf(followup, name, found->events)));
  std::vector<Event> retractions;
  for (const Event& event : found->events) {
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> retraction, ledger_.RetractionOf(event.key, event.subject, at, BatchId()));
    if (retraction) retractions.push_back(*std::move(retraction));
  }
  return retractions;
}

absl::StatusOr<Json> Engine::Undo(const Json& receipt, std::optional<Instant> at) {
  return Guarded([&]() -> absl::StatusOr<Json> {
    RAPPORT_ASSIGN_OR_RETURN(const std::string text, TextIn(receipt, "followup_id"));
    RAPPORT_ASSIGN_OR_RETURN(const FollowUpId followup, FollowUpId::Parse(text));
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> seal, impl_->ledger().Seal());
    Instant moment = at.value_or(seal ? seal->PlusMicros(1) : Instant());
    RAPPORT_ASSIGN_OR_RETURN(std::vector<Event> retractions, impl_->RetractionsOf(followup, receipt, moment));
    std::int64_t appended = 0;
    if (!retractions.empty()) {
      // A word taken back at the very moment it was said comes a microsecond after it.
      const Instant after = retractions.front().recorded;
      if (after == moment.PlusMicros(1)) moment = after;
      const auto conclude = [&](std::shared_ptr<const Book>) { return impl_->RetractionsOf(followup, receipt, moment); };
      RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt done, impl_->Conclude(moment, conclude));
      appended = done.accepted;
    }
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Book> book, impl_->BookAt(std::nullopt));
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> account, impl_->AccountOfFollowUp(*book, followup));
    if (account == nullptr) return UnknownFollowUp(followup, moment);
    return Json(Json::Object{{"followup_id", text}, {"recording", *receipt.Find("recording")}, {"state", NameOf(account->followups.at(followup).state)},
                             {"appended", Json::Integer(appended)}});
  });
}

}  // namespace rapport
