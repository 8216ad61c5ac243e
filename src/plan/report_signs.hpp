// Floor 6, inside. The six signs, each a number per report that is 0 where nothing is odd; report_trust.cpp weighs them.
#ifndef RAPPORT_SRC_PLAN_REPORT_SIGNS_HPP_
#define RAPPORT_SRC_PLAN_REPORT_SIGNS_HPP_

#include <cstdint>
#include <span>
#include <vector>

#include "rapport/plan/report_trust.hpp"
#include "rapport/stats/two_groups.hpp"

namespace rapport::report_signs {

// Reports by rep, then start, then id.
struct Ordered {
  std::vector<const WorkReport*> rows;
  std::vector<std::size_t> given;         // where each stood in the caller's rows
  std::vector<stats::OwnedRows> reps;
  const WorkReport& operator[](std::size_t i) const { return *rows[i]; }
  std::size_t size() const { return rows.size(); }
};
Ordered InOrder(std::span<const WorkReport> reports);

struct Sign {
  explicit Sign(std::size_t rows, TrustSign sign) : statistic(rows, 0.0), findings(rows) {
    for (TrustFinding& one : findings) one.sign = sign;
  }
  std::vector<double> statistic;
  std::vector<TrustFinding> findings;
};

Sign TravelSign(const Ordered& reports);
Sign BatchSign(const Ordered& reports);
Sign CopiedSign(const Ordered& reports);
Sign RoundSign(const Ordered& reports, const Zone& zone);
Sign EvenSign(const Ordered& reports);
// `usual`, as long as the reports: the share of other reps' reports of the same channel and answer that led to something; 0 where nobody says.
Sign NoOutcomeSign(const Ordered& reports, std::vector<double>& usual);

// From a's start to b's.
inline double MinutesBetween(Instant a, Instant b) { return static_cast<double>(b.micros() - a.micros()) / 60e6; }
inline bool IsCall(const WorkReport& report) { return report.channel == "call"; }

}  // namespace rapport::report_signs

#endif  // RAPPORT_SRC_PLAN_REPORT_SIGNS_HPP_
