#include "rapport/relationship/touch_sums.hpp"

#include <algorithm>

#include "rapport/stats/special.hpp"

namespace rapport {
namespace {

constexpr double kLongRun = 4;   // half lives of the short run in one of the long
// Two moments so far apart lie on different local days, whatever clocks are changed.
constexpr std::int64_t kSurelyAnotherDay = 49LL * 3'600'000'000;

// The distinct local days of moments that come in order, with few questions to the zone.
class DistinctDays {
 public:
  explicit DistinctDays(const Zone& zone) : zone_(zone) {}
  void See(Instant at) {
    const bool another = !last_.has_value() || at.micros() - last_->micros() > kSurelyAnotherDay || zone_.LocalDay(*last_) != zone_.LocalDay(at);
    if (another) ++count_;
    last_ = at;
  }
  std::int64_t count() const { return count_; }

 private:
  const Zone& zone_;
  std::optional<Instant> last_;
  std::int64_t count_ = 0;
};

// The mean weight a day over the last while of a sum that decays.
double Density(double sum, double half_life, double days) { return sum / (half_life * (1 - DecayOver(days, half_life))); }

class Adding {
 public:
  Adding(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of)
      : account_(account), terms_(terms), zone_(zone), as_of_(as_of), today_(zone.StartOf(zone.LocalDay(as_of))), days_(zone), sums_(terms.half_life_days()) {}

  TouchSums Make() {
    const auto after = std::upper_bound(account_.touches.begin(), account_.touches.end(), as_of_, [](Instant at, const TouchRecord& record) { return at < record.at; });
    if (after != account_.touches.begin()) anchor_ = std::prev(after)->at;
    for (const TouchRecord& record : account_.touches) See(record);
    sums_.care_days = days_.count();
    if (all_ > 0) sums_.both_sides_share = began_ / all_;
    const double half_life = terms_.half_life_days();
    sums_.sum = DecayingSum(half_life, anchor_, now_);
    sums_.trust = DecayingSum(half_life, anchor_, before_today_).At(today_) + of_today_;
    if (first_.has_value()) MakeTrend(half_life);
    return sums_;
  }

 private:
  void See(const TouchRecord& record) {
    const TouchReach reach = ReachOf(record.touch);
    if (reach == TouchReach::kNone) return;
    const bool is_care = IsCare(PurposeOf(record.touch));
    const bool has_happened = record.at <= as_of_;
    if (IsContact(reach)) {
      if (has_happened) ++sums_.contacts;
      if (is_care) {
        sums_.last_care = &record;
        sums_.sold_since_care = 0;
        if (has_happened && reach == TouchReach::kReached) days_.See(record.at);
      } else if (IsSale(record.touch)) {
        ++sums_.sold_since_care;
      }
    }
    if (!has_happened) return;
    Count(record, terms_.OneWayWeightOf(record.touch, reach));
  }

  void Count(const TouchRecord& record, double weight) {
    if (weight == 0) return;
    const bool inbound = record.touch.direction == Direction::kInbound;
    const double slow = DecayOver(DaysBetween(record.at, anchor_), kLongRun * terms_.half_life_days());
    const double decay = slow * slow * slow * slow;
    all_ += weight * decay;
    if (inbound) began_ += weight * decay;
    if (inbound) weight *= terms_.inbound();
    if (weight == 0) return;
    now_ += weight * decay;
    long_run_ += weight * slow;
    (record.at > today_ ? of_today_ : before_today_) += record.at > today_ ? weight : weight * decay;
    if (!first_.has_value()) first_ = record.at;
    sums_.last_counted = &record;
  }

  void MakeTrend(double half_life) {
    const Instant at = std::max(today_, anchor_);
    const double days = std::max(1.0, DaysBetween(*first_, at));
    const double recent = Density(sums_.sum.At(at), half_life, days);
    const double usual = Density(DecayingSum(kLongRun * half_life, anchor_, long_run_).At(at), kLongRun * half_life, days);
    if (recent + usual > 0) sums_.trend = (recent - usual) / (recent + usual);
  }

  const Account& account_;
  const RelationshipTerms& terms_;
  const Zone& zone_;
  Instant as_of_, today_;
  Instant anchor_;   // of the last touch up to as_of: what decays is told for that moment, so that nothing grows beyond what was added
  DistinctDays days_;
  TouchSums sums_;
  double all_ = 0, began_ = 0, now_ = 0, long_run_ = 0, before_today_ = 0, of_today_ = 0;
  std::optional<Instant> first_;
};

}  // namespace

TouchSums TouchSumsOf(const Account& account, const RelationshipTerms& terms, const Zone& zone, Instant as_of) { return Adding(account, terms, zone, as_of).Make(); }

}  // namespace rapport
