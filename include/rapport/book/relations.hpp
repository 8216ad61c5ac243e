// Floor 2. What an account's events say beside trade, touches, worries and promises: records as in account.hpp, which includes this.
#ifndef RAPPORT_BOOK_RELATIONS_HPP_
#define RAPPORT_BOOK_RELATIONS_HPP_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// An event kept as it was said, without its private fields.
template <class T>
struct Said {
  EventKey key;
  Instant at;
  T data;
};

// A facet of a person or firm (AS6). The values are private: they are read from the ledger by the event that gave them.
struct FactRecord {
  EventKey key;
  Instant at;
  std::string facet;
  std::optional<std::string> learned_from;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  bool current = true;        // no newer value of the same facet of the same contact
};

struct NeedRecord {
  EventKey key;
  NeedId id;
  Instant stated;
  std::optional<ProductId> product;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<Day> by;
  std::optional<Instant> met;
  std::vector<EventKey> said_again;        // need.stated of the same need, in order
};

struct ContractRecord {
  EventKey key;
  ContractId id;
  Instant started;
  std::optional<Day> ends;         // as renewed last
  std::optional<Money> value;
  std::optional<ProductId> product;
  std::optional<RepId> rep;
  std::int64_t renewals = 0;
  std::vector<EventKey> renewed_by;
  Instant term_began;              // when it was started, or renewed last
  std::optional<Instant> ended;
  EventKey ended_by;
};

enum class OpportunityState { kOpen, kWon, kLost };

struct OpportunityRecord {
  EventKey key;
  OpportunityId id;
  Instant opened;
  std::optional<std::string> stage;
  Instant stage_since;
  std::vector<EventKey> changed_by;        // opportunity.stage_changed, in order
  std::optional<Money> value;
  std::vector<ProductId> products;
  std::optional<Day> expected_close;
  std::optional<double> probability;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  OpportunityState state = OpportunityState::kOpen;
  std::optional<Instant> closed;
  EventKey closed_by;
  std::optional<OrderId> order;            // won
  std::optional<RefusalReason> reason;     // lost
  std::optional<std::string> competitor;   // lost to
};

struct CaseRecord {
  EventKey key;
  CaseId id;
  Instant opened;
  CaseKind kind = CaseKind::kService;
  std::optional<ProductId> product;
  std::optional<OrderId> order;
  std::optional<ContactId> contact;
  std::optional<RepId> rep;
  std::optional<Instant> closed;
  EventKey closed_by;
  bool solved = false;
};

// An appointment as it was made or moved last.
struct AppointmentRecord {
  EventKey key;                      // that made it
  AppointmentId id;
  Instant made;
  Instant start;
  std::optional<std::int64_t> minutes;
  Channel channel = Channel::kVisit;
  Purpose purpose = Purpose::kCare;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<FollowUpId> followup;
  std::vector<EventKey> moved_by;    // appointment.made again, in order
  std::optional<Instant> cancelled;
  EventKey cancelled_by;
};

// The newest value of a column of the host's own.
struct HostSignalRecord {
  EventKey key;
  Instant at;
  std::optional<double> value;
  std::optional<std::string> text;
};

struct EnrolmentRecord {
  EventKey key;
  Instant entered_at;
  CadenceEntered entered;
  std::string step;                  // the one that runs; empty before the first
  Instant step_since;
  std::int64_t advances = 0;         // cadence.advanced so far
  std::optional<Instant> left_at;
  std::string exit;
};

// In canonical order of their events, but for the maps.
struct Relations {
  std::vector<FactRecord> facts;
  std::vector<NeedRecord> needs;
  std::vector<ContractRecord> contracts;
  std::vector<OpportunityRecord> opportunities;
  std::vector<CaseRecord> cases;
  std::vector<AppointmentRecord> appointments;
  std::vector<Said<FeedbackGiven>> feedback;
  std::vector<Said<ExpectationStated>> expectations;
  std::vector<Said<ReferralMade>> referrals;
  std::vector<Said<CompetitorSeen>> competitors;
  std::vector<Said<ApproachUsed>> approaches;
  std::vector<Said<LessonRecorded>> lessons;
  std::vector<Said<ExposureLogged>> exposures;
  std::map<std::string, HostSignalRecord> host;        // by name
  std::map<std::string, EnrolmentRecord> enrolments;   // by enrolment
};

}  // namespace rapport

#endif  // RAPPORT_BOOK_RELATIONS_HPP_
