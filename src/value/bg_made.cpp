// How members of the BG family are made: from parameters, from customers, from their JSON.
#include <utility>

#include "rapport/core/status.hpp"
#include "rapport/value/bg_family.hpp"
#include "value/bg_fit.hpp"
#include "value/history_rows.hpp"
#include "value/model_json.hpp"

namespace rapport {
namespace {

constexpr std::string_view kNames[] = {"r", "alpha", "a", "b", "k"};
constexpr std::size_t kPhases = 4;   // place of k, of members for regular buyers

std::span<const std::string_view> NamesOf(const BgKind& kind) { return std::span(kNames).first(kind.regular ? kPhases + 1 : kPhases); }

std::span<const std::string_view> ProcessesOf(const BgKind& kind) { return std::span(kBgProcesses).first(kind.regular ? 0 : std::size(kBgProcesses)); }

}  // namespace

BgFamily::BgFamily(const BgKind& kind, Made made) : kind_(kind), terms_(made.terms) {
  effects_ = std::move(made.effects);
  report_ = std::move(made.report);
}

std::vector<stats::NamedNumber> BgFamily::parameters() const {
  const double values[] = {terms_.r, terms_.alpha, terms_.a, terms_.b, static_cast<double>(terms_.k)};
  std::vector<stats::NamedNumber> all;
  for (const std::string_view name : NamesOf(kind_)) all.push_back({std::string(name), values[all.size()]});
  return all;
}

std::span<const std::string_view> BgFamily::processes() const { return ProcessesOf(kind_); }

absl::StatusOr<BgFamily::Made> BgFamily::Checked(const Terms& terms) {
  RAPPORT_RETURN_IF_ERROR(CheckPhases(terms.k));
  const stats::NamedNumber named[] = {{"r", terms.r}, {"alpha", terms.alpha}, {"a", terms.a}, {"b", terms.b}};
  RAPPORT_RETURN_IF_ERROR(CheckParameters(named));
  return Made{terms};
}

absl::StatusOr<BgFamily::Made> BgFamily::Fitted(const BgKind& kind, const Histories& rows, std::span<const double> weights) {
  RAPPORT_RETURN_IF_ERROR(CheckBgRows(rows, weights));
  RAPPORT_ASSIGN_OR_RETURN(FittedModel found, FitBg(rows, weights, {1, kind.stops_at_first}));
  const std::vector<double>& p = found.params;
  return Made{{p[0], p[1], p[2], p[3]}, std::move(found.effects), std::move(found.report)};
}

absl::StatusOr<BgFamily::Made> BgFamily::FittedRegular(const BgKind& kind, const Histories& rows, std::span<const double> weights,
                                                       std::span<const double> log_gaps, std::optional<int> k) {
  RAPPORT_ASSIGN_OR_RETURN(BgRegularFit found, FitRegularBg(rows, weights, log_gaps, k, kind.stops_at_first));
  const std::vector<double>& p = found.fit.params;
  return Made{{p[0], p[1], p[2], p[3], found.k}, {}, std::move(found.fit.report)};
}

absl::StatusOr<BgFamily::Made> BgFamily::Read(const BgKind& kind, const Json& json) {
  RAPPORT_ASSIGN_OR_RETURN(ModelJson read, ReadModelJson(json, kind.name, NamesOf(kind), ProcessesOf(kind)));
  const std::vector<double>& p = read.params;
  Terms terms{p[0], p[1], p[2], p[3]};
  if (kind.regular) {
    RAPPORT_ASSIGN_OR_RETURN(terms.k, PhasesOf(p[kPhases]));
  }
  RAPPORT_ASSIGN_OR_RETURN(Made made, Checked(terms));
  made.effects = std::move(read.effects);
  made.report = std::move(read.report);
  return made;
}

}  // namespace rapport
