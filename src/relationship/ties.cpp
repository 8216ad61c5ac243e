#include "rapport/relationship/ties.hpp"

#include <algorithm>

namespace rapport {
namespace {

RepId& IdOf(Tie& tie) { return tie.rep; }
const RepId& IdOf(const Tie& tie) { return tie.rep; }
ContactId& IdOf(ContactTie& tie) { return tie.contact; }
const ContactId& IdOf(const ContactTie& tie) { return tie.contact; }
std::vector<ContactId>& OthersOf(Tie& tie) { return tie.contacts; }
std::vector<RepId>& OthersOf(ContactTie& tie) { return tie.reps; }

template <class T, class Id>
T& TieOf(std::vector<T>& ties, const Id& id) {
  const auto found = std::find_if(ties.begin(), ties.end(), [&](const T& tie) { return IdOf(tie) == id; });
  if (found != ties.end()) return *found;
  IdOf(ties.emplace_back()) = id;
  return ties.back();
}

template <class Id>
void Meet(const Id& id, std::vector<Id>& met) {
  const auto at = std::lower_bound(met.begin(), met.end(), id);
  if (at == met.end() || *at != id) met.insert(at, id);
}

// `whose` and `other`: the members of a touch that name the two.
template <class T, class Whose, class Other>
std::vector<T> TiesBy(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of, Whose whose, Other other) {
  const Instant today = zone.StartOf(zone.LocalDay(as_of));
  std::vector<T> ties;
  for (const TouchRecord& record : account.touches) {
    if (record.at > as_of) break;
    const Touch& touch = record.touch;
    const TouchReach reach = ReachOf(touch);
    if (!(touch.*whose).has_value() || !IsContact(reach)) continue;
    T& tie = TieOf(ties, *(touch.*whose));
    if (tie.touches++ == 0) tie.first_at = record.at;
    if (reach == TouchReach::kReached) ++tie.reached;
    tie.last_at = record.at;
    tie.last_channel = touch.channel;
    tie.last_event = record.key;
    if ((touch.*other).has_value()) Meet(*(touch.*other), OthersOf(tie));
    const double weight = terms.WeightOf(touch, reach);
    if (weight > 0) tie.warmth += weight * DecayOver(std::max(0.0, DaysBetween(record.at, today)), terms.half_life_days());
  }
  std::sort(ties.begin(), ties.end(), [](const T& a, const T& b) { return a.warmth != b.warmth ? a.warmth > b.warmth : IdOf(a) < IdOf(b); });
  return ties;
}

}  // namespace

std::vector<Tie> TiesOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of) {
  return TiesBy<Tie>(account, terms, zone, as_of, &Touch::rep, &Touch::contact);
}
std::vector<ContactTie> ContactTiesOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of) {
  return TiesBy<ContactTie>(account, terms, zone, as_of, &Touch::contact, &Touch::rep);
}

bool WorksHere(const BookContext& context, const RepId& rep, Day day) {
  const RepRecord* record = context.FindRep(rep);
  return record == nullptr || record->WorksHere(day);
}

const Tie* SenderOf(const std::vector<Tie>& ties, const BookContext& context, Day day) {
  const auto found = std::find_if(ties.begin(), ties.end(), [&](const Tie& tie) { return tie.reached > 0 && WorksHere(context, tie.rep, day); });
  return found == ties.end() ? nullptr : &*found;
}

}  // namespace rapport
