// Floor 1. Two groups: which few of many rows are of another kind, when the many differ among each other by owner.
//
// A row has a statistic, large where it looks odd, and an owner (a rep, a machine). Nothing is assumed of the statistic's distribution:
//
//   rank p      the share of the other owners' rows whose statistic is at least this large, drawn up by one row more: (1 + share n) / (1 + n), n the
//               number of independent rows among them (below). Under exchangeable rows P(p <= u) <= u (conformal p-value, Vovk, Gammerman and
//               Shafer 2005; Bates, Candes, Lei, Romano and Sesia 2023)
//   odds        the likelihood ratio of "odd" to "like the others", by the calibrator kappa p^(kappa - 1): its mean under honesty is at most 1, so
//               P(odds >= t) <= 1 / t (an e-value: Vovk and Wang 2021; the bound is Markov's; the family is Sellke, Bayarri and Berger's 2001)
//   likeness    how much more alike two rows of one owner are than two rows of different owners: the intra-class correlation by one-way analysis of
//               variance (Fisher 1925; Donner 1986), without the owners that stand out most, drawn to a floor where owners are few
//   share       of an owner's rows that are odd: none with chance 1 - prior, else a share s on a grid, each equally likely, with likelihood
//               product of 1 - s + s odds (two groups, Efron 2001)
//   n rows of an owner count as n / (1 + (n - 1) likeness) independent ones (design effect, Kish 1965), so that a habit that others have too cannot
//   pile up, and the worst of twenty owners is the worst of twenty, not of thousands of rows
//
// Pure; any thread. The order of rows shows nowhere. Never NaN for finite statistics.
#ifndef RAPPORT_STATS_TWO_GROUPS_HPP_
#define RAPPORT_STATS_TWO_GROUPS_HPP_

#include <cstddef>
#include <span>
#include <vector>

namespace rapport::stats {

// Rows [first, first + rows) of one owner: rows of an owner stand together.
struct OwnedRows {
  std::size_t first = 0, rows = 0;
};

// The rank p of each row, in (0, 1]; 1 where its statistic is 0 or less, or nobody else has rows. `quiet` rows of nobody, all of statistic 0, stand
// beside the others': what is odd in itself stays odd among few. `likeness` in [0, 1]. O(rows log rows).
std::vector<double> RankAmongOthers(std::span<const double> statistic, std::span<const OwnedRows> owners, double quiet = 0, double likeness = 0);

// kappa p^(kappa - 1), at most `most`. 0 < kappa < 1.
double OddsOf(double p, double kappa, double most);

struct LikenessOptions {
  double left_out = 0.02;     // share of owners with the largest means, rounded up, taken out
  double floor = 0.01;        // the least, whatever is found
};
// In [floor, 1].
double LikenessOf(std::span<const double> values, std::span<const OwnedRows> owners, const LikenessOptions& options);

struct OwnerShare {
  double any = 0;             // chance that the owner has odd rows
  double share = 0;           // expected share of them
};
// `prior` in (0, 1). What it says of no rows is the prior.
OwnerShare ShareOf(std::span<const double> odds, double likeness, double prior);

}  // namespace rapport::stats

#endif  // RAPPORT_STATS_TWO_GROUPS_HPP_
