// Floor 6. Letters and newsletters as an office reads them: who gets one, in whose name, and what each still waits for (PO4).
//
// A row a letter that is issued and open, and a row a customer who has had enough this year; one that was withheld has no row, from that moment on. What a letter waits for is in policy/letters.hpp; the rule
// that asks for it is in policies/letters.json.
#ifndef RAPPORT_PLAN_LETTERS_HPP_
#define RAPPORT_PLAN_LETTERS_HPP_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/core/table.hpp"
#include "rapport/policy/decide.hpp"

namespace rapport {

enum class LetterState {
  kReady,            // approved by the customer's owner, with a line, a sender, and nothing that forbids it
  kWaitsForOwner,
  kWaitsForLine,     // approved without one, by a host that wrote the event itself
  kHeld,             // permission, a snooze, or nobody whom the customer knows could sign it
  kEnough            // kMostLettersAYear went out in 365 days, or were handed over and are on their way
};
std::string_view NameOf(LetterState state);  // "ready", "waits_for_owner", "waits_for_line", "held", "enough"

struct LetterLine {
  std::optional<FollowUpId> followup;    // none: enough, and nothing is open
  CustomerId customer;
  std::optional<ContactId> contact;
  std::optional<RepId> sender;
  std::optional<RepId> owner;
  LetterState state = LetterState::kReady;
  std::optional<Sentence> why;           // not ready
  EventKey line_in;                      // the approval that holds the personal line; empty: none yet
  std::int64_t count = 0;                // of the year: those that went out
  std::optional<Instant> next;           // when it may go first: now for what is ready or waits for a word; none where that is not foreseeable
};

// Sorted by customer, then follow-up. O(accounts + decisions of those with an open letter).
std::vector<LetterLine> LettersOf(const Book& book, const DecideInput& input);
// followup_id, customer, customer_name, contact (a name), sender, sender_name, owner, state, why, line, count_365, next. The line is the owner's words:
// private.
absl::StatusOr<Table> LetterTable(const std::vector<LetterLine>& lines, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_PLAN_LETTERS_HPP_
