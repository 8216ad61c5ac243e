// Floor 1. The closed word lists of events.
//
// Numbers are frozen: they may be stored and compared, never reused. Names are what stands on the wire and in
// policies. Adding a word means a new number at the end of its list and a line in its name table below.
#ifndef RAPPORT_LEDGER_VOCABULARY_HPP_
#define RAPPORT_LEDGER_VOCABULARY_HPP_

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace rapport {

enum class CustomerKind { kPerson = 1, kOrganisation = 2 };
enum class Origin { kNew = 1, kRepeat = 2, kReferral = 3 };
enum class Channel { kVisit = 1, kCall = 2, kMail = 3, kLetter = 4, kMessage = 5, kMeeting = 6, kSeminar = 7, kNewsletter = 8 };
enum class Direction { kOutbound = 1, kInbound = 2 };
enum class Purpose { kCare = 1, kService = 2, kSell = 3, kAdmin = 4 };
enum class Disposition {
  kReached = 1, kAbsent = 2, kBusy = 3, kCallBack = 4, kWrongNumber = 5, kAutoReply = 6, kRefusedContact = 7
};
// EF6: why an offer was refused. No effect on permission; that is Disposition::kRefusedContact.
enum class RefusalReason {
  kInstinct = 1, kProductKnowledge = 2, kDistrust = 3, kUncertainty = 4, kComparing = 5, kMoney = 6
};
// What a person may consent to: the purposes of a contact, and being scored. Numbers agree with Purpose.
enum class ConsentPurpose { kCare = 1, kService = 2, kSell = 3, kAdmin = 4, kProfiling = 5 };
enum class CaseKind { kClaim = 1, kService = 2, kReturn = 3 };
enum class ConsentState { kGranted = 1, kWithdrawn = 2 };
enum class PromiseBy { kOurs = 1, kCustomer = 2 };
enum class DecisionRight { kYes = 1, kNo = 2, kShared = 3 };
// What a contact is to the frequency caps: default counts and is held; transactional (a receipt, an answer asked for) neither counts nor is held;
// mandatory (a recall) counts and is not held.
enum class MessageClass { kDefault = 1, kTransactional = 2, kMandatory = 3 };
// What a touch is: one person with another; the same to many at once; a copy of what we said ourselves that came back into the book; a change
// of a record. Only the first is a contact.
enum class TouchKind { kPersonal = 1, kMass = 2, kCopy = 3, kEdit = 4 };
enum class PersonTitle { kMs = 1, kMr = 2, kDr = 3, kProf = 4 };

template <class E>
struct Word {
  E value;
  std::string_view name;
};

// WordsOf<E>(): the list of an enumeration in order of its numbers; NameOf and FromName go through it.
template <class E>
struct WordList;

#define RAPPORT_WORDS(E, ...)                                              \
  template <>                                                              \
  struct WordList<E> {                                                     \
    static constexpr auto kWords = std::to_array<Word<E>>({__VA_ARGS__});  \
  }

RAPPORT_WORDS(CustomerKind, {CustomerKind::kPerson, "person"}, {CustomerKind::kOrganisation, "organisation"});
RAPPORT_WORDS(Origin, {Origin::kNew, "new"}, {Origin::kRepeat, "repeat"}, {Origin::kReferral, "referral"});
RAPPORT_WORDS(Channel, {Channel::kVisit, "visit"}, {Channel::kCall, "call"}, {Channel::kMail, "mail"},
              {Channel::kLetter, "letter"}, {Channel::kMessage, "message"}, {Channel::kMeeting, "meeting"},
              {Channel::kSeminar, "seminar"}, {Channel::kNewsletter, "newsletter"});
RAPPORT_WORDS(Direction, {Direction::kOutbound, "outbound"}, {Direction::kInbound, "inbound"});
RAPPORT_WORDS(Purpose, {Purpose::kCare, "care"}, {Purpose::kService, "service"}, {Purpose::kSell, "sell"},
              {Purpose::kAdmin, "admin"});
RAPPORT_WORDS(Disposition, {Disposition::kReached, "reached"}, {Disposition::kAbsent, "absent"},
              {Disposition::kBusy, "busy"}, {Disposition::kCallBack, "call_back"},
              {Disposition::kWrongNumber, "wrong_number"}, {Disposition::kAutoReply, "auto_reply"},
              {Disposition::kRefusedContact, "refused_contact"});
RAPPORT_WORDS(RefusalReason, {RefusalReason::kInstinct, "instinct"},
              {RefusalReason::kProductKnowledge, "product_knowledge"}, {RefusalReason::kDistrust, "distrust"},
              {RefusalReason::kUncertainty, "uncertainty"}, {RefusalReason::kComparing, "comparing"},
              {RefusalReason::kMoney, "money"});
RAPPORT_WORDS(ConsentPurpose, {ConsentPurpose::kCare, "care"}, {ConsentPurpose::kService, "service"},
              {ConsentPurpose::kSell, "sell"}, {ConsentPurpose::kAdmin, "admin"}, {ConsentPurpose::kProfiling, "profiling"});
RAPPORT_WORDS(CaseKind, {CaseKind::kClaim, "claim"}, {CaseKind::kService, "service"}, {CaseKind::kReturn, "return"});
RAPPORT_WORDS(ConsentState, {ConsentState::kGranted, "granted"}, {ConsentState::kWithdrawn, "withdrawn"});
RAPPORT_WORDS(PromiseBy, {PromiseBy::kOurs, "ours"}, {PromiseBy::kCustomer, "customer"});
RAPPORT_WORDS(DecisionRight, {DecisionRight::kYes, "yes"}, {DecisionRight::kNo, "no"}, {DecisionRight::kShared, "shared"});
RAPPORT_WORDS(MessageClass, {MessageClass::kDefault, "default"}, {MessageClass::kTransactional, "transactional"},
              {MessageClass::kMandatory, "mandatory"});
RAPPORT_WORDS(TouchKind, {TouchKind::kPersonal, "personal"}, {TouchKind::kMass, "mass"}, {TouchKind::kCopy, "copy"}, {TouchKind::kEdit, "edit"});
RAPPORT_WORDS(PersonTitle, {PersonTitle::kMs, "ms"}, {PersonTitle::kMr, "mr"}, {PersonTitle::kDr, "dr"},
              {PersonTitle::kProf, "prof"});

#undef RAPPORT_WORDS

template <class E>
constexpr std::string_view NameOf(E value) {
  for (const auto& word : WordList<E>::kWords) {
    if (word.value == value) return word.name;
  }
  return {};
}

template <class E>
constexpr std::optional<E> FromName(std::string_view name) {
  for (const auto& word : WordList<E>::kWords) {
    if (word.name == name) return word.value;
  }
  return std::nullopt;
}

// A contact's purpose, as consents name it.
constexpr ConsentPurpose ConsentPurposeOf(Purpose purpose) { return static_cast<ConsentPurpose>(purpose); }

}  // namespace rapport

#endif  // RAPPORT_LEDGER_VOCABULARY_HPP_
