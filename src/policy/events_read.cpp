#include "policy/events_read.hpp"

#include <array>
#include <utility>

#include "book/packed.hpp"
#include "policy/names.hpp"

namespace rapport {
namespace {

using enum AccountPart;

// Signals by their first word, triggers by that of their event; a word with more than three parts has several rows.
struct Family {
  std::string_view name;
  std::array<AccountPart, 3> parts;
};
constexpr std::array<Family, 24> kFamilies{{
    {"account", {kParties, kParties, kParties}},
    {"case", {kCases, kCases, kCases}},
    {"contract", {kContracts, kContracts, kContracts}},
    {"expectation", {kFeedback, kPromises, kTrade}},
    {"feedback", {kFeedback, kFeedback, kFeedback}},
    {"followup", {kFollowUps, kFollowUps, kFollowUps}},
    {"host", {kHost, kHost, kHost}},
    {"letter", {kTouches, kTouches, kTouches}},
    {"need", {kNeeds, kNeeds, kNeeds}},
    {"opportunity", {kOpportunities, kPromises, kPromises}},
    {"owner", {kParties, kParties, kParties}},
    {"promise", {kPromises, kTrade, kTrade}},          // which orders were pinned down
    {"purchase", {kTrade, kTrade, kTrade}},
    {"reach", {kTouches, kTouches, kTouches}},
    {"referral", {kReferrals, kReferrals, kReferrals}},
    {"relationship", {kTouches, kParties, kPermission}},   // nobody is ranked who does not want to be
    {"relationship", {kTrade, kPromises, kWorries}},
    {"relationship", {kCases, kFeedback, kRefusals}},      // health; and whatever numbers the rungs of a book ask for
    {"relationship", {kContracts, kNeeds, kOpportunities}},
    {"relationship", {kReferrals, kFollowUps, kFollowUps}},
    {"refusal", {kRefusals, kRefusals, kRefusals}},
    {"touch", {kTouches, kTrade, kParties}},        // since a delivery, since the first purchase; how often for whom
    {"value", {kTrade, kPermission, kPermission}},       // nobody is scored who does not want to be
    {"worry", {kWorries, kWorries, kWorries}},
}};

std::string_view FirstWord(std::string_view name) { return name.substr(0, name.find('.')); }

AccountParts PartsOfFamily(std::string_view name) {
  AccountParts parts;
  bool known = false;
  for (const Family& family : kFamilies) {
    if (family.name != FirstWord(name)) continue;
    known = true;
    for (const AccountPart part : family.parts) parts.Add(part);
  }
  if (!known) parts.AddAll();   // a family that is new here: nothing is known of it
  return parts;
}

constexpr std::array<std::pair<Exit, AccountPart>, 8> kExits{{
    {Exit::kReply, kTouches},
    {Exit::kColleague, kTouches},
    {Exit::kMeeting, kTouches},
    {Exit::kPurchase, kTrade},
    {Exit::kRefusal, kTouches},
    {Exit::kRefusal, kRefusals},
    {Exit::kComplaint, kWorries},
    {Exit::kComplaint, kCases},
}};

// What its sentences tell beside what the trigger reads.
std::vector<AccountPart> PartsTold(const Rule& rule) {
  const auto* event = std::get_if<EventTrigger>(&rule.trigger);
  if (event != nullptr && event->event == kOnFeedback) return {kNeeds, kPromises, kTrade};
  const auto* signal = std::get_if<SignalTrigger>(&rule.trigger);
  if (signal != nullptr && signal->signal->name == "touch.days_since_care") return {kNeeds, kOpportunities};
  return {};
}

// What stands between every decision and the plan: who may be contacted, by whom, what was tried; what became of what was issued.
constexpr std::array kReadAlways{kParties, kContacts, kTouches, kPermission, kFollowUps, kLedger};

}  // namespace

AccountParts PartsRead(const SignalColumn& signal) { return PartsOfFamily(signal.host.empty() ? signal.name : "host"); }

AccountParts PartsRead(const Rule& rule) {
  AccountParts parts;
  parts.Add(kParties);
  parts.Add(kLedger);
  VisitSignals(rule, [&](const SignalColumn& signal) { parts.Add(PartsRead(signal)); });
  if (const auto* event = std::get_if<EventTrigger>(&rule.trigger)) parts.Add(PartsOfFamily(event->event));
  if (std::holds_alternative<RecurrenceTrigger>(rule.trigger)) parts.Add(kTrade);   // from the first order
  for (const AccountPart part : PartsTold(rule)) parts.Add(part);
  for (const auto& [exit, part] : kExits) {
    if (rule.exits.contains(exit)) parts.Add(part);
  }
  if (rule.re_entry == ReEntry::kRearmed) parts.Add(kTrade);
  return parts;
}

EventsRead::EventsRead(const Policy& policy) {
  for (const AccountPart part : kReadAlways) all_.Add(part);
  for (const Rule& rule : policy.rules()) {
    of_rules_.push_back(PartsRead(rule));
    all_.Add(of_rules_.back());
    VisitSignals(rule, [&](const SignalColumn& signal) {
      if (!signal.host.empty()) host_.insert(signal.host);
    });
  }
}

bool EventsRead::Reads(std::size_t type, std::string_view host) const {
  if (type == IndexOf<WorryAcknowledged>()) return false;   // an open worry is open
  if (type == IndexOf<SignalObserved>()) return host_.contains(host);
  return all_.Contains(PartOf(type));
}

}  // namespace rapport
