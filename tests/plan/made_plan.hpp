// Plans for tests, laid by hand: reps, lines and what is held, with whatever people may be called.
#ifndef RAPPORT_TESTS_PLAN_MADE_PLAN_HPP_
#define RAPPORT_TESTS_PLAN_MADE_PLAN_HPP_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "book/made_events.hpp"
#include "plan/day_work.hpp"
#include "rapport/plan/plan_day.hpp"

namespace rapport::made {

// Everybody is called what `names` says, or the id.
class NamedTexts : public Texts {
 public:
  std::string Customer(const CustomerId& id, Language) const override { return NameOf(id.text()); }
  std::string Contact(const CustomerId&, const ContactId& contact, Language) const override { return NameOf(contact.text()); }
  std::string Event(const EventKey& event, std::string_view, Language) const override { return NameOf(event.id); }
  std::string Rep(const RepId& id, Language) const override { return NameOf(id.text()); }
  std::map<std::string, std::string> names;

 private:
  std::string NameOf(const std::string& id) const {
    const auto found = names.find(id);
    return found == names.end() ? id : found->second;
  }
};

struct Piece {
  std::string customer;
  std::string start = {};         // "09:00"; empty: no room
  bool must = false;
  std::string contact = {};
  bool held = false;
};

inline constexpr std::string_view kTokyo = "Asia/Tokyo";

// The id of the work for a customer.
inline FollowUpId WorkFor(std::string_view customer) { return FollowUpId::Trusted("work-" + std::string(customer)); }

inline Decision WorkOf(const Piece& piece, const std::string& rep) {
  Decision d;
  d.followup = WorkFor(piece.customer);
  d.customer = d.named = Customer(piece.customer);
  if (!piece.contact.empty()) d.contact = ContactId::Trusted(piece.contact);
  d.rep = RepId::Trusted(rep);
  d.channel = piece.must ? Channel::kCall : Channel::kVisit;
  d.headline = {"plan.no_room_one", {{"who", CustomerName{d.customer}}, {"headline", std::string("6 weeks")}}};
  d.objective = {"plan.who", {{"customer", CustomerName{d.customer}}, {"contact", std::string("how it runs")}}};
  d.minutes = 30;
  d.mandatory = piece.must;
  if (!piece.held) return d;
  d.status = DecisionStatus::kHeld;
  d.holds.push_back({HoldReason::kDoNotContact, {}, std::nullopt, {"hold.do_not_contact", {}}});
  return d;
}

inline void AddRep(DayPlan& plan, const std::string& rep, const std::vector<Piece>& pieces) {
  RepDay day;
  day.rep = RepId::Trusted(rep);
  day.zone = *ZoneRules::Bundled().Find(kTokyo);
  day.minutes = 300;
  day.reserve = 60;
  AccountDecisions account;
  account.decisions.reserve(pieces.size());
  for (const Piece& piece : pieces) account.decisions.push_back(WorkOf(piece, rep));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Decision* d = &account.decisions[i];
    if (pieces[i].held) day.held.push_back(d);
    else if (pieces[i].start.empty()) day.no_room.push_back(LineOf(*d));
    else {
      const auto minute = ParseMinuteOfDay(pieces[i].start);
      const Instant start = day.zone->StartOf(plan.day).PlusMinutes(*minute);
      PlanLine& line = day.lines.emplace_back(LineOf(*d));
      line.position = static_cast<std::int64_t>(day.lines.size());
      line.start = start;
      day.planned_minutes += d->minutes;
      (d->mandatory ? day.mandatory : day.chosen) += 1;
    }
  }
  plan.decisions.push_back(std::move(account));   // its vector moves as a whole: what points into it stays good
  plan.reps.push_back(std::move(day));
}

inline DayPlan Monday(std::string_view as_of = "2026-03-02T00:00:00+09:00") {
  DayPlan plan;
  plan.day = Day(2026, 3, 2);
  plan.as_of = At(as_of);
  return plan;
}

inline DayPlan MondayOf(const std::vector<Piece>& pieces, std::string_view as_of = "2026-03-02T00:00:00+09:00") {
  DayPlan plan = Monday(as_of);
  AddRep(plan, "r-sato", pieces);
  return plan;
}

// A book that knows all customers of a plan.
inline std::shared_ptr<const Book> BookOf(const DayPlan& plan) {
  BookBuilder builder(ZoneRules::Bundled());
  int number = 0;
  for (const AccountDecisions& account : plan.decisions) {
    for (const Decision& d : account.decisions) {
      builder.Add(Happened(d.customer.text(), "c-" + std::to_string(++number), "2026-01-05T09:00:00Z", CustomerUpserted{}));
    }
  }
  return builder.AsKnown(std::nullopt);
}

}  // namespace rapport::made

#endif  // RAPPORT_TESTS_PLAN_MADE_PLAN_HPP_
