// From occasions to admitted follow-ups of one account, with everything that is told about them later.
#ifndef RAPPORT_SRC_POLICY_ADMISSION_HPP_
#define RAPPORT_SRC_POLICY_ADMISSION_HPP_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rapport/policy/decide.hpp"

namespace rapport {

// An occasion whose conditions hold, or an open follow-up that is to be looked at again.
struct Candidate {
  const Policy* policy = nullptr;
  const Rule* rule = nullptr;
  const Step* step = nullptr;               // of the rule: what is to be done
  const FollowUpRecord* record = nullptr;   // of an open follow-up, or of one that was withdrawn and is called for again
  FollowUpId id;
  Occasion occasion;                        // its step is the follow-up's
  Instant expires;
  ConditionTrace trace;                     // as AccountView::Ask gives it
  std::string enrolment;                    // of a cadence
  std::optional<RuleHold> hold;             // what the policy itself holds back
  std::vector<std::string> left_out = {};   // of a cadence: its steps before the one at which the customer began
  bool IsOpen() const { return record != nullptr && rapport::IsOpen(record->state); }
};

// Whose work it is, and why: assignee.hpp says how that is found.
struct Assigned {
  enum class Because {
    kOwner,    // nothing speaks against it
    kRule,     // the action asks for him
    kLeft,     // the owner no longer works here
    kAway,     // the owner is not at work, and it must be done
    kNobody    // the action asks for somebody whom there is not: it stays the owner's
  };
  std::optional<RepId> rep;
  Assignee to = Assignee::kOwner;
  Because because = Because::kOwner;
  std::optional<RepId> instead_of;      // kLeft, kAway: the owner
  std::vector<EventKey> evidence;       // of all but who the owner is
};

// What permission said about a candidate after those before it.
struct Admission {
  Candidate candidate;
  std::optional<ContactId> contact;
  Assigned assigned;
  const Zone* zone = nullptr;               // of the contact, else the customer
  Instant checked_at;                       // the later of due and as_of
  PermissionAnswer answer;
  std::vector<HoldReason> chain;            // where it is not allowed at checked_at
  DecisionStatus status = DecisionStatus::kDue;
};

// One account at one moment: what all its rules share.
class AccountView {
 public:
  AccountView(const Account& account, const DecideInput& input);

  const Account& account() const { return account_; }
  const DecideInput& input() const { return input_; }
  const SignalInput& signal_input() const { return signals_.input(); }
  const Zone& zone() const { return *signals_.input().zone; }
  const BookContext& book() const { return *input_.context->book; }
  const PermissionProfile& profile() const { return *profile_; }
  SignalCache& signals() { return signals_; }
  // Whether a condition holds, with its reasons where decisions are to be derived.
  ConditionTrace Ask(const Condition& condition);
  // The team of the account's owner, whose numbers hold.
  const std::optional<std::string>& team() const { return team_; }
  const std::vector<Rule>& rules() const { return input_.policy->RulesFor(team_); }
  // When a rep works; null where nobody said. Good as long as the view.
  const RepHours* HoursOf(const std::optional<RepId>& rep) const;
  // The policy with that id; nullptr if nobody kept it.
  const Policy* PolicyOf(const std::string& id) const;
  FollowUpId IdOf(const Rule& rule, const Occasion& occasion) const;

