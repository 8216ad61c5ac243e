#include "engine/referral_past.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/relationship/referral_tree.hpp"

namespace rapport {
namespace {

// --- the fit
// What an account spent and kept, in major units of the reporting currency.
absl::StatusOr<double> SpentBy(const BookContext& context, const Account& account) {
  Money sum(0, *context.reporting_currency);
  for (const PurchaseRecord& purchase : account.purchases) {
    const std::optional<Money> kept = purchase.KeptAmount();
    if (!kept.has_value()) continue;
    absl::StatusOr<Money> reported = context.InReporting(*kept, purchase.placed);
    if (!reported.ok()) return WithContext(reported.status(), absl::StrCat("customer ", account.id.text()));
    RAPPORT_ASSIGN_OR_RETURN(sum, sum.Add(*reported));
  }
  return sum.ToMajor();
}

std::vector<Referral> ReferralsIn(const Book& book) {
  std::vector<Referral> referrals;
  for (const auto& [id, account] : book.accounts()) {
    for (const Said<ReferralMade>& said : account->relations.referrals) referrals.push_back({id, book.AccountOf(said.data.referred), said.at, said.key});
  }
  return referrals;
}

}  // namespace

absl::StatusOr<ModelFitted> FitReferrals(const Book& book) {
  const BookContext& context = book.context();
  const std::vector<Referral> referrals = ReferralsIn(book);
  std::vector<CustomerId> brought;
  for (const Referral& one : referrals) brought.push_back(one.referred);
  std::map<CustomerId, double> revenue;
  absl::Status summed = absl::OkStatus();
  const auto add = [&](const Account& account) {
    if (!summed.ok()) return;
    const absl::StatusOr<double> spent = SpentBy(context, account);
    if (spent.ok()) revenue.emplace(account.id, *spent);
    else summed = spent.status();
  };
  if (context.reporting_currency.has_value() && !brought.empty()) book.Visit(brought, add);
  RAPPORT_RETURN_IF_ERROR(summed);
  const ReferralTree tree = ReferralTree::Of(referrals, revenue, context.reporting_currency);
  const auto counted = std::count_if(tree.nodes().begin(), tree.nodes().end(), [](const auto& node) { return !node.second.brought_by.empty(); });
  return ModelFitted{std::string(kReferralTree), tree.ToJson(), static_cast<std::int64_t>(counted), std::nullopt};
}

// --- what is refused
namespace {

// What a call says of a referral; nothing of who was brought where it takes one back.
struct Word {
  EventKey about;
  std::optional<ReferralMade> said;
};

absl::StatusOr<std::optional<Word>> WordOf(const Event& event) {
  if (const auto* said = event.As<ReferralMade>()) return std::optional(Word{event.key, *said});
  if (const auto* back = event.As<EventRetracted>()) return std::optional(Word{{back->target_source, back->target_id}, std::nullopt});
  const auto* correction = event.As<EventCorrected>();
  if (correction == nullptr || correction->target_type != ReferralMade::kType) return std::optional<Word>();
  Json::Object unknown;
  RAPPORT_ASSIGN_OR_RETURN(const Payload payload, DecodePayload(correction->target_type, correction->facts, nullptr, &unknown));
  return std::optional(Word{{correction->target_source, correction->target_id}, std::get<ReferralMade>(payload)});
}

absl::Status Refuse(const Event& record, std::string_view token, std::string_view found, std::string_view expected) {
  return Invalid(token, absl::StrCat("record ", record.key.source, "/", record.key.id, ", field referred: found ", ToAbsl(found), ", expected ", ToAbsl(expected)));
}

// The referrals of a call, and below those who are brought what the book knows.
class NewReferrals {
 public:
  NewReferrals(const Book& book, const std::vector<Event>& events) : book_(book), events_(events) {}

  absl::Status Check() {
    RAPPORT_RETURN_IF_ERROR(Read());
    if (referrals_.empty()) return absl::OkStatus();
    RAPPORT_RETURN_IF_ERROR(RefuseSelves());
    Descend();
    return RefuseCycles();
  }

 private:
  absl::Status Read();
  absl::Status RefuseSelves() const;
  void Descend();
  absl::Status RefuseCycles() const;
  bool IsStored(const Event& record) const;
  bool MayCloseACircle() const;
  std::set<std::pair<CustomerId, CustomerId>> OnCircles() const;

  const Book& book_;
  const std::vector<Event>& events_;
  std::set<EventKey> told_of_;           // by the call: what is stored of them does not count any more
  std::vector<Referral> referrals_;      // those of the call first
  std::vector<const Event*> records_;    // of the call's
};

// Of several words about one referral those claimed last count.
absl::Status NewReferrals::Read() {
  std::map<EventKey, const Event*> last;
  for (const Event& event : events_) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Word> word, WordOf(event));
    if (!word.has_value()) continue;
    const auto [said, is_new] = last.try_emplace(word->about, &event);
    if (!is_new && said->second->claimed <= event.claimed) said->second = &event;
  }
  for (const auto& [about, event] : last) {
    told_of_.insert(about);
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Word> word, WordOf(*event));
    if (!word->said.has_value()) continue;
    referrals_.push_back({book_.AccountOf(event->subject), book_.AccountOf(word->said->referred), event->occurred.at, about});
    records_.push_back(event);
  }
  return absl::OkStatus();
}

