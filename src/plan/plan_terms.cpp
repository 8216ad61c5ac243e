#include "rapport/plan/plan_terms.hpp"

#include <array>
#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/ledger/bounds.hpp"

namespace rapport {
namespace {

// Reads members one by one; the first error of all is kept.
class TermsReader {
 public:
  explicit TermsReader(const Json& document) : document_(document) {}

  void Share(const char* name, double most, std::optional<double>& out) {
    const Json* found = Of(name);
    if (found == nullptr) return;
    const double* number = found->if_number();
    if (number != nullptr && *number >= 0 && *number <= most) out = *number;
    else Wrong(name, *found, absl::StrCat("a number from 0 to ", CanonicalNumber(most)));
  }
  void Whole(const char* name, std::int64_t least, std::int64_t most, std::optional<std::int64_t>& out) {
    const Json* found = Of(name);
    if (found == nullptr) return;
    const std::optional<std::int64_t> number = found->if_integer();
    if (number.has_value() && *number >= least && *number <= most) out = *number;
    else Wrong(name, *found, absl::StrCat("a whole number from ", least, " to ", most));
  }
  // The same for what cannot be left open.
  void Whole(const char* name, std::int64_t least, std::int64_t most, std::int64_t& out) {
    std::optional<std::int64_t> number = out;
    Whole(name, least, most, number);
    out = *number;
  }
  // A null takes away what is asked for by default.
  bool IsNull(const char* name) const {
    const Json* found = document_.Find(name);
    return found != nullptr && found->is_null();
  }
  void Wrong(const char* name, const Json& found, const std::string& expected) { Say(name, found.Canonical().substr(0, 40), expected); }
  absl::Status Finish() {
    const Json::Object* members = document_.if_object();
    for (const auto& [name, value] : *members) {
      if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      std::vector<std::string> names(asked_.begin(), asked_.end());
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
      std::string all;
      for (const std::string& one : names) absl::StrAppend(&all, all.empty() ? "" : ", ", one);
      Say(name, "an unknown member", absl::StrCat("one of ", all));
    }
    return status_;
  }

 private:
  // Null where it is absent or null.
  const Json* Of(const char* name) {
    asked_.push_back(name);
    const Json* found = document_.Find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  void Say(const std::string& field, const std::string& found, const std::string& expected) {
    if (status_.ok()) status_ = Invalid("plan.invalid_terms", absl::StrCat("field ", field, ": found ", found, ", expected ", expected));
  }
  const Json& document_;
  std::vector<std::string> asked_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<PlanTerms> PlanTerms::FromJson(const Json& document) {
  PlanTerms terms;
  if (document.is_null()) return terms;
  if (document.if_object() == nullptr) {
    return Invalid("plan.invalid_terms", absl::StrCat("field plan: found ", document.Canonical().substr(0, 40), ", expected an object"));
  }
  TermsReader in(document);
  std::optional<double> reserve = terms.reserve_share;
  in.Whole("travel_minutes", 0, kMostTravelMinutes, terms.travel_minutes);
  in.Share("reserve_share", 0.9, reserve);
  in.Share("revisit_share", 1, terms.revisit_share);
  if (in.IsNull("revisit_share")) terms.revisit_share.reset();
  in.Whole("small_floor", 0, 100, terms.small_floor);
  in.Whole("visit_quota", 0, 100, terms.visit_quota);
  in.Whole("rollovers", 1, 100, terms.rollovers);
  in.Whole("days_ahead", 1, kMostDaysAhead, terms.days_ahead);
  in.Whole("visits_start_every", 1, 60, terms.visits_start_every);
  in.Whole("appointment_minutes", 5, 720, terms.appointment_minutes);
  if (60 % terms.visits_start_every != 0) in.Wrong("visits_start_every", Json(static_cast<int>(terms.visits_start_every)), "minutes that divide the hour");
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  terms.reserve_share = *reserve;
  return terms;
}

std::int64_t PlanTerms::ReserveOf(const RepRecord& rep) const {
  return rep.reserve_minutes.value_or(static_cast<std::int64_t>(std::floor(static_cast<double>(rep.minutes) * reserve_share + 1e-9)));
}

}  // namespace rapport
