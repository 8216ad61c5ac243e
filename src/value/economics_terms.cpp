#include "rapport/value/economics_terms.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kMostDays = 3650;
constexpr std::size_t kMostShareDigits = 9;

absl::Status Wrong(std::string_view field, const Json& found, std::string_view expected) {
  return Invalid("economics.invalid_terms", absl::StrCat("field economics.", ToAbsl(field), ": found ", found.Canonical().substr(0, 40), ", expected ", ToAbsl(expected)));
}

// One object of the document, every member of which must be asked for.
class Part {
 public:
  Part(const Json* json, std::string path) : json_(json), path_(std::move(path)) {
    if (json_ != nullptr && json_->is_null()) json_ = nullptr;
    if (json_ == nullptr || json_->if_object() != nullptr) return;
    status_ = Wrong(path_, *json_, "an object");
    json_ = nullptr;
  }

  // Null where it is absent or null.
  const Json* Of(std::string_view name) {
    asked_.emplace_back(name);
    const Json* found = json_ == nullptr ? nullptr : json_->Find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  std::string PathOf(std::string_view name) const { return path_.empty() ? std::string(name) : absl::StrCat(path_, ".", std::string(name)); }

  void Whole(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t& out) {
    const Json* found = Of(name);
    if (found == nullptr) return;
    const std::optional<std::int64_t> number = found->if_integer();
    if (number.has_value() && *number >= least && *number <= most) out = *number;
    else Say(name, *found, absl::StrCat("a whole number from ", least, " to ", most));
  }
  std::optional<double> Number(std::string_view name, double most) {
    const Json* found = Of(name);
    if (found == nullptr) return std::nullopt;
    const double* number = found->if_number();
    if (number != nullptr && *number >= 0 && *number <= most) return *number;
    Say(name, *found, absl::StrCat("a number from 0 to ", CanonicalNumber(most)));
    return std::nullopt;
  }
  void Say(std::string_view name, const Json& found, std::string_view expected) {
    if (status_.ok()) status_ = Wrong(PathOf(name), found, expected);
  }
  absl::Status Finish() {
    for (const auto& [name, value] : json_ == nullptr ? Json::Object() : *json_->if_object()) {
      if (!status_.ok() || std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      std::sort(asked_.begin(), asked_.end());
      std::string all;
      for (const std::string& one : asked_) absl::StrAppend(&all, all.empty() ? "" : ", ", one);
      status_ = Invalid("economics.invalid_terms", absl::StrCat("field economics.", PathOf(name), ": found an unknown member, expected one of ", all));
    }
    return status_;
  }

 private:
  const Json* json_;
  std::string path_;
  std::vector<std::string> asked_;
  absl::Status status_;
};

// Text from 0 to 1 such as "0.05".
bool IsShare(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view rest = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const auto digits = [](std::string_view part) { return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; }); };
  if ((whole != "0" && whole != "1") || !digits(rest) || rest.size() > kMostShareDigits || (point != std::string_view::npos && rest.empty())) return false;
  return whole == "0" || std::all_of(rest.begin(), rest.end(), [](char c) { return c == '0'; });
}

void ReadCommission(Part& in, CommissionTerms& terms) {
  if (const Json* share = in.Of("share")) {
    const std::string* text = share->if_string();
    if (text != nullptr && IsShare(*text)) terms.share = *text;
    else in.Say("share", *share, "a share as text from \"0\" to \"1\", such as \"0.05\"");
  }
  if (const Json* of = in.Of("of")) {
    const std::string* word = of->if_string();
    if (word != nullptr && *word == "revenue") terms.of = CommissionTerms::Of::kRevenue;
    else if (word != nullptr && *word == "margin") terms.of = CommissionTerms::Of::kMargin;
    else in.Say("of", *of, "\"revenue\" or \"margin\"");
  }
  in.Whole("clawback_days", 0, kMostDays, terms.clawback_days);
}

absl::Status ReadReps(const Json* reps, const std::string& path, const CommissionTerms& all, std::map<RepId, CommissionTerms>& out) {
  if (reps == nullptr) return absl::OkStatus();
  if (reps->if_object() == nullptr) return Wrong(path, *reps, "an object of terms by rep");
  for (const auto& [name, said] : *reps->if_object()) {
    const absl::StatusOr<RepId> rep = RepId::Parse(name);
    if (!rep.ok()) return Wrong(path, Json(name), "the id of a rep");
    Part in(&said, absl::StrCat(path, ".", name));
    CommissionTerms terms = all;
    ReadCommission(in, terms);
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    out.emplace(*rep, std::move(terms));
  }
  return absl::OkStatus();
}

bool Pays(const CommissionTerms& terms) {
  return terms.share.has_value() && std::any_of(terms.share->begin(), terms.share->end(), [](char c) { return c > '0'; });
}

}  // namespace

absl::StatusOr<Money> CommissionTerms::On(const Money& base) const {
  if (!Pays(*this) || base.minor() <= 0) return Money(0, base.currency());
  return base.ConvertedTo(base.currency(), *share);
}

absl::StatusOr<EconomicsTerms> EconomicsTerms::FromJson(const Json& document) {
  EconomicsTerms terms;
  if (!document.is_null() && document.if_object() == nullptr) {
    return Invalid("economics.invalid_terms", absl::StrCat("field economics: found ", document.Canonical().substr(0, 40), ", expected an object"));
  }
  Part in(&document, "");
  Part commission(in.Of("commission"), "commission"), care(in.Of("care"), "care"), clv(in.Of("clv"), "clv"), minutes(in.Of("minutes"), "minutes");
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  ReadCommission(commission, terms.commission_);
  const Json* reps = commission.Of("reps");
  RAPPORT_RETURN_IF_ERROR(commission.Finish());
  RAPPORT_RETURN_IF_ERROR(ReadReps(reps, commission.PathOf("reps"), terms.commission_, terms.reps_));
  care.Whole("window_days", 1, kMostDays, terms.window_days_);
  care.Whole("referral_days", 1, kMostDays, terms.referral_days_);
  RAPPORT_RETURN_IF_ERROR(care.Finish());
  terms.discount_rate_ = clv.Number("discount_rate", 10).value_or(0);
  terms.margin_share_ = clv.Number("margin_share", 1);
  RAPPORT_RETURN_IF_ERROR(clv.Finish());
  for (std::size_t i = 0; i < terms.minutes_.size(); ++i) minutes.Whole(NameOf(static_cast<Channel>(i + 1)), 0, 1440, terms.minutes_[i]);
  RAPPORT_RETURN_IF_ERROR(minutes.Finish());
  return terms;
}

bool EconomicsTerms::PaysCommission() const {
  return Pays(commission_) || std::any_of(reps_.begin(), reps_.end(), [](const auto& rep) { return Pays(rep.second); });
}

const CommissionTerms& EconomicsTerms::CommissionOf(const RepId& rep) const {
  const auto own = reps_.find(rep);
  return own != reps_.end() ? own->second : commission_;
}

}  // namespace rapport
