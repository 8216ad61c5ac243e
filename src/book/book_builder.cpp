// The builder of books: events in, packed; segments; snapshots.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "book/fields.hpp"
#include "book/merges.hpp"
#include "book/packed.hpp"
#include "book/segment.hpp"
#include "rapport/book/book.hpp"
#include "rapport/book/fold.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

// A log of its own costs about so much beside its bytes.
constexpr std::size_t kLogOverhead = 160;
// Below this the overlay is not worth a new segment.
constexpr std::size_t kSmallOverlay = 4096;

bool Crosses(const Event& event) { return event.As<CustomerMerged>() != nullptr || event.As<MergeUndone>() != nullptr || event.As<CustomerErased>() != nullptr; }

void NoteMention(std::vector<std::pair<Instant, Instant>>& mentions, Instant recorded, Instant occurred) {
  for (const auto& [r, o] : mentions) {
    if (r <= recorded && o <= occurred) return;
  }
  std::erase_if(mentions, [&](const auto& m) { return recorded <= m.first && occurred <= m.second; });
  mentions.insert(std::upper_bound(mentions.begin(), mentions.end(), std::pair(recorded, occurred)), {recorded, occurred});
}

}  // namespace

struct BookBuilder::State {
  explicit State(ZoneRules rules) : zones(std::move(rules)) {}
  ZoneRules zones;
  std::shared_ptr<const Segment> base;
  absl::flat_hash_map<std::string, std::shared_ptr<CustomerLog>> logs;   // of customers with new events
  std::size_t tail_bytes = 0;
  std::string crossing;                                                  // customer.merged, merge.undone and customer.erased of all
  CurrencyMentions currencies;
  std::shared_ptr<const Book::Overlay> overlay = std::make_shared<Book::Overlay>();
  bool changed = true;                                                   // since `overlay` was made
  // What crosses accounts, of everything and without the accounts; null where an event changed it.
  std::shared_ptr<const Book> crossed;
};

BookBuilder::BookBuilder(ZoneRules zones) : state_(std::make_unique<State>(std::move(zones))) {}
BookBuilder::~BookBuilder() = default;
BookBuilder::BookBuilder(BookBuilder&&) noexcept = default;
BookBuilder& BookBuilder::operator=(BookBuilder&&) noexcept = default;

CustomerLog& BookBuilder::LogFor(std::string_view customer) {
  auto [at, is_new] = state_->logs.try_emplace(ToAbsl(customer));
  std::shared_ptr<CustomerLog>& log = at->second;
  if (is_new) {
    log = std::make_shared<CustomerLog>();
    const std::optional<std::size_t> found = state_->base == nullptr ? std::nullopt : state_->base->Find(customer);
    if (found) log->base = state_->base->Log(*found);
  } else if (log.use_count() > 1) {
    log = std::make_shared<CustomerLog>(*log);   // a book reads the other
  }
  return *log;
}

void BookBuilder::NoteCurrenciesOf(const Event& event) {
  std::set<std::string> seen;
  NoteCurrencies(event.data, seen);
  for (const std::string& code : seen) {
    if (!state_->currencies.contains({code, event.batch.text()})) state_->crossed = nullptr;
  }
  for (const std::string& code : seen) NoteMention(state_->currencies[{code, event.batch.text()}], event.recorded, event.occurred.at);
}

void BookBuilder::Add(const Event& event) {
  CustomerLog& log = LogFor(event.subject.text());
  const std::size_t before = log.tail.size();
  Pack(event, false, log.tail);
  state_->tail_bytes += log.tail.size() - before;
  if (Crosses(event)) Pack(event, true, state_->crossing);
  NoteCurrenciesOf(event);
  if (event.subject.empty() || Crosses(event)) state_->crossed = nullptr;
  latest_recorded_ = std::max(latest_recorded_, event.recorded);
  latest_occurred_ = std::max(latest_occurred_, event.occurred.at);
  if (const auto* corrected = event.As<EventCorrected>()) latest_occurred_ = std::max(latest_occurred_, corrected->time);
  last_sequence_ = std::max(last_sequence_, event.sequence);
  ++event_count_;
  state_->changed = true;
}

