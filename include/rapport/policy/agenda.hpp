// Floor 5. The agenda: nobody is forgotten. Every customer's next date, channel and rule, or the stated reason for none.
#ifndef RAPPORT_POLICY_AGENDA_HPP_
#define RAPPORT_POLICY_AGENDA_HPP_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/policy/decide.hpp"

namespace rapport {

struct AgendaLine {
  CustomerId customer;
  std::optional<Instant> next;       // when the next follow-up is due or may be made
  std::optional<Day> day;            // the customer's local day of it
  std::optional<Channel> channel;
  std::string rule;
  std::string reason;                // where there is no date: "do_not_contact", "holdout", "no_rule"
  Sentence because;
};

// One line a customer, sorted by customer; `customers` empty: all. A date is that of a decision (due, or first allowed where
// held), else the first allowed moment of the next step of a cadence that runs, or of the earliest foreseeable occasion that nothing which only
// events change forbids.
std::vector<AgendaLine> AgendaOf(const Book& book, const DecideInput& input, std::span<const CustomerId> customers);
// customer, next, day, channel, rule, reason, because
absl::StatusOr<Table> AgendaTable(const std::vector<AgendaLine>& lines, const BookContext& context, Language language, const Texts& texts);

}  // namespace rapport

#endif  // RAPPORT_POLICY_AGENDA_HPP_