 private:
  const Account& account_;
  const DecideInput& input_;
  const PermissionProfile* profile_;
  SignalCache signals_;
  std::optional<std::string> team_;
  mutable std::map<RepId, RepHours> hours_;   // of those asked for so far
};

struct Admissions {
  std::vector<Admission> admitted;          // in order of admission
  std::vector<Admission> forbidden;         // open ones that end because permission can no longer be given
  std::vector<Closing> closings;            // theirs included
  std::vector<CadenceChange> cadences;
  std::map<std::string, std::int64_t> backlog;   // by rule: not issued, because it fell due before the book went live
  std::optional<Instant> look_again;        // with DecideInput::foresee
  void LookAgainAt(Instant at) { look_again = std::min(look_again.value_or(at), at); }
};

// Open ones first (oldest first, then by priority, due, id), then new ones by priority, due, id; what is due today or open is an
// attempt for all that come after it.
Admissions AdmitAll(AccountView& view);

// Why an occasion of a rule that has fallen due begins nothing.
enum class Bar {
  kNone,
  kLapsed,        // too long ago
  kAnswered,      // its follow-up was issued, and is closed
  kEnrolled,      // its cadence has begun already
  kConditions,
  kLeft,          // what would have ended it has happened since
  kResting,       // not again so soon, or not again at all
  kBeforeGoLive,
};
struct Verdict {
  Bar bar = Bar::kNone;
  FollowUpId id;
  const FollowUpRecord* known = nullptr;    // issued before
  Instant expires;                          // with what a snooze of it put off
  std::optional<Instant> rests_until;       // kResting: where the day is known
};
// `holds`: whether the rule's conditions do; asked only where it matters.
Verdict VerdictOn(AccountView& view, const Rule& rule, const Occasion& occasion, const std::function<bool()>& holds);

// The question of permission for an occasion of `rule` at `at`, after `attempts`.
struct Asked {
  std::optional<ContactId> contact;
  Assigned assigned;
  const Zone* zone = nullptr;
  PermissionInput input;                    // points into the account, the view and the attempts given
};
Asked AskFor(const AccountView& view, const Rule& rule, const Step& step, const Occasion& occasion, const std::vector<Attempt>& attempts);
// --- what time alone will change: foresight.cpp
// When the outcome of a condition may become another one, no earlier than that; none: only events change it.
std::optional<Instant> NextFlipOf(const Condition& condition, AccountView& view);
// The first moment until then at which its outcome is `wanted`, if nothing happens; perhaps one before it, never one after it.
std::optional<Instant> NextTurnOf(const Condition& condition, bool wanted, AccountView& view, Instant until);
// When a rule's conditions hold for an occasion after as_of, at its due or later; none: until it lapses only an event makes them.
std::optional<Instant> NextMomentOf(const Rule& rule, const Occasion& occasion, Instant expires, AccountView& view);
// When a rule by a polled signal will find it on the other side of its threshold; perhaps before it, never after it.
std::optional<Instant> NextTurnOfChecks(const Rule& rule, const AccountView& view);
// When an admitted candidate may come out otherwise.
std::optional<Instant> NextChangeOf(const Admission& admission, const PermissionInput& asked, AccountView& view);
// False only where conditions fail by signals that nothing but an event can change.
enum class Outlook { kNo, kPerhaps, kYes };
Outlook OutlookOf(const Condition& condition, SignalCache& signals);

// Left alone on purpose: the rule is never issued for the account while the policy holds out its share.
bool IsHeldOut(const AccountView& view, const Policy& policy, const Rule& rule);

// Outbound touches alone, in order of time.
std::vector<Attempt> TouchesOf(const Account& account, Instant as_of);
// What a snooze puts off is not lapsed before it may be done again.
Instant ExpiryWithSnooze(const AccountView& view, const FollowUpRecord& record, Instant expires);

// Why an open follow-up is withdrawn.
Closing WithdrawnResolved(const AccountView& view, const FollowUpRecord& record, const Rule& rule);
Closing WithdrawnByConditions(AccountView& view, const Candidate& candidate);
Closing WithdrawnByPermission(const AccountView& view, const FollowUpRecord& record, const PermissionAnswer& answer);
Closing WithdrawnByPolicy(const AccountView& view, const FollowUpRecord& record);
// `cause`: "exit" or "approval".
Closing WithdrawnBecause(const AccountView& view, const FollowUpRecord& record, std::string cause, Sentence because);
Closing Expired(const AccountView& view, const FollowUpRecord& record);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_ADMISSION_HPP_