// In the same words: an append of it changes nothing.
bool NewReferrals::IsStored(const Event& record) const {
  const auto* said = record.As<ReferralMade>();
  const std::shared_ptr<const Account> account = said != nullptr ? book_.Find(record.subject) : nullptr;
  if (account == nullptr) return false;
  const auto& stored = account->relations.referrals;
  return std::any_of(stored.begin(), stored.end(), [&](const Said<ReferralMade>& one) { return one.key == record.key && one.data.referred == said->referred; });
}

absl::Status NewReferrals::RefuseSelves() const {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (referrals_[i].referrer != referrals_[i].referred || IsStored(*records_[i])) continue;
    return Refuse(*records_[i], "referral.self", absl::StrCat("\"", referrals_[i].referred.text(), "\", who is the subject"), "somebody else: nobody brings himself");
  }
  return absl::OkStatus();
}

void NewReferrals::Descend() {
  std::vector<CustomerId> open;
  std::set<CustomerId> seen;
  for (const Referral& one : referrals_) open.push_back(one.referred);
  while (!open.empty()) {
    const CustomerId id = std::move(open.back());
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const std::shared_ptr<const Account> account = book_.Find(id);
    if (account == nullptr) continue;
    for (const Said<ReferralMade>& said : account->relations.referrals) {
      if (told_of_.contains(said.key)) continue;
      referrals_.push_back({id, book_.AccountOf(said.data.referred), said.at, said.key});
      open.push_back(referrals_.back().referred);
    }
  }
}

// Where no circle goes through what the call says even with every referral counted, none does with those that the tree counts.
bool NewReferrals::MayCloseACircle() const {
  const std::vector<std::size_t> places = ReferralsOnCircles(referrals_);
  return std::any_of(places.begin(), places.end(), [&](std::size_t place) { return place < records_.size() && !IsStored(*records_[place]); });
}

// Who brought whom on the circles that the tree of the whole book would have to break: each is one referral that it drops, and the way down to who made
// it. Who else brought somebody first is known to his account alone, so all of them are read.
std::set<std::pair<CustomerId, CustomerId>> NewReferrals::OnCircles() const {
  std::vector<Referral> all(referrals_.begin(), referrals_.begin() + static_cast<std::ptrdiff_t>(records_.size()));
  for (Referral& stored : ReferralsIn(book_)) {
    if (!told_of_.contains(stored.key)) all.push_back(std::move(stored));
  }
  const ReferralTree tree = ReferralTree::Of(all, {}, std::nullopt);
  std::set<std::pair<CustomerId, CustomerId>> on;
  for (const ReferralTree::Dropped& one : tree.dropped()) {
    if (one.because != ReferralTree::Because::kCycle) continue;
    on.insert({one.referral.referrer, one.referral.referred});
    for (CustomerId at = one.referral.referrer; at != one.referral.referred;) {
      CustomerId above = tree.BroughtBy({at});
      on.insert({above, at});
      at = std::move(above);
    }
  }
  return on;
}

// Of those that close a circle the last one in canonical order is named. Circles that merges made of what is stored are not this call's.
absl::Status NewReferrals::RefuseCycles() const {
  if (!MayCloseACircle()) return absl::OkStatus();
  const std::set<std::pair<CustomerId, CustomerId>> circles = OnCircles();
  const Event* last = nullptr;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (!circles.contains({referrals_[i].referrer, referrals_[i].referred}) || IsStored(*records_[i])) continue;
    if (last == nullptr || CanonicalLess(*last, *records_[i])) last = records_[i];
  }
  if (last == nullptr) return absl::OkStatus();
  const auto place = static_cast<std::size_t>(std::find(records_.begin(), records_.end(), last) - records_.begin());
  const Referral& closing = referrals_[place];
  return Refuse(*last, "referral.cycle", absl::StrCat("\"", closing.referred.text(), "\", who brought \"", closing.referrer.text(), "\" himself or through others"),
                "somebody whom no referral leads back from");
}

}  // namespace

bool SpeaksOfReferrals(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(), [](const Event& event) {
    const auto* correction = event.As<EventCorrected>();
    return event.As<ReferralMade>() != nullptr || (correction != nullptr && correction->target_type == ReferralMade::kType);
  });
}

absl::Status CheckReferrals(const Book& book, const std::vector<Event>& events) { return NewReferrals(book, events).Check(); }

}  // namespace rapport
