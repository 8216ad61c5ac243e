// Floor 8. Trust in the reports of a book (plan/report_trust.hpp): which of them a manager is asked to talk about.
//
//   engine.ReportTrust({}, {as_of}, Language::kEnglish);                       // a row a report, the most odd first
//   engine.ReportTrust({.by = TrustBy::kRep}, {as_of}, Language::kEnglish);    // a row a rep
//
// Never part of a plan, a brief, a report or a signal: it is computed when somebody asks, and shown to managers only. The host decides who may ask.
//
// A report is a touch: a visit, a call or a meeting from us to the customer, of a named rep. Its time is `start`, else the event's; it was entered when its
// event became known. Something came of it where its objective was met, contact was refused, or the customer's book shows of the same rep (or of nobody
// named), on the same local day or that on which it was noted: a worry, a fact, a need, a promise, a refusal of the offer, an opportunity, an appointment,
// feedback, a referral, a case; or an order within 30 days. Of an attempt that reached nobody nothing is expected. Notes of erased customers are gone and say nothing.
#ifndef RAPPORT_ENGINE_REPORT_TRUST_HPP_
#define RAPPORT_ENGINE_REPORT_TRUST_HPP_

#include <optional>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"

namespace rapport {

enum class TrustBy { kReport, kRep };

struct TrustQuestion {
  std::optional<Day> start = std::nullopt, end = std::nullopt;   // days of the reports in the book's zone, both included; none: all
  TrustBy by = TrustBy::kReport;
  // {"start"?, "end"?, "by"? "report" | "rep"}; `trust.invalid_period`, `trust.unknown_key`, `trust.wrong_type` name the member.
  static absl::StatusOr<TrustQuestion> FromJson(const Json& json);
};

}  // namespace rapport

#endif  // RAPPORT_ENGINE_REPORT_TRUST_HPP_
