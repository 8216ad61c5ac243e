// Floor 3. What a touch was: the one declared list by which signals, trust, cadences and caps tell contact from what only looks like it.
//
//   kNone        no contact at all: mass mail (a newsletter unless it is marked personal), a copy of what we said ourselves, a change of a record,
//                an automatic reply, a wrong number
//   kNobody      an attempt that met nobody: absent, busy
//   kTurnedAway  somebody was there and no talk came of it: asked to be called back, or would not be contacted
//   kSent        a mail, letter or message of ours of which nobody noted what became of it
//   kReached     the two reached each other: noted so, or of a visit, call, meeting or seminar nothing else noted, or anything from them
//
// kSent and kReached are contacts. A mail that was sent keeps us in sight: it counts as contact, and raises trust less than a talk (terms.hpp).
// Where no purpose is noted a touch was care; selling and administration are contacts, and never care: they neither raise trust nor begin the care
// interval anew. When a touch happened is its occurred_at: what was noted late, or corrected, moves nothing.
// On which day work was done is another question: BeganAt, for plans, adherence, cards and reports. Pure; O(1); nothing fails.
#ifndef RAPPORT_RELATIONSHIP_TOUCHES_HPP_
#define RAPPORT_RELATIONSHIP_TOUCHES_HPP_

#include <cstdint>

#include "rapport/book/account.hpp"
#include "rapport/ledger/payloads.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport {

enum class TouchReach : std::uint8_t { kNone, kNobody, kTurnedAway, kSent, kReached };

inline TouchKind KindOf(const Touch& touch) {
  return touch.kind.value_or(touch.channel == Channel::kNewsletter ? TouchKind::kMass : TouchKind::kPersonal);
}

inline bool IsWritten(Channel channel) {
  return channel == Channel::kMail || channel == Channel::kLetter || channel == Channel::kMessage || channel == Channel::kNewsletter;
}

inline TouchReach ReachOf(const Touch& touch) {
  if (KindOf(touch) != TouchKind::kPersonal) return TouchReach::kNone;
  if (!touch.disposition.has_value()) {
    return IsWritten(touch.channel) && touch.direction == Direction::kOutbound ? TouchReach::kSent : TouchReach::kReached;
  }
  switch (*touch.disposition) {
    case Disposition::kReached: return TouchReach::kReached;
    case Disposition::kAbsent:
    case Disposition::kBusy: return TouchReach::kNobody;
    case Disposition::kCallBack:
    case Disposition::kRefusedContact: return TouchReach::kTurnedAway;
    case Disposition::kWrongNumber:
    case Disposition::kAutoReply: break;
  }
  return TouchReach::kNone;
}

inline bool IsContact(TouchReach reach) { return reach >= TouchReach::kSent; }
inline bool IsContact(const Touch& touch) { return IsContact(ReachOf(touch)); }

inline Purpose PurposeOf(const Touch& touch) { return touch.purpose.value_or(Purpose::kCare); }
inline bool IsCare(Purpose purpose) { return purpose == Purpose::kCare || purpose == Purpose::kService; }
// A contact that begins the care interval anew.
inline bool IsCareContact(const Touch& touch) { return IsCare(PurposeOf(touch)) && IsContact(touch); }

inline bool IsSale(const Touch& touch) {
  return PurposeOf(touch) == Purpose::kSell && touch.direction == Direction::kOutbound && IsContact(touch);
}

// They began it: what an outreach waits for.
inline bool IsAnswer(const Touch& touch) { return touch.direction == Direction::kInbound && ReachOf(touch) != TouchReach::kNone; }
// The two met in one place, or on a day both had set.
inline bool IsMeeting(const Touch& touch) {
  return (touch.channel == Channel::kMeeting || touch.channel == Channel::kVisit) && ReachOf(touch) == TouchReach::kReached;
}
// A copy or a change of a record: nothing passed between the two, so it begins nothing and answers nothing.
inline bool IsOnlyRecord(const Touch& touch) { return KindOf(touch) == TouchKind::kCopy || KindOf(touch) == TouchKind::kEdit; }
// What a cap on contacts counts: all that went out to them, mass mail too.
inline bool IsAttempt(const Touch& touch) { return touch.direction == Direction::kOutbound && !IsOnlyRecord(touch); }

// When it was made: its `start` where it was noted later, as a Friday's visit on Monday.
inline Instant BeganAt(const TouchRecord& record) { return record.touch.start.value_or(record.at); }

}  // namespace rapport

#endif  // RAPPORT_RELATIONSHIP_TOUCHES_HPP_
