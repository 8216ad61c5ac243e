#include "signals/purchase_rows.hpp"

namespace rapport {
namespace {

const std::vector<PurchaseRecord>& Purchases(const SignalInput& in) { return in.account->purchases; }

// Without its cancellation a purchase would count.
SignalValue WithCancelled(const SignalInput& in, SignalValue out) {
  return WithClosings(in, std::move(out), in.account->cancelled_purchases, [](const PurchaseRecord& purchase) { return purchase.cancelled_by; });
}

SignalValue PurchaseCount(const SignalInput& in) {
  const auto placed = [&](const PurchaseRecord& purchase) { return purchase.placed <= in.as_of; };
  const auto count = std::count_if(Purchases(in).begin(), Purchases(in).end(), placed);
  return WithCancelled(in, MadeByThose(in, Count(static_cast<std::size_t>(count)), Purchases(in), placed));
}

SignalValue FirstAt(const SignalInput& in) {
  if (Purchases(in).empty()) return {};
  return WithCancelled(in, MadeBy(in, Purchases(in).front().placed, Purchases(in).front().key));
}

SignalValue LastAt(const SignalInput& in) {
  if (Purchases(in).empty()) return {};
  return WithCancelled(in, MadeBy(in, Purchases(in).back().placed, Purchases(in).back().key));
}

SignalValue LastDeliveredAt(const SignalInput& in) {
  const PurchaseRecord* last = LastDelivered(in);
  if (last == nullptr) return {};
  SignalValue out = MadeBy(in, *last->delivered, last->delivered_by);
  CiteDelivery(in, *last, out);
  return out;
}

SignalValue PurchaseDaysSince(const SignalInput& in) {
  if (Purchases(in).empty()) return {};
  return WithCancelled(in, MadeBy(in, DaysSince(in, Purchases(in).back().placed), Purchases(in).back().key));
}

// The median of an even number of intervals is the mean of the two in the middle.
std::optional<double> MedianInterval(const SignalInput& in) {
  if (Purchases(in).size() < 3) return std::nullopt;
  const std::vector<Day> days = PurchaseDays(in);
  if (days.size() < 3) return std::nullopt;
  std::vector<std::int64_t> intervals;
  intervals.reserve(days.size() - 1);
  for (std::size_t i = 1; i < days.size(); ++i) intervals.push_back(DaysFrom(days[i - 1], days[i]));
  std::sort(intervals.begin(), intervals.end());
  const std::size_t middle = intervals.size() / 2;
  const auto upper = static_cast<double>(intervals[middle]);
  return intervals.size() % 2 == 1 ? upper : (static_cast<double>(intervals[middle - 1]) + upper) / 2;
}

SignalValue RhythmDays(const SignalInput& in) {
  const std::optional<double> rhythm = MedianInterval(in);
  if (!rhythm.has_value()) return {};
  return WithCancelled(in, MadeByAll(in, Number(*rhythm), Purchases(in)));
}

SignalValue SilenceRatio(const SignalInput& in) {
  const std::optional<double> rhythm = MedianInterval(in);
  if (!rhythm.has_value()) return {};
  const Cell days = DaysSince(in, Purchases(in).back().placed);
  const auto* silent = std::get_if<std::int64_t>(&days);
  if (silent == nullptr) return {};
  return WithCancelled(in, MadeByAll(in, Number(static_cast<double>(*silent) / *rhythm), Purchases(in)));
}

const std::vector<EventKey>& ReturnsOf(const PurchaseRecord& purchase) { return purchase.returns; }

// That something was delivered, and not given back.
SignalValue WithDeliveries(const SignalInput& in, SignalValue out) {
  out = WithClosings(in, std::move(out), Purchases(in), [](const PurchaseRecord& purchase) { return purchase.delivered_by; });
  return WithCancelled(in, WithChanges(in, std::move(out), Purchases(in), ReturnsOf));
}

// The evidence of a sum of money: the purchases and returns; its cause: the last of them.
SignalValue MadeByTrade(const SignalInput& in, Cell value) {
  SignalValue out = WithCancelled(in, WithChanges(in, MadeByAll(in, std::move(value), Purchases(in)), Purchases(in), ReturnsOf));
  if (!in.explain) return out;
  NewestEvent newest;
  for (const PurchaseRecord& purchase : Purchases(in)) {
    newest.See(purchase.placed, purchase.key);
    if (purchase.returned.has_value()) newest.See(*purchase.returned, purchase.returned_by);
  }
  out.armed_by = newest.key();
  return out;
}

SignalValue Revenue(const SignalInput& in) {
  ReportingSum sum(in);
  for (const PurchaseRecord& purchase : Purchases(in)) {
    if (!purchase.amount.has_value()) continue;
    sum.Add(*purchase.amount, purchase.placed);
    if (purchase.returned_whole) sum.Subtract(*purchase.amount, purchase.placed);
    else if (purchase.returned_amount.has_value()) sum.Subtract(*purchase.returned_amount, purchase.placed);
  }
  return MadeByTrade(in, sum.Value(Purchases(in).empty()));
}

// Of the purchases as they were placed: what came back later says nothing about the size of the next one.
SignalValue MeanAmount(const SignalInput& in) {
  ReportingSum sum(in);
  std::size_t counted = 0;
  const auto has_amount = [](const PurchaseRecord& purchase) { return purchase.amount.has_value(); };
  for (const PurchaseRecord& purchase : Purchases(in)) {
    if (!has_amount(purchase)) continue;
    sum.Add(*purchase.amount, purchase.placed);
    ++counted;
  }
  const Cell total = sum.Value(false);
  const auto* major = std::get_if<double>(&total);
  if (major == nullptr) return {};
  return WithCancelled(in, MadeByThose(in, Number(*major / static_cast<double>(counted)), Purchases(in), has_amount));
}

// What was kept of a purchase, 0 to 1; nothing named as returned means all.
double KeptShare(const PurchaseRecord& purchase) {
  if (purchase.returned_whole) return 0;
  if (!purchase.amount.has_value() || !purchase.returned_amount.has_value() || purchase.amount->minor() <= 0) return 1;
  if (purchase.amount->currency() != purchase.returned_amount->currency()) return 1;
  const double returned = purchase.returned_amount->ToMajor() / purchase.amount->ToMajor();
  return std::clamp(1 - returned, 0.0, 1.0);
}

struct MarginSum {
  double major = 0;
  bool counted = false;
  bool foreign = false;  // an amount in another currency than the reporting one, without a rate
};

void AddMargin(const SignalInput& in, const PurchaseRecord& purchase, MarginSum& sum) {
  const BookContext& book = *in.context->book;
  const double kept = KeptShare(purchase);
  for (const PurchaseLine& line : purchase.lines) {
    std::optional<Money> margin = line.margin;
    double pieces = 1;
    if (!margin.has_value() && line.product.has_value()) {
      const auto product = book.products.find(*line.product);
      if (product != book.products.end()) margin = product->second.margin;
      pieces = line.quantity.value_or(1);
    }
    if (!margin.has_value()) continue;
    sum.counted = true;
    const absl::StatusOr<Money> reported = book.InReporting(*margin, purchase.placed);
    sum.foreign = sum.foreign || !reported.ok();
    if (reported.ok()) sum.major += reported->ToMajor() * pieces * kept;
  }
}

SignalValue Margin(const SignalInput& in) {
  if (!in.context->book->reporting_currency.has_value()) return {};
  MarginSum sum;
  for (const PurchaseRecord& purchase : Purchases(in)) AddMargin(in, purchase, sum);
  const bool known = !sum.foreign && (sum.counted || Purchases(in).empty());
  return MadeByTrade(in, known ? Number(sum.major) : Cell());
}

// The last day on which a delivered purchase may be given back: the longest window of its products counts.
std::optional<Day> WindowEnd(const SignalInput& in, const PurchaseRecord& purchase) {
  if (!purchase.delivered.has_value() || purchase.returned_whole) return std::nullopt;
  const auto& products = in.context->book->products;
  std::optional<std::int64_t> days;
  for (const PurchaseLine& line : purchase.lines) {
    if (!line.product.has_value()) continue;
    const auto product = products.find(*line.product);
    if (product == products.end() || !product->second.return_days.has_value()) continue;
    days = std::max(days.value_or(0), *product->second.return_days);
  }
  if (!days.has_value()) return std::nullopt;
  return DayOf(in, *purchase.delivered) + *days;
}

struct Window {
  const PurchaseRecord* purchase = nullptr;
  Day ends;
};

bool IsOpenToday(const SignalInput& in, const PurchaseRecord& purchase, Day ends) {
  return in.today <= ends && DayOf(in, *purchase.delivered) <= in.today;
}

// The window of the latest delivery that has one, while it is open.
std::optional<Window> LastWindow(const SignalInput& in) {
  std::optional<Window> last;
  for (const PurchaseRecord& purchase : Purchases(in)) {
    const std::optional<Day> ends = WindowEnd(in, purchase);
    if (!ends.has_value()) continue;
    if (!last.has_value() || *purchase.delivered >= *last->purchase->delivered) last = Window{&purchase, *ends};
  }
  if (last.has_value() && !IsOpenToday(in, *last->purchase, last->ends)) return std::nullopt;
  return last;
}

SignalValue MadeByWindow(const SignalInput& in, Cell value, const Window& window) {
  SignalValue out = MadeBy(in, std::move(value), window.purchase->delivered_by);
  if (in.explain) out.evidence.insert(out.evidence.begin(), window.purchase->key);
  return out;
}

SignalValue ReturnWindowEnds(const SignalInput& in) {
  const std::optional<Window> window = LastWindow(in);
  return WithDeliveries(in, window.has_value() ? MadeByWindow(in, window->ends, *window) : SignalValue());
}

SignalValue ReturnDaysLeft(const SignalInput& in) {
  const std::optional<Window> window = LastWindow(in);
  return WithDeliveries(in, window.has_value() ? MadeByWindow(in, DaysFrom(in.today, window->ends), *window) : SignalValue());
}

SignalValue ValueAtRisk(const SignalInput& in) {
  const auto at_risk = [&](const PurchaseRecord& purchase) {
    const std::optional<Day> ends = WindowEnd(in, purchase);
    return ends.has_value() && IsOpenToday(in, purchase, *ends);
  };
  ReportingSum sum(in);
  bool any = false;
  for (const PurchaseRecord& purchase : Purchases(in)) {
    if (!at_risk(purchase)) continue;
    any = true;
    if (!purchase.amount.has_value()) continue;
    sum.Add(*purchase.amount, purchase.placed);
    if (purchase.returned_amount.has_value()) sum.Subtract(*purchase.returned_amount, purchase.placed);
  }
  return WithDeliveries(in, MadeByThose(in, sum.Value(!any), Purchases(in), at_risk));
}

SignalValue FirstAmount(const SignalInput& in) {
  if (Purchases(in).empty() || !Purchases(in).front().amount.has_value()) return {};
  ReportingSum sum(in);
  sum.Add(*Purchases(in).front().amount, Purchases(in).front().placed);
  return WithCancelled(in, MadeBy(in, sum.Value(false), Purchases(in).front().key));
}

// The day after the next one on which something may be given back for the last time.
std::optional<Day> NextWindowClosed(const SignalInput& in) {
  std::optional<Day> next;
  for (const PurchaseRecord& purchase : Purchases(in)) {
    const std::optional<Day> ends = WindowEnd(in, purchase);
    if (ends.has_value() && *ends >= in.today) next = std::min(next.value_or(*ends + 1), *ends + 1);
  }
  return next;
}

const SignalColumn kColumns[] = {
    {"purchase.first_amount", ColumnType::kNumber, kReportingCurrency, "The amount of the first purchase.", Motion::kConstant, 0, FirstAmount},
    {"purchase.count", ColumnType::kInteger, kNoUnit, "Purchases placed, two on one day as two.", Motion::kConstant, 0,
     PurchaseCount},
    {"purchase.first_at", ColumnType::kInstant, kNoUnit, "When the first purchase was placed.", Motion::kConstant, 0,
     FirstAt},
    {"purchase.last_at", ColumnType::kInstant, kNoUnit, "When the last purchase was placed.", Motion::kConstant, 0,
     LastAt},
    {"purchase.last_delivered_at", ColumnType::kInstant, kNoUnit, "When a purchase was last delivered.",
     Motion::kConstant, 0, LastDeliveredAt},
    {"purchase.days_since", ColumnType::kInteger, kDays, "Local days since the last purchase.",
     Motion::kClockLinear, 1, PurchaseDaysSince},
    {"purchase.rhythm_days", ColumnType::kNumber, kDays,
     "The customer's own rhythm: the median number of days between purchase days; missing below three such days.",
     Motion::kConstant, 0, RhythmDays},
    {"purchase.silence_ratio", ColumnType::kNumber, kNoUnit,
     "Days since the last purchase over the customer's own rhythm.", Motion::kClockLinear, 0, SilenceRatio},
    {"purchase.revenue", ColumnType::kNumber, kReportingCurrency,
     "Amounts of all purchases less what was returned; missing where one is in another currency without a rate.", Motion::kConstant, 0,
     Revenue},
    {"purchase.mean_amount", ColumnType::kNumber, kReportingCurrency,
     "The mean amount of the purchases that have one, as placed; missing where a currency has no rate.",
     Motion::kConstant, 0, MeanAmount},
    // A line's own margin, else its product's times the quantity, each in proportion to what was kept of the purchase.
    {"purchase.margin", ColumnType::kNumber, kReportingCurrency,
     "Margins of all purchases as far as they were kept; missing where one is in a currency without a rate.",
     Motion::kConstant, 0, Margin},
    {"purchase.return_window_ends", ColumnType::kDay, kNoUnit,
     "The last day on which the latest delivery may be given back; missing once it has passed or was given back.",
     Motion::kPolled, 0, ReturnWindowEnds, {}, NextWindowClosed},
    {"purchase.return_days_left", ColumnType::kInteger, kDays,
     "Local days until the latest delivery may no longer be given back, 0 on the last day.", Motion::kClockLinear, -1,
     ReturnDaysLeft, {}, NextWindowClosed},
    {"purchase.value_at_risk", ColumnType::kNumber, kReportingCurrency,
     "Amounts of purchases that may still be given back, less what was; missing where a currency has no rate.",
     Motion::kPolled, 0, ValueAtRisk, {}, NextWindowClosed},
};

}  // namespace

std::vector<Day> PurchaseDays(const SignalInput& in) {
  std::vector<Day> days;
  days.reserve(Purchases(in).size());
  for (const PurchaseRecord& purchase : Purchases(in)) days.push_back(DayOf(in, purchase.placed));
  // Sorted by instant they are sorted by day, unless clocks went back over a midnight in between.
  if (!std::is_sorted(days.begin(), days.end())) std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

std::span<const SignalColumn> PurchaseSignals() { return kColumns; }

}  // namespace rapport
