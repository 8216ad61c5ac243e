#include "rapport/expectation/keeping.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/stats/beta_binomial.hpp"
#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

// What nobody has experience of is worth so many promises of the kept share.
constexpr double kWeightOfShare = 2;

double LogOdds(double share) { return stats::Log(share) - stats::Log1p(-share); }
double FromLogOdds(double odds) { return 1 / (1 + stats::Exp(-odds)); }

absl::Status InvalidField(std::string_view field, std::string_view found, std::string_view expected) {
  return Invalid("expectation.invalid_model", absl::StrCat("model promise_keeping, field ", std::string(field), ": found ", std::string(found), ", expected ", std::string(expected)));
}

// --- to JSON
Json CountToJson(const SettledCount& count) { return Json::Array{Json::Integer(count.kept), Json::Integer(count.settled)}; }

template <class Counts>
Json CountsToJson(const Counts& counts) {
  Json::Object out;
  for (const auto& [id, count] : counts) out.emplace(id.text(), CountToJson(count));
  return out;
}

Json NumbersToJson(const std::vector<double>& numbers) { return Json::Array(numbers.begin(), numbers.end()); }

Json WorkToJson(const std::vector<WaitingWork>& work) {
  Json::Array out;
  for (const WaitingWork& one : work) {
    out.push_back(Json::Object{{"promise", one.promise}, {"due", FormatDay(one.due)}, {"minutes", Json::Integer(one.minutes)}});
  }
  return out;
}

// --- from JSON
absl::StatusOr<SettledCount> CountFromJson(const Json& json, const std::string& field) {
  const Json::Array* pair = json.if_array();
  const auto whole = [&](std::size_t i) { return pair != nullptr && pair->size() == 2 ? (*pair)[i].if_integer() : std::nullopt; };
  const std::optional<std::int64_t> kept = whole(0), settled = whole(1);
  if (!kept.has_value() || !settled.has_value() || *kept < 0 || *settled < *kept) return InvalidField(field, json.Canonical(), "[kept, settled]");
  return SettledCount{*kept, *settled};
}

template <class Id>
absl::StatusOr<std::map<Id, SettledCount>> CountsFromJson(const Json& json, const std::string& field) {
  const Json::Object* members = json.if_object();
  if (members == nullptr) return InvalidField(field, json.KindName(), "an object of [kept, settled]");
  std::map<Id, SettledCount> counts;
  for (const auto& [name, count] : *members) {
    const std::string path = absl::StrCat(field, ".", name);
    absl::StatusOr<Id> id = Id::Parse(name);
    if (!id.ok()) return InvalidField(path, "an id that is none", "an id");
    RAPPORT_ASSIGN_OR_RETURN(SettledCount one, CountFromJson(count, path));
    counts.emplace(*std::move(id), one);
  }
  return counts;
}

