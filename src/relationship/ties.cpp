#include "rapport/relationship/ties.hpp"

#include <algorithm>

namespace rapport {
namespace {

Tie& TieOf(std::vector<Tie>& ties, const RepId& rep, Instant at) {
  const auto found = std::find_if(ties.begin(), ties.end(), [&](const Tie& tie) { return tie.rep == rep; });
  if (found != ties.end()) return *found;
  Tie& tie = ties.emplace_back();
  tie.rep = rep;
  tie.first_at = at;
  return tie;
}

void Meet(const ContactId& contact, std::vector<ContactId>& contacts) {
  const auto at = std::lower_bound(contacts.begin(), contacts.end(), contact);
  if (at == contacts.end() || *at != contact) contacts.insert(at, contact);
}

}  // namespace

std::vector<Tie> TiesOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of) {
  const Instant today = zone.StartOf(zone.LocalDay(as_of));
  std::vector<Tie> ties;
  for (const TouchRecord& record : account.touches) {
    if (record.at > as_of) break;
    const Touch& touch = record.touch;
    if (!touch.rep.has_value()) continue;
    const TouchReach reach = ReachOf(touch);
    if (!IsContact(reach)) continue;
    Tie& tie = TieOf(ties, *touch.rep, record.at);
    ++tie.touches;
    if (reach == TouchReach::kReached) ++tie.reached;
    tie.last_at = record.at;
    tie.last_channel = touch.channel;
    tie.last_event = record.key;
    if (touch.contact.has_value()) Meet(*touch.contact, tie.contacts);
    const double weight = terms.WeightOf(touch, reach);
    if (weight > 0) tie.warmth += weight * DecayOver(std::max(0.0, DaysBetween(record.at, today)), terms.half_life_days());
  }
  std::sort(ties.begin(), ties.end(), [](const Tie& a, const Tie& b) { return a.warmth != b.warmth ? a.warmth > b.warmth : a.rep < b.rep; });
  return ties;
}

bool WorksHere(const BookContext& context, const RepId& rep, Day day) {
  const auto found = context.reps.find(rep);
  return found == context.reps.end() || found->second.WorksHere(day);
}

const Tie* SenderOf(const std::vector<Tie>& ties, const BookContext& context, Day day) {
  const auto found = std::find_if(ties.begin(), ties.end(), [&](const Tie& tie) { return tie.reached > 0 && WorksHere(context, tie.rep, day); });
  return found == ties.end() ? nullptr : &*found;
}

}  // namespace rapport
