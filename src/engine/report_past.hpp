// Floor 8, inside. The reports of a whole book, as trust in reports reads them.
#ifndef RAPPORT_SRC_ENGINE_REPORT_PAST_HPP_
#define RAPPORT_SRC_ENGINE_REPORT_PAST_HPP_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"
#include "rapport/engine/report_trust.hpp"
#include "rapport/ledger/ledger.hpp"
#include "rapport/plan/report_trust.hpp"

namespace rapport {

// One touch that is a report.
struct BookReport {
  EventKey key;
  CustomerId customer;
  std::string id;                // source and id of the event
  RepId rep;
  Channel channel = Channel::kVisit;
  Instant start;
  std::optional<double> minutes, latitude, longitude, accuracy_metres;
  std::optional<Disposition> disposition;
  std::optional<bool> outcome;
  std::optional<Instant> recorded;   // from the ledger, with the note
  std::string note;
};

// By start and event. Notes and times of entry are absent.
std::vector<BookReport> ReportsOf(const Book& book, const TrustQuestion& question);

// Adds what only the ledger holds, as known at `known`: when each report was entered, and its note as it was corrected last. One pass over the ledger.
absl::Status ReadEntries(Ledger& ledger, Instant known, std::vector<BookReport>& reports);

// Borrows the reports' texts.
std::vector<WorkReport> WorkReportsOf(const std::vector<BookReport>& reports);

}  // namespace rapport

#endif  // RAPPORT_SRC_ENGINE_REPORT_PAST_HPP_
