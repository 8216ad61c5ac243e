// What reps and owners say of issued follow-ups.
#include "engine/engine_impl.hpp"

namespace rapport {
namespace {

absl::Status NotOpen(const FollowUpId& followup, FollowUpState state) {
  return FailedPrecondition("followup.closed", absl::StrCat("followup \"", followup.text(), "\": found ", std::string(NameOf(state)), ", expected one that is open or handed over"));
}

}  // namespace

absl::StatusOr<bool> Engine::Impl::Say(const FollowUpId& followup, Instant at, const SayWord& word) {
  const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> account, AccountOfFollowUp(*book, followup));
    if (account == nullptr) {
      return NotFound("followup.unknown", absl::StrCat("followup: found \"", followup.text(), "\", expected one that a tick issued by ", FormatInstant(at)));
    }
    const FollowUpRecord& record = account->followups.at(followup);
    std::vector<Event> events;
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> said, word(record));
    if (!said.has_value()) return events;   // said before
    said->subject = account->NamedIn(record.issued_by);
    events.push_back(*std::move(said));
    return events;
  };
  RAPPORT_ASSIGN_OR_RETURN(const AppendReceipt appended, Conclude(at, conclude));
  return appended.accepted == 1;
}

absl::StatusOr<bool> Engine::Snooze(const FollowUpId& followup, Instant until, Instant at, std::optional<std::string> reason) {
  return Guarded([&]() -> absl::StatusOr<bool> {
    if (until <= at) {
      return Invalid("followup.not_ahead", absl::StrCat("until: found ", FormatInstant(until), ", expected a moment after ", FormatInstant(at)));
    }
    return impl_->Say(followup, at, [&](const FollowUpRecord& record) -> absl::StatusOr<std::optional<Event>> {
      if (!IsOpen(record.state)) return NotOpen(followup, record.state);
      if (record.snoozed_until == until) return std::optional<Event>();
      return std::optional(OwnEvent(absl::StrCat(followup.text(), "/snoozed/", FormatInstant(at)), CustomerId(), at,
                                    FollowUpSnoozed{followup, until, record.issued.rep, reason}));
    });
  });
}

absl::StatusOr<bool> Engine::Skip(const FollowUpId& followup, Instant at, std::optional<std::string> reason) {
  return Guarded([&]() -> absl::StatusOr<bool> {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record) -> absl::StatusOr<std::optional<Event>> {
      if (record.state == FollowUpState::kSkipped) return std::optional<Event>();
      if (!IsOpen(record.state)) return NotOpen(followup, record.state);
      return std::optional(OwnEvent(followup.text() + "/skipped", CustomerId(), at, FollowUpSkipped{followup, record.issued.rep, reason}));
    });
  });
}

absl::StatusOr<std::optional<Event>> Engine::Impl::Ruling(const FollowUpRecord& record, const RepId& rep, bool given, Instant at, std::optional<std::string> reason) {
  const FollowUpId& followup = record.issued.followup;
  if (record.approved == given) return std::optional<Event>();
  if (!IsOpen(record.state)) return NotOpen(followup, record.state);
  if (!record.issued.needs_approval.value_or(false)) {
    return FailedPrecondition("followup.no_approval", absl::StrCat("followup \"", followup.text(), "\": found rule \"", record.issued.rule, "\" without approval, expected one that asks for it"));
  }
  const std::string id = absl::StrCat(followup.text(), given ? "/approved/" : "/withheld/", FormatInstant(at));
  if (given) return std::optional(OwnEvent(id, CustomerId(), at, ApprovalGiven{followup, rep, {}, {}}));
  ApprovalWithheld withheld;
  withheld.followup = followup;
  withheld.rep = rep;
  withheld.reason = std::move(reason);
  return std::optional(OwnEvent(id, CustomerId(), at, std::move(withheld)));
}

absl::StatusOr<bool> Engine::Approve(const FollowUpId& followup, const RepId& rep, Instant at) {
  return Guarded([&]() {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record) { return Impl::Ruling(record, rep, true, at, std::nullopt); });
  });
}

absl::StatusOr<bool> Engine::Withhold(const FollowUpId& followup, const RepId& rep, Instant at, std::optional<std::string> reason) {
  return Guarded([&]() {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record) { return Impl::Ruling(record, rep, false, at, reason); });
  });
}

}  // namespace rapport
