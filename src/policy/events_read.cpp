#include "policy/events_read.hpp"

#include <algorithm>
#include <array>

#include "rapport/ledger/event.hpp"

namespace rapport {
namespace {

// Types that permission, owners, exits and triggers of other types never look at. With a family: only rules of that family read them;
// without: no rule can.
struct Seldom {
  std::string_view type;
  std::string_view family;
};
constexpr std::array<Seldom, 22> kSeldom{{
    {ApproachUsed::kType, {}},
    {CaseClosed::kType, "case"},
    {CaseOpened::kType, "case"},
    {CompetitorSeen::kType, {}},
    {ContractEnded::kType, "contract"},
    {ContractRenewed::kType, "contract"},
    {ContractStarted::kType, "contract"},
    {ExpectationStated::kType, {}},
    {ExperimentStarted::kType, {}},
    {ExposureLogged::kType, {}},
    {FactLearned::kType, {}},
    {FeedbackGiven::kType, "feedback"},
    {LessonRecorded::kType, {}},
    {NeedStated::kType, "need"},
    {OfferKnown::kType, {}},
    {OpportunityLost::kType, "opportunity"},
    {OpportunityOpened::kType, "opportunity"},
    {OpportunityStageChanged::kType, "opportunity"},
    {OpportunityWon::kType, "opportunity"},
    {ReferralMade::kType, "referral"},
    {SignalObserved::kType, {}},
    {WorryAcknowledged::kType, {}},
}};

std::string FamilyOf(std::string_view name) { return std::string(name.substr(0, name.find('.'))); }

}  // namespace

EventsRead::EventsRead(const Policy& policy) {
  for (const Rule& rule : policy.rules()) {
    VisitSignals(rule, [&](const SignalColumn& signal) { Read(signal); });
    if (const auto* event = std::get_if<EventTrigger>(&rule.trigger)) families_.insert(FamilyOf(event->event));
    if (rule.exits.contains(Exit::kComplaint)) families_.insert("case");
  }
}

void EventsRead::Read(const SignalColumn& signal) {
  if (!signal.host.empty()) host_.insert(signal.host);
  families_.insert(FamilyOf(signal.name));
  families_.insert(std::string(signal.name));
}

bool EventsRead::Reads(std::string_view type, std::string_view host) const {
  const auto seldom = std::find_if(kSeldom.begin(), kSeldom.end(), [&](const Seldom& one) { return one.type == type; });
  if (seldom == kSeldom.end()) return true;
  if (type == SignalObserved::kType) return host_.contains(host);
  return !seldom->family.empty() && families_.contains(seldom->family);
}

}  // namespace rapport
