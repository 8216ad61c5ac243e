// Floor 3. Whether a promise will be kept: from what was kept before, from how long such things took, and from whether the work still fits.
//
//   PromiseKeeping keeping = PromiseKeeping::Of(past, waiting);        // recorded as model.fitted "promise_keeping"
//   keeping.ChanceOf(asked, due, calendar);                            // 0 to 1
//   keeping.DayFor(asked, 0.9, due, calendar);                         // the first day that holds nine times in ten
//
// The chance is history x fit.
//   history  Of the promises that took longer than this one has taken already, the share that was fulfilled within its days, moved towards
//            the kept share of this rep and product as if by two promises more: (n_in + 2 s) / (n_longer + 2). The promises are those about
//            the same product, or those about none; where fewer than five of them were fulfilled it is s alone. s adds up what the rep and the product each differ from all, on the scale of log odds; each is
//            moved towards all by the beta distribution of kept shares (stats/beta_binomial.hpp), so that two promises prove nothing.
//   fit      The minutes that are free until the day, over the minutes of work that are left, at most 1. Free is what the rep has for
//            promised work on his working days (rep.upserted work_minutes) from today to the day, less the work of his other promises that
//            fall due before, and of those of the same day that are less work: so most are kept (the shortest first, Smith 1956). Without work_minutes of either nothing is known against it, and the fit is 1.
// What stands ready whole is kept, whatever the past says.
//
// The load of a rep concerns many accounts, so it is that of the moment of the fit: fit as often as the day is planned.
// A value type; any number of threads may read one.
#ifndef RAPPORT_EXPECTATION_KEEPING_HPP_
#define RAPPORT_EXPECTATION_KEEPING_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/time.hpp"
#include "rapport/core/working_calendar.hpp"

namespace rapport {

inline constexpr std::string_view kPromiseKeeping = "promise_keeping";

// A word of ours that is settled, kept or broken.
struct PastPromise {
  RepId rep;                                 // empty: nobody said
  ProductId product;                         // likewise
  std::string segment;                       // of the customer; may be empty
  bool kept = false;
  std::optional<double> lead_days;           // from its making to its fulfilment, in local days; none: never fulfilled
  std::optional<double> delivered_share;     // of the promised quantity, in the end; none: without a quantity, or nothing came
  Instant settled;                           // when that was known
};

// Promised work that waits at the moment of the fit.
struct WaitingWork {
  RepId rep;
  std::string promise;                       // its event, "source id": what is asked about does not wait for itself
  Day due;
  std::int64_t minutes = 0;
};

// Kept of settled.
struct SettledCount {
  std::int64_t kept = 0;
  std::int64_t settled = 0;
  void Add(bool was_kept) { kept += was_kept ? 1 : 0, ++settled; }
  friend bool operator==(const SettledCount&, const SettledCount&) = default;
};

// When the rep works on promises; `minutes` of each working day.
struct PromiseCalendar {
  const WorkingWeek* week = nullptr;
  const std::set<Day>* absences = nullptr;   // null: none
  std::optional<std::int64_t> minutes;       // none: nobody said, and whatever it is fits
  Day today;
  bool WorksOn(Day day) const { return week->WorksOn(day) && (absences == nullptr || !absences->contains(day)); }
};

// The promise that is asked about.
struct AskedPromise {
  RepId rep;
  ProductId product;
  std::string promise;                       // as in WaitingWork; empty: not made yet
  std::int64_t elapsed_days = 0;             // since it was made
  std::optional<std::int64_t> work_minutes;  // left
  bool ready = false;                        // all of it
};

class PromiseKeeping {
 public:
  // Newest lead times that are kept of each product, and of promises that name none; fewer than the fewest say nothing.
  static constexpr std::size_t kMostLeads = 200;
  static constexpr std::size_t kFewestLeads = 5;

  PromiseKeeping() = default;
  // In any order. O((past + waiting) log past).
  static PromiseKeeping Of(std::span<const PastPromise> past, std::span<const WaitingWork> waiting);
  // {"model": "promise_keeping", "prior": {"kept", "broken"}, "reps": {"r-1": [kept, settled]}, "products", "segments": {segment: {product: ...}},
  // "leads": {"": [...], product: [...]}, "shares": [...], "work": {rep: [{"promise", "due", "minutes"}]}}. `expectation.invalid_model` names the field.
  static absl::StatusOr<PromiseKeeping> FromJson(const Json& fitted);
  Json ToJson() const;

  // The kept share to expect of a rep for a product, and of a product in a segment: from 0 to 1, both excluded.
  double ShareOf(const RepId& rep, const ProductId& product) const;
  double ShareIn(const std::string& segment, const ProductId& product) const;
  // Promises that are settled, of a product in a segment.
  SettledCount CountIn(const std::string& segment, const ProductId& product) const;

  // The minutes that stay free for it until the end of the day; none where the rep's minutes are not known. O(days + waiting of the rep).
  std::optional<std::int64_t> FreeUntil(Day day, const AskedPromise& asked, const PromiseCalendar& calendar) const;
  // That it is kept if its day is `due`: from 0 to 1. A day that has passed: 0.
  double ChanceOf(const AskedPromise& asked, Day due, const PromiseCalendar& calendar) const;
  // The first working day of the rep, not before `from`, on which the chance is at least `confidence`; none within kMostDaysAhead.
  std::optional<Day> DayFor(const AskedPromise& asked, double confidence, Day from, const PromiseCalendar& calendar) const;
  static constexpr std::int64_t kMostDaysAhead = 366;
  // Of what is asked the most that was delivered in the end with at least this confidence, in whole units where it is whole; all of it where
  // fewer promises than the confidence needs had a quantity.
  double QuantityFor(double asked, double confidence) const;
  // How many lead times a word about this product rests on; 0 where there are too few.
  std::size_t LeadsOf(const ProductId& product) const { return LeadsFor(product).size(); }

 private:
  const std::vector<double>& LeadsFor(const ProductId& product) const;
  double Mean() const { return prior_kept_ / (prior_kept_ + prior_broken_); }
  double Shrunk(const SettledCount& count) const;
  double HistoryOf(const AskedPromise& asked, Day due, Day today) const;

  // A beta distribution of kept shares, before anything is known of one.
  double prior_kept_ = 1;
  double prior_broken_ = 1;
  std::map<RepId, SettledCount> reps_;
  std::map<ProductId, SettledCount> products_;
  std::map<std::string, std::map<ProductId, SettledCount>> segments_;
  std::map<ProductId, std::vector<double>> leads_;   // sorted; of the empty product those of promises without one
  std::vector<double> shares_;                       // sorted
  std::map<RepId, std::vector<WaitingWork>> work_;   // by due
};

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_KEEPING_HPP_