absl::StatusOr<std::vector<double>> NumbersFromJson(const Json& json, const std::string& field) {
  const Json::Array* list = json.if_array();
  if (list == nullptr) return InvalidField(field, json.KindName(), "an array of numbers");
  std::vector<double> numbers;
  for (const Json& one : *list) {
    if (one.if_number() == nullptr || *one.if_number() < 0) return InvalidField(field, one.Canonical(), "numbers not below 0");
    numbers.push_back(*one.if_number());
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

absl::StatusOr<WaitingWork> WorkFromJson(const Json& json, const RepId& rep, const std::string& field) {
  JsonReader in(json, field, "expectation");
  WaitingWork work;
  work.rep = rep;
  RAPPORT_ASSIGN_OR_RETURN(work.promise, in.String("promise"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string due, in.String("due"));
  RAPPORT_ASSIGN_OR_RETURN(work.due, ParseDay(due));
  RAPPORT_ASSIGN_OR_RETURN(work.minutes, in.Integer("minutes"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return work;
}

bool EarlierDue(const WaitingWork& a, const WaitingWork& b) { return std::tie(a.due, a.minutes, a.promise) < std::tie(b.due, b.minutes, b.promise); }

// The newest of each product, sorted; what names none is a kind of its own.
std::map<ProductId, std::vector<double>> LeadsOfAll(std::vector<PastPromise> past) {
  std::sort(past.begin(), past.end(), [](const PastPromise& a, const PastPromise& b) {
    return a.settled != b.settled ? a.settled > b.settled : a.lead_days.value_or(-1) > b.lead_days.value_or(-1);
  });
  std::map<ProductId, std::vector<double>> leads;
  for (const PastPromise& one : past) {
    if (!one.lead_days.has_value()) continue;
    std::vector<double>& of = leads[one.product];
    if (of.size() < PromiseKeeping::kMostLeads) of.push_back(*one.lead_days);
  }
  for (auto& [product, of] : leads) std::sort(of.begin(), of.end());
  return leads;
}

}  // namespace

PromiseKeeping PromiseKeeping::Of(std::span<const PastPromise> past, std::span<const WaitingWork> waiting) {
  PromiseKeeping keeping;
  for (const PastPromise& one : past) {
    if (!one.rep.empty()) keeping.reps_[one.rep].Add(one.kept);
    if (!one.product.empty()) keeping.products_[one.product].Add(one.kept);
    if (!one.product.empty() && !one.segment.empty()) keeping.segments_[one.segment][one.product].Add(one.kept);
    if (one.delivered_share.has_value()) keeping.shares_.push_back(*one.delivered_share);
  }
  std::sort(keeping.shares_.begin(), keeping.shares_.end());
  keeping.leads_ = LeadsOfAll({past.begin(), past.end()});
  for (const WaitingWork& one : waiting) keeping.work_[one.rep].push_back(one);
  for (auto& [rep, work] : keeping.work_) std::sort(work.begin(), work.end(), EarlierDue);
  std::vector<stats::GroupCount> groups;
  for (const auto& [rep, count] : keeping.reps_) groups.push_back({static_cast<double>(count.kept), static_cast<double>(count.settled)});
  const absl::StatusOr<stats::BetaBinomial> shares = stats::BetaBinomial::Fit(groups);
  if (!shares.ok()) return keeping;   // nobody settled anything
  const stats::ShareBelief prior = shares->Of({0, 0});
  keeping.prior_kept_ = prior.alpha;
  keeping.prior_broken_ = prior.beta;
  return keeping;
}

Json PromiseKeeping::ToJson() const {
  Json::Object segments, leads, work;
  for (const auto& [segment, counts] : segments_) segments.emplace(segment, CountsToJson(counts));
  for (const auto& [product, days] : leads_) leads.emplace(product.text(), NumbersToJson(days));
  for (const auto& [rep, waiting] : work_) work.emplace(rep.text(), WorkToJson(waiting));
  return Json::Object{{"model", kPromiseKeeping},
                      {"prior", Json::Object{{"kept", prior_kept_}, {"broken", prior_broken_}}},
                      {"reps", CountsToJson(reps_)},
                      {"products", CountsToJson(products_)},
                      {"segments", std::move(segments)},
                      {"leads", std::move(leads)},
                      {"shares", NumbersToJson(shares_)},
                      {"work", std::move(work)}};
}

absl::StatusOr<PromiseKeeping> PromiseKeeping::FromJson(const Json& fitted) {
  JsonReader in(fitted, "fitted", "expectation");
  PromiseKeeping keeping;
  RAPPORT_ASSIGN_OR_RETURN(const std::string model, in.String("model"));
  if (model != kPromiseKeeping) return InvalidField("model", model, kPromiseKeeping);
  RAPPORT_ASSIGN_OR_RETURN(const Json* prior_json, in.Any("prior"));
  JsonReader prior(*prior_json, "fitted.prior", "expectation");
  RAPPORT_ASSIGN_OR_RETURN(keeping.prior_kept_, prior.Number("kept"));
  RAPPORT_ASSIGN_OR_RETURN(keeping.prior_broken_, prior.Number("broken"));
  RAPPORT_RETURN_IF_ERROR(prior.Finish());
  if (!(keeping.prior_kept_ > 0) || !(keeping.prior_broken_ > 0)) return InvalidField("prior", prior_json->Canonical(), "two numbers above 0");
  RAPPORT_ASSIGN_OR_RETURN(const Json* reps, in.Any("reps"));
  RAPPORT_ASSIGN_OR_RETURN(keeping.reps_, CountsFromJson<RepId>(*reps, "reps"));
  RAPPORT_ASSIGN_OR_RETURN(const Json* products, in.Any("products"));
  RAPPORT_ASSIGN_OR_RETURN(keeping.products_, CountsFromJson<ProductId>(*products, "products"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* segments, in.Object("segments"));
  for (const auto& [segment, counts] : *segments) {
    RAPPORT_ASSIGN_OR_RETURN(keeping.segments_[segment], CountsFromJson<ProductId>(counts, absl::StrCat("segments.", segment)));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* leads, in.Object("leads"));
  for (const auto& [product, days] : *leads) {
    RAPPORT_ASSIGN_OR_RETURN(keeping.leads_[ProductId::Trusted(product)], NumbersFromJson(days, absl::StrCat("leads.", product)));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Json* shares, in.Any("shares"));
  RAPPORT_ASSIGN_OR_RETURN(keeping.shares_, NumbersFromJson(*shares, "shares"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* work, in.Object("work"));
  for (const auto& [rep, list] : *work) {
    if (list.if_array() == nullptr) return InvalidField(absl::StrCat("work.", rep), list.KindName(), "an array");
    for (const Json& one : *list.if_array()) {
      RAPPORT_ASSIGN_OR_RETURN(WaitingWork waiting, WorkFromJson(one, RepId::Trusted(rep), absl::StrCat("work.", rep)));
      keeping.work_[waiting.rep].push_back(std::move(waiting));
    }
  }
  for (auto& [rep, waiting] : keeping.work_) std::sort(waiting.begin(), waiting.end(), EarlierDue);
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return keeping;
}

double PromiseKeeping::Shrunk(const SettledCount& count) const {
  return (prior_kept_ + static_cast<double>(count.kept)) / (prior_kept_ + prior_broken_ + static_cast<double>(count.settled));
}

double PromiseKeeping::ShareOf(const RepId& rep, const ProductId& product) const {
  double odds = LogOdds(Mean());
  if (const auto of = reps_.find(rep); of != reps_.end()) odds += LogOdds(Shrunk(of->second)) - LogOdds(Mean());
  if (const auto of = products_.find(product); of != products_.end()) odds += LogOdds(Shrunk(of->second)) - LogOdds(Mean());
  return FromLogOdds(odds);
}

SettledCount PromiseKeeping::CountIn(const std::string& segment, const ProductId& product) const {
  const auto in = segments_.find(segment);
  if (in == segments_.end()) return {};
  const auto of = in->second.find(product);
  return of == in->second.end() ? SettledCount() : of->second;
}

double PromiseKeeping::ShareIn(const std::string& segment, const ProductId& product) const { return Shrunk(CountIn(segment, product)); }

const std::vector<double>& PromiseKeeping::LeadsFor(const ProductId& product) const {
  static const std::vector<double> none;
  const auto own = leads_.find(product);
  return own == leads_.end() || own->second.size() < kFewestLeads ? none : own->second;
}

std::optional<std::int64_t> PromiseKeeping::FreeUntil(Day day, const AskedPromise& asked, const PromiseCalendar& calendar) const {
  if (!calendar.minutes.has_value()) return std::nullopt;
  std::int64_t free = 0;
  for (Day at = calendar.today; at <= day; at = at + 1) free += calendar.WorksOn(at) ? *calendar.minutes : 0;
  const auto waiting = work_.find(asked.rep);
  if (waiting == work_.end()) return free;
  const std::int64_t own = asked.work_minutes.value_or(0);
  for (const WaitingWork& one : waiting->second) {
    if (one.due > day || one.promise == asked.promise) continue;
    // What is not promised yet comes after what is.
    const bool goes_first = one.due < day || asked.promise.empty() || std::tie(one.minutes, one.promise) < std::tie(own, asked.promise);
    if (goes_first) free -= one.minutes;
  }
  return std::max<std::int64_t>(free, 0);
}

double PromiseKeeping::HistoryOf(const AskedPromise& asked, Day due, Day today) const {
  const double share = ShareOf(asked.rep, asked.product);
  const std::vector<double>& leads = LeadsFor(asked.product);
  const auto allowed = static_cast<double>(asked.elapsed_days + (due - today));
  // What took no longer than this one has taken already says nothing of it.
  const auto longer = std::upper_bound(leads.begin(), leads.end(), static_cast<double>(asked.elapsed_days) - 0.5);
  const auto within = std::upper_bound(longer, leads.end(), allowed);
  return (static_cast<double>(within - longer) + kWeightOfShare * share) / (static_cast<double>(leads.end() - longer) + kWeightOfShare);
}

double PromiseKeeping::ChanceOf(const AskedPromise& asked, Day due, const PromiseCalendar& calendar) const {
  if (due < calendar.today) return 0;
  if (asked.ready) return 1;
  const double history = HistoryOf(asked, due, calendar.today);
  if (!asked.work_minutes.has_value() || *asked.work_minutes <= 0) return history;
  const std::optional<std::int64_t> free = FreeUntil(due, asked, calendar);
  if (!free.has_value()) return history;
  return history * std::min(1.0, static_cast<double>(*free) / static_cast<double>(*asked.work_minutes));
}

std::optional<Day> PromiseKeeping::DayFor(const AskedPromise& asked, double confidence, Day from, const PromiseCalendar& calendar) const {
  const Day first = std::max(from, calendar.today);
  for (Day day = first; day - first <= kMostDaysAhead; day = day + 1) {
    if (calendar.WorksOn(day) && ChanceOf(asked, day, calendar) >= confidence) return day;
  }
  return std::nullopt;
}

// Distribution-free: of n past shares the k-th smallest, k = floor((n + 1) (1 - confidence)), is reached at least so often (Wilks 1941).
double PromiseKeeping::QuantityFor(double asked, double confidence) const {
  const auto k = static_cast<std::size_t>(std::floor(static_cast<double>(shares_.size() + 1) * (1 - confidence) + 1e-9));
  const double share = k == 0 ? 1 : std::min(shares_[std::min(k, shares_.size()) - 1], 1.0);
  const double most = asked * share;
  return asked == std::trunc(asked) ? std::floor(most + 1e-9) : most;
}

}  // namespace rapport