std::int64_t BookBuilder::CountKnown(Instant known_at) const {
  if (known_at >= latest_recorded_) return static_cast<std::int64_t>(event_count_);
  std::int64_t count = 0;
  const auto count_in = [&](std::string_view packed) {
    PackedReader reader(packed);
    for (PackedEntry entry; reader.Next(entry);) count += entry.recorded <= known_at ? 1 : 0;
  };
  for (const auto& [name, log] : state_->logs) {
    count_in(log->base);
    count_in(log->tail);
  }
  for (std::size_t at = 0; state_->base != nullptr && at < state_->base->customers(); ++at) {
    if (!state_->logs.contains(ToAbsl(state_->base->Name(at)))) count_in(state_->base->Log(at));
  }
  return count;
}

std::size_t BookBuilder::ResidentBytes() const {
  return (state_->base == nullptr ? 0 : state_->base->bytes().size()) + state_->tail_bytes + state_->logs.size() * kLogOverhead + state_->crossing.size();
}

// All logs in one segment. Books made before keep theirs.
void BookBuilder::Compact() {
  std::vector<std::pair<std::string_view, const CustomerLog*>> touched;
  touched.reserve(state_->logs.size());
  for (const auto& [name, log] : state_->logs) touched.emplace_back(name, log.get());
  std::sort(touched.begin(), touched.end());
  SegmentWriter writer;
  const std::size_t in_base = state_->base == nullptr ? 0 : state_->base->customers();
  std::size_t at = 0;
  for (const auto& [name, log] : touched) {
    for (; at < in_base && state_->base->Name(at) < name; ++at) writer.Add(state_->base->Name(at), state_->base->Log(at), {});
    if (at < in_base && state_->base->Name(at) == name) ++at;
    writer.Add(name, log->base, log->tail);
  }
  for (; at < in_base; ++at) writer.Add(state_->base->Name(at), state_->base->Log(at), {});
  const SegmentHead head{{}, last_sequence_, static_cast<std::int64_t>(event_count_), latest_recorded_, latest_occurred_};
  absl::StatusOr<std::shared_ptr<const Segment>> segment = Segment::Parse(writer.Finish(head, state_->crossing, state_->currencies));
  RAPPORT_INVARIANT(segment.ok(), "a segment that was just written can be read");
  state_->base = *std::move(segment);
  state_->logs.clear();
  state_->tail_bytes = 0;
  state_->overlay = std::make_shared<Book::Overlay>();
}

