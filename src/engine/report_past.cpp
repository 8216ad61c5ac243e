#include "engine/report_past.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "rapport/ledger/codec.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kOrderDays = 30;

// What a customer's book shows that may have come of a report.
class Results {
 public:
  Results(const Account& account, const Zone& zone) : account_(account), zone_(zone) {
    for (const RefusalRecord& one : account.refusals) Add(one.refusal.rep, one.at);
    for (const WorryRecord& one : account.worries) Add(one.rep, one.raised);
    for (const PromiseRecord& one : account.promises) Add(one.rep, one.made);
    for (const PromiseRecord& one : account.withdrawn_promises) Add(one.rep, one.made);
    const Relations& relations = account.relations;
    for (const FactRecord& one : relations.facts) Add(one.rep, one.at);
    for (const NeedRecord& one : relations.needs) Add(one.rep, one.stated);
    for (const OpportunityRecord& one : relations.opportunities) Add(one.rep, one.opened);
    for (const CaseRecord& one : relations.cases) Add(one.rep, one.opened);
    for (const AppointmentRecord& one : relations.appointments) Add(one.rep, one.made);
    for (const auto& one : relations.feedback) Add(one.data.rep, one.at);
    for (const auto& one : relations.referrals) Add(one.data.rep, one.at);
    for (const auto& one : relations.competitors) Add(one.data.rep, one.at);
  }

  // On the day it was made, or on that on which it was noted: then the rep told what came of it.
  bool Of(const RepId& rep, Instant made, Instant noted) const {
    const Day days[] = {zone_.LocalDay(made), zone_.LocalDay(noted)};
    const bool that_day = std::any_of(results_.begin(), results_.end(),
                                      [&](const auto& one) { return (one.second == days[0] || one.second == days[1]) && IsOf(one.first, rep); });
    if (that_day) return true;
    const Instant last = made.PlusMinutes(kOrderDays * 24 * 60);
    return std::any_of(account_.purchases.begin(), account_.purchases.end(),
                       [&](const PurchaseRecord& order) { return made <= order.placed && order.placed <= last && IsOf(order.rep, rep); });
  }

 private:
  static bool IsOf(const std::optional<RepId>& said, const RepId& rep) { return !said.has_value() || *said == rep; }
  void Add(const std::optional<RepId>& rep, Instant at) { results_.emplace_back(rep, zone_.LocalDay(at)); }

  const Account& account_;
  const Zone& zone_;
  std::vector<std::pair<std::optional<RepId>, Day>> results_;
};

bool IsReport(const Touch& touch) {
  const bool by_hand = touch.channel == Channel::kVisit || touch.channel == Channel::kCall || touch.channel == Channel::kMeeting;
  return by_hand && touch.direction == Direction::kOutbound && touch.rep.has_value() && KindOf(touch) == TouchKind::kPersonal;
}

std::optional<bool> OutcomeOf(const TouchRecord& record, const Results& results) {
  const Touch& touch = record.touch;
  if (touch.disposition == Disposition::kRefusedContact || touch.objective_met.value_or(false)) return true;
  if (touch.disposition.value_or(Disposition::kReached) != Disposition::kReached) return std::nullopt;
  return results.Of(*touch.rep, BeganAt(record), record.at);
}

BookReport ReportOf(const Account& account, const TouchRecord& record, const Results& results) {
  const Touch& touch = record.touch;
  BookReport report;
  report.key = record.key;
  report.customer = account.id;
  report.id = record.key.source + '\n' + record.key.id;
  report.rep = *touch.rep;
  report.channel = touch.channel;
  report.start = BeganAt(record);
  if (touch.minutes && *touch.minutes >= 0) report.minutes = static_cast<double>(*touch.minutes);
  if (touch.latitude && touch.longitude) {
    report.latitude = touch.latitude, report.longitude = touch.longitude;
    report.accuracy_metres = touch.accuracy_metres;
  }
  report.disposition = touch.disposition;
  report.outcome = OutcomeOf(record, results);
  return report;
}

}  // namespace

std::vector<BookReport> ReportsOf(const Book& book, const TrustQuestion& question) {
  const Zone& book_zone = book.context().ZoneOf(std::nullopt, std::nullopt);
  std::vector<BookReport> reports;
  book.Visit({}, [&](const Account& account) {
    const Results results(account, book.context().ZoneOf(std::nullopt, account.profile.zone));
    for (const TouchRecord& record : account.touches) {
      if (!IsReport(record.touch)) continue;
      const Day day = book_zone.LocalDay(BeganAt(record));
      if (question.start.value_or(day) > day || question.end.value_or(day) < day) continue;
      reports.push_back(ReportOf(account, record, results));
    }
  });
  std::sort(reports.begin(), reports.end(), [](const BookReport& a, const BookReport& b) { return std::tie(a.start, a.key) < std::tie(b.start, b.key); });
  return reports;
}

absl::Status ReadEntries(Ledger& ledger, Instant known, std::vector<BookReport>& reports) {
  absl::flat_hash_map<std::string, BookReport*> wanted;
  for (BookReport& report : reports) wanted.emplace(report.id, &report);
  std::vector<Event> corrections;
  RAPPORT_RETURN_IF_ERROR(ledger.Scan(0, [&](Event&& event) {
    if (event.recorded > known) return absl::OkStatus();
    if (const auto* touch = event.As<Touch>()) {
      const auto found = wanted.find(event.key.source + '\n' + event.key.id);
      if (found == wanted.end()) return absl::OkStatus();
      found->second->recorded = event.claimed;
      found->second->note = touch->note.value_or(std::string());
    } else if (const auto* corrected = event.As<EventCorrected>()) {
      if (corrected->target_type == Touch::kType && wanted.contains(corrected->target_source + '\n' + corrected->target_id)) corrections.push_back(std::move(event));
    }
    return absl::OkStatus();
  }));
  std::sort(corrections.begin(), corrections.end(), CanonicalLess);
  for (const Event& event : corrections) {
    const auto& corrected = *event.As<EventCorrected>();
    const absl::StatusOr<Payload> now = DecodePayload(corrected.target_type, corrected.facts, corrected.text ? &*corrected.text : nullptr, nullptr);
    const Touch* touch = now.ok() ? std::get_if<Touch>(&*now) : nullptr;
    if (touch != nullptr) wanted.at(corrected.target_source + '\n' + corrected.target_id)->note = touch->note.value_or(std::string());
  }
  return absl::OkStatus();
}

std::vector<WorkReport> WorkReportsOf(const std::vector<BookReport>& reports) {
  std::vector<WorkReport> rows;
  rows.reserve(reports.size());
  for (const BookReport& report : reports) {
    WorkReport row;
    row.id = report.id;
    row.rep = report.rep.text();
    row.customer = report.customer.text();
    row.channel = NameOf(report.channel);
    row.start = report.start;
    row.minutes = report.minutes;
    row.recorded = report.recorded;
    row.latitude = report.latitude, row.longitude = report.longitude;
    row.accuracy_metres = report.accuracy_metres;
    row.note = report.note;
    if (report.disposition) row.disposition = NameOf(*report.disposition);
    row.outcome = report.outcome;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace rapport
