// Floor 3. What BG/NBD, MBG/NBD and their forms for regular buyers share; users meet bg_nbd.hpp, mbg_nbd.hpp, bg_cnbd_k.hpp, mbg_cnbd_k.hpp.
//
// While active a customer buys at a rate lambda ~ Gamma(r, alpha); a gap between purchases is the sum of k exponential phases of that rate (k = 1: no
// memory). After a purchase the customer stops with chance p ~ Beta(a, b): after each repeat purchase (Fader, Hardie, Lee 2005), or after the
// first one too (Batislam, Denizel, Filiztekin 2007). With m the chances to stop that were not taken (x, or x + 1) and n = r + k x, an active customer at T
// has a rate ~ Gamma(n + j, alpha + T) in phase j of the running gap, and stops with a chance ~ Beta(a, b + m).
//
// Covariates (Fader and Hardie 2007, "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models") turn alpha into
// alpha e^(-transaction), a into a e^(dropout_a) and b into b e^(dropout_b), where each exponent is the sum of effect times column.
#ifndef RAPPORT_VALUE_BG_FAMILY_HPP_
#define RAPPORT_VALUE_BG_FAMILY_HPP_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/json.hpp"
#include "rapport/value/purchase_model.hpp"

namespace rapport {

struct ActiveBuyer;
struct RegularBuyer;

// Which member of the family.
struct BgKind {
  std::string_view name;
  bool stops_at_first = false;   // whether the first purchase, at time 0, may be the last
  bool regular = false;          // whether gaps have k phases, a parameter; such a model takes no covariates
};

// What covariates may move.
inline constexpr std::string_view kBgProcesses[] = {"transaction", "dropout_a", "dropout_b"};

class BgFamily : public PurchaseModel {
 public:
  std::string_view name() const final { return kind_.name; }
  std::vector<stats::NamedNumber> parameters() const final;

 protected:
  struct Terms {
    double r = 1, alpha = 1, a = 1, b = 1;
    int k = 1;
  };
  // What a member is made of: its parameters, and what a fit or its JSON knows besides.
  struct Made {
    Terms terms;
    std::vector<stats::NamedNumber> effects = {};
    std::optional<stats::FitReport> report = std::nullopt;
  };
  BgFamily(const BgKind& kind, Made made);
  // Behind Make, Fit and FromJson of the members; errors as those say.
  static absl::StatusOr<Made> Checked(const Terms& terms);
  static absl::StatusOr<Made> Fitted(const BgKind& kind, const Histories& rows, std::span<const double> weights);
  static absl::StatusOr<Made> FittedRegular(const BgKind& kind, const Histories& rows, std::span<const double> weights,
                                            std::span<const double> log_gaps, std::optional<int> k);
  static absl::StatusOr<Made> Read(const BgKind& kind, const Json& json);

  std::span<const std::string_view> processes() const final;
  double LogLikelihood(const History& of) const final;
  double LogAlive(const History& of) const final;
  double Alive(const History& of) const final;
  OfHistory LogStaysAlive(double ahead) const final;
  OfHistory ExpectedWhileAlive(double start, double horizon) const final;
  OfHistory LogCountWhileAlive(double n, double horizon) const final;
  OfHistory ResidualWhileAlive(double rate) const final;
  History Draw(const History& of, stats::Draws& draws) const final;

  BgKind kind_;
  Terms terms_;

 private:
  // The parameters of a customer with these covariates.
  Terms TermsOf(const History& of) const;
  // The odds of having stopped by T: once * e^power, once 0 where nobody can have.
  struct Odds {
    double once = 0, power = 0;
  };
  Odds OddsStopped(const Terms& p, const History& of) const;
  // What is known of one who is a customer at T.
  ActiveBuyer Active(const History& of) const;
  RegularBuyer Regular(const History& of) const;
  // Chances to stop that were not taken.
  double Stays(double x) const { return kind_.stops_at_first ? x + 1 : x; }
};

}  // namespace rapport

#endif  // RAPPORT_VALUE_BG_FAMILY_HPP_