std::shared_ptr<const Book> BookBuilder::AsKnown(std::optional<Instant> known_at, std::optional<Instant> as_of) {
  const Instant known = known_at.value_or(Instant::Max());
  const Instant happened = as_of.value_or(Instant::Max());
  if (state_->changed) {
    newest_ = nullptr;
    const std::size_t base_bytes = state_->base == nullptr ? 0 : state_->base->bytes().size();
    if (state_->logs.size() > kSmallOverlay && state_->tail_bytes * 4 > base_bytes) Compact();
    auto overlay = std::make_shared<Book::Overlay>();
    overlay->reserve(state_->logs.size());
    for (const auto& [name, log] : state_->logs) overlay->emplace_back(CustomerId::Trusted(name), log);
    std::sort(overlay->begin(), overlay->end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    state_->overlay = std::move(overlay);
    state_->changed = false;
  }
  if (latest_recorded_ > known || latest_occurred_ > happened) return Make(known, happened);
  if (newest_ == nullptr) newest_ = Make(Instant::Max(), Instant::Max());
  return newest_;
}

std::shared_ptr<const Book> BookBuilder::Make(Instant known, Instant happened) const {
  const bool whole = known == Instant::Max() && happened == Instant::Max();
  if (whole && state_->crossed != nullptr) {
    auto book = std::make_shared<Book>(*state_->crossed);
    book->base_ = state_->base;
    book->overlay_ = state_->overlay;
    return book;
  }
  auto book = std::make_shared<Book>();
  book->base_ = state_->base;
  book->overlay_ = state_->overlay;
  book->known_ = known;
  PackedReader crossing(state_->crossing);
  for (PackedEntry entry; crossing.Next(entry);) {
    if (entry.type != IndexOf<CustomerErased>() || entry.recorded > known) continue;
    Payload data;
    Unpack(entry, data);
    book->erased_.insert(CustomerId::Trusted(std::string(entry.subject)));
    if (const auto& digests = std::get<CustomerErased>(data).suppressed) book->suppressed_.insert(digests->begin(), digests->end());
  }
  // First what was taken back, since it decides what else counts.
  book->VisitEvents(CustomerId(), true, book->happened_, [&](const Event& event) {
    if (const auto* taken = event.As<BatchRetracted>(); taken != nullptr && event.batch.empty()) book->retracted_batches_.insert(taken->batch.text());
  });
  Merges merges = MergesIn(state_->crossing, known, book->retracted_batches_);
  book->survivors_ = std::move(merges.survivors);
  book->members_ = std::move(merges.members);
  book->happened_ = happened;
  auto context = std::make_shared<BookContext>();
  context->zones = state_->zones;
  for (const auto& [key, mentions] : state_->currencies) {
    if (book->retracted_batches_.contains(key.second)) continue;
    const bool seen = std::any_of(mentions.begin(), mentions.end(), [&](const auto& m) { return m.first <= known && m.second <= happened; });
    if (seen) context->currencies_seen.insert(key.first);
  }
  SettleReportingCurrency(*context);
  book->VisitEvents(CustomerId(), true, book->happened_, [&](const Event& event) { FoldInto(*context, event); });
  book->context_ = std::move(context);
  if (whole) {
    auto crossed = std::make_shared<Book>(*book);
    crossed->base_ = nullptr;      // what no book reads any more must go
    crossed->overlay_ = nullptr;
    state_->crossed = std::move(crossed);
  }
  return book;
}

std::vector<Instant> BookBuilder::CrossingMoments() const {
  std::set<Instant> moments;
  const auto see = [&](std::string_view log) {
    PackedReader reader(log);
    for (PackedEntry entry; reader.Next(entry);) {
      moments.insert({entry.recorded, std::max(entry.recorded, entry.occurred)});
      if (entry.type != IndexOf<EventCorrected>()) continue;
      Payload words;
      Unpack(entry, words);
      moments.insert(std::max(entry.recorded, std::get<EventCorrected>(words).time));
    }
  };
  see(state_->crossing);
  if (const auto log = state_->logs.find(""); log != state_->logs.end()) {
    see(log->second->base);
    see(log->second->tail);
  } else if (state_->base != nullptr) {
    if (const std::optional<std::size_t> found = state_->base->Find("")) see(state_->base->Log(*found));
  }
  for (const auto& [key, mentions] : state_->currencies) {
    for (const auto& [recorded, occurred] : mentions) moments.insert(std::max(recorded, occurred));
  }
  return {moments.begin(), moments.end()};
}

std::string BookBuilder::Snapshot(const Digest& link) {
  if (!state_->logs.empty() || state_->base == nullptr) Compact();
  state_->changed = true;
  return WithLink(std::string(state_->base->bytes()), link);
}

absl::StatusOr<BookBuilder::SnapshotHead> BookBuilder::HeadOf(std::string_view blob) {
  RAPPORT_ASSIGN_OR_RETURN(const SegmentHead head, Segment::HeadOf(blob));
  return SnapshotHead{head.last_sequence, head.link};
}

absl::StatusOr<BookBuilder> BookBuilder::FromSnapshot(std::string blob, ZoneRules zones, Digest* link) {
  BookBuilder builder(std::move(zones));
  RAPPORT_ASSIGN_OR_RETURN(builder.state_->base, Segment::Parse(std::move(blob)));
  const SegmentHead& head = builder.state_->base->head();
  builder.last_sequence_ = head.last_sequence;
  builder.event_count_ = static_cast<std::size_t>(head.event_count);
  builder.latest_recorded_ = head.latest_recorded;
  builder.latest_occurred_ = head.latest_occurred;
  builder.state_->crossing = builder.state_->base->crossing();
  builder.state_->currencies = builder.state_->base->Currencies();
  if (link != nullptr) *link = head.link;
  return builder;
}

}  // namespace rapport
