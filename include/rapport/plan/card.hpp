// Floor 6. The card: what a rep reads before a contact, on one screen, and what the evening asks of him.
//
//   CARD 10:30 Hotel Kaien · Mr Baba (facilities) · 60 min · purpose care: nothing to sell today
//   Goal, judged tonight yes/no: "we know who decides the refit, and by when"
//   Open with: "How have the 2 softeners run since 9 Dec?" Then listen.
//   Know: ... (who they are, traits with date and source, right to decide, needs, and one thing that is not known)
//
// A card is made from the account as it was known, never computed with a language: it is a Sheet (sheet.hpp) of kind "card" with the sections
//   goal, open, know, owe, they_owe, worries, last, worried, standing, after, why; of a follow-up that sells also said_no, market
// Each line cites the events it rests on; a line that tells what is not known cites none. What people said is a reference to the event that holds it.
// `facts`: followup_id, customer, contact, rep, rule, step, policy, purpose, channel, minutes, start, state, goal and opening (message keys), ask (what is
// not known), events (how many the decision rests on).
//
// A card that cares holds no argument, offer or competitor: only Purpose::kSell has said_no and market, and facts whose facet is of competitors, budgets,
// prices or the next purchase. Facts whose facet is of sex, age, birth, nationality, ethnicity or religion are never on a card, however it is spelled in
// the four languages; what somebody writes into a value is not read. Standing is of a person: where the host shows it to reps, it is told in words, without
// a number. Without consent to be scored there is no rung; who of ours knows them is told all the same.
//
// Pure; any thread; O(records of the account + topics of worries).
#ifndef RAPPORT_PLAN_CARD_HPP_
#define RAPPORT_PLAN_CARD_HPP_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/plan/sheet.hpp"
#include "rapport/policy/decide.hpp"
#include "rapport/signals/registry.hpp"

namespace rapport {

// What a card is about: a follow-up that was issued, or a decision that was not yet.
struct CardSubject {
  FollowUpId followup;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::string rule, step, policy;
  std::string state;                 // "open", "done", ... of what was issued; "due", "held" of what was not
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  std::int64_t minutes = 0;
  Sentence objective;
  Json derivation;                   // docs/policy.md, "Derivation"
};
CardSubject SubjectOf(const Decision& decision);
// `derivation`: of the event that issued it. `message.*` where its sentences cannot be read.
absl::StatusOr<CardSubject> SubjectOf(const FollowUpRecord& record, Json derivation);

// `input.account` is the customer as of the moment the card is read; `start`: where the plan of the day gives one; told in the rep's zone
// (book/zone_of.hpp), as the plan tells it.
Sheet MakeCard(const CardSubject& subject, const SignalInput& input, std::optional<Instant> start = std::nullopt);

// The goal of an objective, judged tonight yes or no: goal.<name>, where the catalogue has none of that name that of the longest beginning of it
// ("objective.promise-agree.day" has goal.promise-agree). Likewise the question that opens the talk. Only the arguments that the message names are kept.
// An objective without either says goal.general, opening.general; no objective of the catalogue is without (a test).
Sentence GoalOf(const Sentence& objective);
Sentence OpeningOf(const Sentence& objective);

// One thing that is not known of a customer and worth asking, the worthiest first: "contact" (whom to ask for), "decides", "next_purchase" (only where
// we sell), "role", "expectation", "language"; empty: all of it is known.
std::string_view WorthAsking(const Account& account, const std::optional<ContactId>& contact, Purpose purpose);

}  // namespace rapport

#endif  // RAPPORT_PLAN_CARD_HPP_
