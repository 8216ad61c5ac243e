// A policy with every kind of wait, and answers that come now and then, for properties.
#ifndef RAPPORT_TESTS_POLICY_WAITS_HPP_
#define RAPPORT_TESTS_POLICY_WAITS_HPP_

#include <string>
#include <vector>

#include "policy/random_world.hpp"

namespace rapport::policy_test {

// Every kind of wait: steps, branches, time-outs, a goal that moves with the clock, a silence, a contract's end.
inline constexpr char kWaits[] = R"({"rapport_policy": 1, "name": "waits", "rules": [
  {"name": "again", "purpose": "care", "priority": 30, "exclusive": "g", "trigger": {"event": "touch", "where": {"disposition": ["absent", "refused_contact"]}},
   "referred": {"starts_at": "second"},
   "steps": [
     {"name": "first", "after": {"days": 0, "at": "18:00"}, "expires": {"hours": 30}, "most": 2,
      "action": {"channel": "call", "minutes": 10, "headline": "after-contact", "objective": "thank"},
      "branches": [{"on": ["timeout"], "to": "first", "after": {"working_days": 1}}]},
     {"name": "second", "after": {"days": 6}, "expires": {"days": 2}, "when": {"signal": "touch.days_since", "is": "<", "value": 20},
      "action": {"channel": "mail", "minutes": 10, "headline": "after-contact", "objective": "thank"}},
     {"name": "third", "after": {"business_hours": 20}, "expires": {"days": 3},
      "action": {"channel": "call", "minutes": 10, "headline": "after-contact", "objective": "thank"}}],
   "exits": ["reply", "purchase", "goal"], "goal": {"signal": "purchase.days_since", "is": ">=", "value": 25}},
  {"name": "silent", "purpose": "care", "priority": 20, "exclusive": "g", "trigger": {"silence": "contact", "days": 5, "repeat": {"days": 4}},
   "when": {"any": [{"signal": "account.age_days", "is": ">", "value": 12}, {"signal": "worry.oldest_days", "is": "=", "value": 3}]},
   "action": {"channel": "call", "minutes": 5, "headline": "keep-in-sight", "objective": "keep-in-sight"}, "expires": {"days": 3}},
  {"name": "worry", "purpose": "care", "priority": 90, "trigger": {"event": "worry.raised", "offset": {"hours": 30}},
   "when": {"not": {"signal": "touch.days_since", "is": "<=", "value": 2}},
   "mandatory": true, "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 6}},
  {"name": "checked", "purpose": "care", "priority": 40, "trigger": {"signal": "promise.overdue", "crosses_above": 1, "check": "FREQ=WEEKLY;BYDAY=MO,TH", "repeat": {"days": 5}},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 4}},
  {"name": "unkept", "purpose": "care", "priority": 35, "trigger": {"signal": "promise.kept_share", "crosses_below": 0.6, "check": "FREQ=DAILY;INTERVAL=3"},
   "when": {"signal": "touch.days_since", "is": ">=", "value": 3}, "reentry": "always",
   "steps": [{"name": "first", "expires": {"days": 2}, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}},
             {"name": "second", "after": {"days": 4}, "expires": {"days": 2}, "action": {"channel": "visit", "minutes": 5, "headline": "general", "objective": "keep-in-sight", "assign_to": "colleague"}}]},
  {"name": "alone", "purpose": "care", "priority": 15, "trigger": {"signal": "owner.days_away", "crosses_above": 3, "check": "FREQ=DAILY;INTERVAL=2"},
   "action": {"channel": "call", "minutes": 5, "headline": "owner-away", "objective": "owner-away", "assign_to": "manager"}, "expires": {"days": 6}},
  {"name": "at-risk", "purpose": "care", "priority": 25, "trigger": {"signal": "purchase.value_at_risk", "crosses_above": 1, "check": "FREQ=WEEKLY;INTERVAL=2"},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 20}}]})";

// Of trust that fades and rungs that are lost, in a book that forgets within days.
inline constexpr char kWarmth[] = R"({"rapport_policy": 1, "name": "warmth", "rules": [
  {"name": "fades", "purpose": "care", "priority": 30, "trigger": {"signal": "relationship.trust", "crosses_below": 0.8, "repeat": {"days": 6}},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 4}},
  {"name": "falls", "purpose": "care", "priority": 40, "trigger": {"signal": "relationship.days_to_fall", "crosses_below": 3},
   "when": {"signal": "relationship.trust", "is": "<", "value": 2.5},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 5}},
  {"name": "worry", "purpose": "care", "priority": 90, "trigger": {"event": "worry.raised"},
   "when": {"any": [{"signal": "relationship.rung", "is": "=", "value": "none"}, {"signal": "relationship.days_to_fall", "is": "<=", "value": 2}]},
   "action": {"channel": "call", "minutes": 5, "headline": "worry", "objective": "worry.listen"}, "expires": {"days": 12}},
  {"name": "poor", "purpose": "care", "priority": 35, "trigger": {"signal": "relationship.health", "crosses_below": 60, "check": "FREQ=DAILY;INTERVAL=2"},
   "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "keep-in-sight"}, "expires": {"days": 3}}]})";

inline World RandomWarmWorld() {
  World world = RandomWorld();
  BookConfigured terms;
  terms.relationship = *Json::Parse(R"({"rapport_relationship": 1, "half_life_days": 4, "rungs": {"recognised": {"needs": []},
    "trust": {"trust": 1, "needs": []}, "reliance": {"trust": 1.5, "needs": [{"signal": "purchase.count", "at_least": 2}]}, "standing": {"trust": 1.8, "needs": []}}})");
  world.Add("", "terms", "2025-06-01T00:00:00Z", terms);
  return world;
}

// Follow-ups are answered now and then, half an hour after they were issued.
inline void AnswerSome(World& world, const std::vector<Event>& made, Instant at) {
  for (const FollowUpIssued* issued : All<FollowUpIssued>(made)) {
    const int choice = *rc::gen::inRange(0, 4);
    if (choice == 0) continue;
    const std::string id = issued->followup.text() + std::to_string(issued->revision);
    const std::string when = FormatInstant(at.PlusMinutes(30));
    Touch touch = Reached();
    touch.followup = issued->followup;
    if (choice == 2) touch.disposition = Disposition::kAbsent;
    if (choice == 3) {
      world.Add("c", "z" + id, when, FollowUpSnoozed{issued->followup, at.PlusMinutes(60 * 50), std::nullopt, std::nullopt});
      continue;
    }
    world.Add("c", "t" + id, when, touch).Add("c", "d" + id, when, FollowUpDone{issued->followup, std::nullopt, std::nullopt});
  }
}

}  // namespace rapport::policy_test

#endif  // RAPPORT_TESTS_POLICY_WAITS_HPP_
