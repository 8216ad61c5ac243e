// What reps and owners say of issued follow-ups.
#include "engine/engine_impl.hpp"
#include "rapport/policy/letters.hpp"

namespace rapport {
namespace {

absl::Status NotOpen(const FollowUpId& followup, FollowUpState state) {
  return FailedPrecondition("followup.closed", absl::StrCat("followup \"", followup.text(), "\": found ", std::string(NameOf(state)), ", expected one that is open or handed over"));
}

// Of a letter: its customer's owner alone, as its customer knows him.
absl::Status CheckOwner(const FollowUpRecord& record, const Account& account, const RepId& rep) {
  if (account.owner == rep) return absl::OkStatus();
  const std::string expected = account.owner.has_value() ? absl::StrCat("the owner \"", account.owner->text(), "\"") : "an owner of the customer, who has none";
  return FailedPrecondition("letter.not_owner",
                            absl::StrCat("followup \"", record.issued.followup.text(), "\", rep: found \"", rep.text(), "\", expected ", expected));
}

bool IsBlank(const std::optional<std::string>& line) {
  return !line.has_value() || line->find_first_not_of(" \t\r\n") == std::string::npos;
}

absl::Status CheckLetter(const FollowUpRecord& record, const Account& account, const RepId& rep, const std::optional<std::string>& line) {
  RAPPORT_RETURN_IF_ERROR(CheckOwner(record, account, rep));
  if (!IsBlank(line) || (record.approved == true && record.has_line && record.approver == rep)) return absl::OkStatus();
  return Invalid("letter.no_personal_line",
                 absl::StrCat("followup \"", record.issued.followup.text(), "\", line: found none, expected a line that only this customer gets"));
}

}  // namespace

absl::StatusOr<bool> Engine::Impl::Say(const FollowUpId& followup, Instant at, const SayWord& word) {
  const auto conclude = [&](std::shared_ptr<const Book> book) -> absl::StatusOr<std::vector<Event>> {
    RAPPORT_ASSIGN_OR_RETURN(const std::shared_ptr<const Account> account, AccountOfFollowUp(*book, followup));
    if (account == nullptr) {
      return UnknownFollowUp(followup, at);
    }
    const FollowUpRecord& record = account->followups.at(followup);
    std::vector<Event> events;
    RAPPORT_ASSIGN_OR_RETURN(std::optional<Event> said, word(record, *account));
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
    return impl_->Say(followup, at, [&](const FollowUpRecord& record, const Account&) -> absl::StatusOr<std::optional<Event>> {
      if (!IsOpen(record.state)) return NotOpen(followup, record.state);
      if (record.snoozed_until == until) return std::optional<Event>();
      return std::optional(OwnEvent(absl::StrCat(followup.text(), "/snoozed/", FormatInstant(at)), CustomerId(), at,
                                    FollowUpSnoozed{followup, until, record.issued.rep, reason}));
    });
  });
}

absl::StatusOr<bool> Engine::Skip(const FollowUpId& followup, Instant at, std::optional<std::string> reason) {
  return Guarded([&]() -> absl::StatusOr<bool> {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record, const Account&) -> absl::StatusOr<std::optional<Event>> {
      if (record.state == FollowUpState::kSkipped) return std::optional<Event>();
      if (!IsOpen(record.state)) return NotOpen(followup, record.state);
      return std::optional(OwnEvent(followup.text() + "/skipped", CustomerId(), at, FollowUpSkipped{followup, record.issued.rep, reason}));
    });
  });
}

absl::StatusOr<std::optional<Event>> Engine::Impl::Ruling(const FollowUpRecord& record, const RepId& rep, bool given, Instant at,
                                                                   std::optional<std::string> words) {
  const FollowUpId& followup = record.issued.followup;
  const bool has_line = given && words.has_value();
  // The first line stays; one that comes after an approval without any, or from another than approved before, is said anew.
  if (record.approved == given && (!given || (record.approver == rep && (record.has_line || !has_line)))) return std::optional<Event>();
  if (!IsOpen(record.state)) return NotOpen(followup, record.state);
  if (!record.issued.needs_approval.value_or(false) && !IsLetter(record.issued.channel)) {
    return FailedPrecondition("followup.no_approval", absl::StrCat("followup \"", followup.text(), "\": found rule \"", record.issued.rule,
                                                                   "\" without approval, expected one that asks for it"));
  }
  const std::string id = absl::StrCat(followup.text(), given ? "/approved/" : "/withheld/", FormatInstant(at));
  if (!given) {
    ApprovalWithheld withheld;
    withheld.followup = followup;
    withheld.rep = rep;
    withheld.reason = std::move(words);
    return std::optional(OwnEvent(id, CustomerId(), at, std::move(withheld)));
  }
  ApprovalGiven approval;
  approval.followup = followup;
  approval.rep = rep;
  if (has_line) approval.has_line = true;
  approval.line = std::move(words);
  return std::optional(OwnEvent(id, CustomerId(), at, std::move(approval)));
}

absl::StatusOr<bool> Engine::Approve(const FollowUpId& followup, const RepId& rep, Instant at, std::optional<std::string> line) {
  return Guarded([&]() {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record, const Account& account) -> absl::StatusOr<std::optional<Event>> {
      if (IsLetter(record.issued.channel)) RAPPORT_RETURN_IF_ERROR(CheckLetter(record, account, rep, line));
      return Impl::Ruling(record, rep, true, at, IsBlank(line) ? std::nullopt : line);
    });
  });
}

absl::StatusOr<bool> Engine::Withhold(const FollowUpId& followup, const RepId& rep, Instant at, std::optional<std::string> reason) {
  return Guarded([&]() {
    return impl_->Say(followup, at, [&](const FollowUpRecord& record, const Account& account) -> absl::StatusOr<std::optional<Event>> {
      if (IsLetter(record.issued.channel)) RAPPORT_RETURN_IF_ERROR(CheckOwner(record, account, rep));
      return Impl::Ruling(record, rep, false, at, reason);
    });
  });
}

}  // namespace rapport
