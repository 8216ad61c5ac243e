#include "policy/assignee.hpp"

#include <algorithm>
#include <set>

#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// How far ahead a week is looked through for a day on which its rep works.
constexpr int kMostIdleDays = 14;

const RepRecord* RecordOf(const AccountView& view, const std::optional<RepId>& rep) {
  const auto& reps = view.book().reps;
  const auto found = rep.has_value() ? reps.find(*rep) : reps.end();
  return found == reps.end() ? nullptr : &found->second;
}

// Of a rep of whom nothing was told, that he works here is all one can assume.
bool IsHere(const RepRecord* rep, Day day) { return rep == nullptr || rep->WorksHere(day); }

// Not at work on the next day, from `day` on, on which his week has hours: over a weekend nobody changes hands.
bool IsAway(const RepRecord* rep, Day day) {
  if (rep == nullptr || rep->absences.empty()) return false;
  for (Day at = day; at < day + kMostIdleDays; ++at) {
    if (rep->week.WorksOn(at)) return rep->absences.contains(at);
  }
  return false;
}

// The account's owner; where it has none, whom the root event names.
std::optional<RepId> OwnerOf(const AccountView& view, const Occasion& occasion) {
  if (view.account().owner.has_value()) return view.account().owner;
  return occasion.rep.empty() ? std::nullopt : std::optional(occasion.rep);
}

// One who may do it, and by what he is found.
struct Candidacy {
  RepId rep;
  std::vector<EventKey> by;
};

// What says whom of ours the customer knows: contacts that somebody had with them. The newest, as of a signal.
std::vector<EventKey> Contacts(const Account& account, Instant as_of) {
  std::vector<EventKey> keys;
  const auto& touches = account.touches;
  for (auto record = touches.rbegin(); record != touches.rend() && keys.size() < SignalValue::kMaxEvidence; ++record) {
    if (record->at <= as_of && record->touch.rep.has_value() && IsContact(record->touch)) keys.push_back(record->key);
  }
  std::reverse(keys.begin(), keys.end());
  return keys;
}

// Finds who may stand in for the owner on a day.
class Search {
 public:
  Search(const AccountView& view, const std::optional<RepId>& owner, Day day, bool must_be_there) : view_(view), owner_(owner), day_(day), must_be_there_(must_be_there) {}

  // Whom the customer knows best beside the owner: the warmest tie.
  std::optional<Candidacy> Colleague() const {
    const Account& account = view_.account();
    const Instant as_of = view_.input().as_of;
    for (const Tie& tie : TiesOf(account, *view_.input().context->relationship, view_.zone(), as_of)) {
      if (tie.reached > 0 && tie.rep != owner_ && MayDo(tie.rep)) return Candidacy{tie.rep, Contacts(account, as_of)};
    }
    return std::nullopt;
  }
  std::optional<Candidacy> Manager() const {
    const RepRecord* owner = RecordOf(view_, owner_);
    if (owner == nullptr || !owner->manager.has_value() || owner->manager == owner_ || !MayDo(*owner->manager)) return std::nullopt;
    return Candidacy{*owner->manager, {owner->last_event}};
  }

 private:
  bool MayDo(const RepId& rep) const {
    const RepRecord* record = RecordOf(view_, rep);
    return IsHere(record, day_) && !(must_be_there_ && IsAway(record, day_));
  }

  const AccountView& view_;
  const std::optional<RepId>& owner_;
  Day day_;
  bool must_be_there_;
};

Assigned Given(const Candidacy& candidacy, Assignee to, Assigned::Because because) {
  return {candidacy.rep, to, because, std::nullopt, candidacy.by};
}

// The owner's, or where he is not there that of whoever can be found.
Assigned OwnersWork(const AccountView& view, const std::optional<RepId>& owner, const Rule& rule, Day day) {
  const RepRecord* record = RecordOf(view, owner);
  const bool left = !IsHere(record, day);
  if (!left && !(rule.mandatory && IsAway(record, day))) return {owner, Assignee::kOwner, Assigned::Because::kOwner, std::nullopt, {}};
  const Assigned::Because because = left ? Assigned::Because::kLeft : Assigned::Because::kAway;
  const Search search(view, owner, day, rule.mandatory);
  Assigned assigned{owner, Assignee::kOwner, because, std::nullopt, {}};
  if (const std::optional<Candidacy> colleague = search.Colleague()) assigned = Given(*colleague, Assignee::kColleague, because);
  else if (const std::optional<Candidacy> manager = search.Manager()) assigned = Given(*manager, Assignee::kManager, because);
  assigned.instead_of = owner;
  if (std::find(assigned.evidence.begin(), assigned.evidence.end(), record->last_event) == assigned.evidence.end()) assigned.evidence.push_back(record->last_event);
  return assigned;
}

}  // namespace

std::string_view NameOf(Assigned::Because because) {
  switch (because) {
    case Assigned::Because::kOwner: return "owner";
    case Assigned::Because::kRule: return "rule";
    case Assigned::Because::kLeft: return "left";
    case Assigned::Because::kAway: return "away";
    case Assigned::Because::kNobody: return "nobody";
  }
  return {};
}

Assigned AssignedTo(const AccountView& view, const Rule& rule, const Step& step, const Occasion& occasion, Instant at) {
  const std::optional<RepId> owner = OwnerOf(view, occasion);
  const Day day = view.zone().LocalDay(at);
  const Assignee asked = step.action.assignee;
  if (asked == Assignee::kOwner) return OwnersWork(view, owner, rule, day);
  const Search search(view, owner, day, rule.mandatory);
  const std::optional<Candidacy> found = asked == Assignee::kColleague ? search.Colleague() : search.Manager();
  if (found.has_value()) return Given(*found, asked, Assigned::Because::kRule);
  Assigned stays = OwnersWork(view, owner, rule, day);
  if (stays.because == Assigned::Because::kOwner) stays.because = Assigned::Because::kNobody;
  return stays;
}

std::optional<Instant> NextReassignment(const AccountView& view, const Rule& rule, const Occasion& occasion) {
  std::set<RepId> reps;
  const std::optional<RepId> owner = OwnerOf(view, occasion);
  if (owner.has_value()) reps.insert(*owner);
  const RepRecord* record = RecordOf(view, owner);
  if (record != nullptr && record->manager.has_value()) reps.insert(*record->manager);
  for (const TouchRecord& touch : view.account().touches) {
    if (touch.touch.rep.has_value()) reps.insert(*touch.touch.rep);
  }
  const Day today = view.signal_input().today;
  std::optional<Day> next;
  const auto see = [&](Day day) { next = std::min(next.value_or(day), day); };
  for (const RepId& rep : reps) {
    const RepRecord* known = RecordOf(view, rep);
    if (known == nullptr) continue;
    if (known->left.has_value() && *known->left > today) see(*known->left);
    // Absences begin and end on days that depend on the week; who looks tomorrow misses none.
    if (rule.mandatory && known->absences.lower_bound(today) != known->absences.end()) see(today + 1);
  }
  return next.has_value() ? std::optional(view.zone().StartOf(*next)) : std::nullopt;
}

}  // namespace rapport
