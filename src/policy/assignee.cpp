#include "policy/assignee.hpp"

#include <algorithm>
#include <set>

#include "policy/evidence.hpp"
#include "rapport/core/next_working_day.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// Not at work on the next day, from `day` on, on which his week has hours: over a weekend nobody changes hands.
bool IsAway(const RepRecord* rep, Day day) {
  if (rep == nullptr || rep->absences.empty()) return false;
  const std::optional<Day> next = NextWorkingDay(rep->week, day);
  return next.has_value() && rep->absences.contains(*next);
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

// What says whom of ours the customer knows best: the last contact of the one they know, however long ago, and the newest that anybody had with them,
// in their order.
std::vector<EventKey> Contacts(const Account& account, const Tie& known, Instant as_of) {
  std::vector<EventKey> keys;
  bool cited = false;
  const auto& touches = account.touches;
  for (auto record = touches.rbegin(); record != touches.rend(); ++record) {
    if (record->at > as_of || !record->touch.rep.has_value() || !IsContact(record->touch)) continue;
    const bool own = record->key == known.last_event;
    // The last place is kept for his.
    if (own || keys.size() + (cited ? 0 : 1) < SignalValue::kMaxEvidence) keys.push_back(record->key);
    cited = cited || own;
    if (keys.size() == SignalValue::kMaxEvidence) break;
  }
  std::reverse(keys.begin(), keys.end());
  return keys;
}

// Finds who may stand in for the owner on a day; `must_be_there`: whoever is away then may not.
class Search {
 public:
  Search(const AccountView& view, const std::optional<RepId>& owner, Day day, bool must_be_there) : view_(view), owner_(owner), day_(day), must_be_there_(must_be_there) {}

  // Whom the customer knows best beside the owner: the warmest tie.
  std::optional<Candidacy> Colleague() const {
    const Account& account = view_.account();
    const Instant as_of = view_.input().as_of;
    for (const Tie& tie : TiesOf(account, *view_.input().context->relationship, view_.zone(), as_of)) {
      if (tie.reached > 0 && tie.rep != owner_ && MayDo(tie.rep)) return Candidacy{tie.rep, Contacts(account, tie, as_of)};
    }
    return std::nullopt;
  }
  std::optional<Candidacy> Manager() const {
    const RepRecord* owner = view_.book().FindRep(owner_);
    if (owner == nullptr || !owner->manager.has_value() || owner->manager == owner_ || !MayDo(*owner->manager)) return std::nullopt;
    return Candidacy{*owner->manager, {owner->last_event}};
  }

 private:
  bool MayDo(const RepId& rep) const {
    return WorksHere(view_.book(), rep, day_) && !(must_be_there_ && IsAway(view_.book().FindRep(rep), day_));
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
Assigned OwnersWork(const AccountView& view, const std::optional<RepId>& owner, bool cannot_wait, Day day) {
  const RepRecord* record = view.book().FindRep(owner);
  const bool left = record != nullptr && !record->WorksHere(day);
  if (!left && !(cannot_wait && IsAway(record, day))) return {owner, Assignee::kOwner, Assigned::Because::kOwner, std::nullopt, {}};
  const Assigned::Because because = left ? Assigned::Because::kLeft : Assigned::Because::kAway;
  const Search search(view, owner, day, cannot_wait);
  Assigned assigned{owner, Assignee::kOwner, because, std::nullopt, {}};
  if (const std::optional<Candidacy> colleague = search.Colleague()) assigned = Given(*colleague, Assignee::kColleague, because);
  else if (const std::optional<Candidacy> manager = search.Manager()) assigned = Given(*manager, Assignee::kManager, because);
  assigned.instead_of = owner;
  AddOnce(record->last_event, assigned.evidence);
  return assigned;
}

// A colleague's, of those who are there: what may be any colleague's waits for none of them. Else the owner's where he is there himself, else his
// manager's.
Assigned ColleaguesWork(const AccountView& view, const std::optional<RepId>& owner, Day day) {
  const Search search(view, owner, day, true);
  if (const std::optional<Candidacy> colleague = search.Colleague()) return Given(*colleague, Assignee::kColleague, Assigned::Because::kRule);
  return OwnersWork(view, owner, true, day);
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
  if (asked == Assignee::kOwner) return OwnersWork(view, owner, rule.mandatory, day);
  if (asked == Assignee::kManager) {
    if (const std::optional<Candidacy> manager = Search(view, owner, day, rule.mandatory).Manager()) return Given(*manager, asked, Assigned::Because::kRule);
  }
  Assigned found = asked == Assignee::kColleague ? ColleaguesWork(view, owner, day) : OwnersWork(view, owner, rule.mandatory, day);
  if (found.because == Assigned::Because::kOwner) found.because = Assigned::Because::kNobody;
  return found;
}

std::optional<Instant> NextReassignment(const AccountView& view, const Rule& rule, const Occasion& occasion) {
  std::set<RepId> reps;
  const std::optional<RepId> owner = OwnerOf(view, occasion);
  const bool goes_by_absences =
      rule.mandatory || std::any_of(rule.steps.begin(), rule.steps.end(), [](const Step& step) { return step.action.assignee == Assignee::kColleague; });
  if (owner.has_value()) reps.insert(*owner);
  const RepRecord* record = view.book().FindRep(owner);
  if (record != nullptr && record->manager.has_value()) reps.insert(*record->manager);
  for (const TouchRecord& touch : view.account().touches) {
    if (touch.touch.rep.has_value()) reps.insert(*touch.touch.rep);
  }
  const Day today = view.signal_input().today;
  std::optional<Day> next;
  const auto see = [&](Day day) { next = std::min(next.value_or(day), day); };
  for (const RepId& rep : reps) {
    const RepRecord* known = view.book().FindRep(rep);
    if (known == nullptr) continue;
    if (known->left.has_value() && *known->left > today) see(*known->left);
    // Absences begin and end on days that depend on the week; who looks tomorrow misses none.
    if (goes_by_absences && known->absences.lower_bound(today) != known->absences.end()) see(today + 1);
  }
  return next.has_value() ? std::optional(view.zone().StartOf(*next)) : std::nullopt;
}

}  // namespace rapport
