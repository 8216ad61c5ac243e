#include "book/replay.hpp"

#include <algorithm>

#include "rapport/book/fold.hpp"

namespace rapport {
namespace {

// A word about others counts as soon as it is recorded, whenever it is said to have been spoken.
Instant KnownFrom(const PackedEntry& entry) { return SpeaksOfOthers(entry.type) ? entry.recorded : std::max(entry.recorded, entry.occurred); }

bool KnownBefore(const PackedEntry& a, const PackedEntry& b) { return KnownFrom(a) < KnownFrom(b); }

}  // namespace

AccountReplay::AccountReplay(std::shared_ptr<const Book> whole, CustomerId account, std::span<const CustomerId> members, std::string_view said)
    : whole_(std::move(whole)), id_(std::move(account)), members_(members.begin(), members.end()) {
  for (const CustomerId& member : members_) {
    for (const std::string_view log : whole_->LogsOf(member.text())) Take(log, member);
  }
  if (!said.empty()) Take(said_.emplace_back(said), CustomerId());
  std::stable_sort(entries_.begin(), entries_.end(), KnownBefore);
}

void AccountReplay::Take(std::string_view log, const CustomerId& member) {
  PackedReader reader(log);
  for (PackedEntry entry; reader.Next(entry);) {
    if (!member.empty()) entry.subject = member.text();
    entries_.push_back(entry);
  }
}

// The account's first event is the first of all parts. Of one moment canonical order would have to say.
bool AccountReplay::ComesLast(std::uint8_t type, Instant occurred) const {
  return account_.has_value() && occurred > *account_->first_event_at && occurred > newest_[static_cast<std::size_t>(PartOf(type))];
}

// Account::first_told is kept customer by customer, also of a merged whole.
bool AccountReplay::IsAmongFirst(const PackedEntry& entry) const {
  return std::none_of(account_->first_told.begin(), account_->first_told.end(), [&](const ToldEvent& first) {
    return first.at < entry.occurred && account_->NamedIn(first.key).text() == entry.subject;
  });
}

bool AccountReplay::MayFollow(const PackedEntry& entry) const {
  if (SpeaksOfOthers(entry.type) || !ComesLast(entry.type, entry.occurred) || IsAmongFirst(entry)) return false;
  return spoken_of_.empty() || !spoken_of_.contains({std::string(entry.source), std::string(entry.id)});
}

void AccountReplay::NoteFolded(std::uint8_t type, Instant occurred) {
  Instant& newest = newest_[static_cast<std::size_t>(PartOf(type))];
  newest = std::max(newest, occurred);
}

void AccountReplay::Fold(const std::vector<PackedEntry>& entries, Instant moment, const Batches& retracted) {
  std::vector<CountingEntry> counting = CountingEntries(entries, retracted);
  OpeningFirst(counting);
  Event event;
  for (const CountingEntry& entry : counting) {
    if (KeepsTheLedger(entry.said->type)) continue;
    if (entry.occurred > moment) {
      if (entry.correction != nullptr) afresh_at_ = std::min(afresh_at_, entry.occurred);
      continue;
    }
    if (!account_.has_value()) account_.emplace().id = id_;
    if (event.subject.text() != entry.said->subject) event.subject = CustomerId::Trusted(std::string(entry.said->subject));
    FoldInto(*account_, Counting(entry, event));
    NoteFolded(entry.said->type, entry.occurred);
  }
}

void AccountReplay::FoldAfresh(Instant moment, const Batches& retracted) {
  account_.reset();
  newest_.fill(Instant::Min());
  said_at_.reset();
  spoken_of_.clear();
  afresh_at_ = Instant::Max();
  // What was told of a later day counts where another word says that it was earlier.
  std::vector<PackedEntry> known;
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(known), [&](const PackedEntry& entry) { return entry.recorded <= moment; });
  Payload word;
  for (const PackedEntry& entry : known) {
    if (!SpeaksOfOthers(entry.type)) continue;
    Unpack(entry, word);
    const auto [source, id] = TargetOf(word);
    spoken_of_.insert({std::string(source), std::string(id)});
  }
  Fold(known, moment, retracted);
}

const Account* AccountReplay::At(Instant moment, const Batches& retracted) {
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(taken_);
  auto last = first;
  bool follows = account_.has_value() && moment < afresh_at_;
  for (; last != entries_.end() && KnownFrom(*last) <= moment; ++last) follows = follows && MayFollow(*last);
  moment_ = moment;
  taken_ = static_cast<std::size_t>(last - entries_.begin());
  if (!follows) FoldAfresh(moment, retracted);
  else if (first != last) Fold({first, last}, moment, retracted);
  return account_.has_value() ? &*account_ : nullptr;
}

void AccountReplay::Say(const Event& event) {
  PackedEntry entry;
  Pack(event, true, said_.emplace_back());
  PackedReader(said_.back()).Next(entry);
  const auto place = std::upper_bound(entries_.begin(), entries_.end(), entry, KnownBefore);
  const bool is_now = KnownFrom(entry) <= moment_;
  entries_.insert(place, entry);
  if (!is_now) return;
  ++taken_;
  // What is said at one moment is said in canonical order.
  const bool again = entry.occurred == said_at_ && entry.occurred == newest_[static_cast<std::size_t>(PartOf(entry.type))];
  if (!account_.has_value() || (!again && !ComesLast(entry.type, entry.occurred))) return Forget();
  said_at_ = entry.occurred;
  NoteFolded(entry.type, entry.occurred);
  FoldInto(*account_, event);
}

std::string AccountReplay::said() const {
  std::string all;
  for (const std::string& one : said_) all += one;
  return all;
}

}  // namespace rapport
