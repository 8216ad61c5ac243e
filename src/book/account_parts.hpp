// Floor 2, inside. Which part of an account an event changes.
//
// No part's records are read or written when an event of another part is folded, so events of two parts give the same account in either
// order; only which event was the account's first depends on all. Who keeps something that was made from some parts of an account knows by
// them whether it is still good.
#ifndef RAPPORT_SRC_BOOK_ACCOUNT_PARTS_HPP_
#define RAPPORT_SRC_BOOK_ACCOUNT_PARTS_HPP_

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace rapport {

enum class AccountPart : std::uint8_t {
  kParties,         // the customer himself, his owner
  kContacts,
  kTrade,
  kTouches,
  kRefusals,
  kPermission,      // consents, do-not-contact, erasure
  kWorries,
  kPromises,
  kFollowUps,       // with enrolments
  kNeeds,
  kAppointments,
  kContracts,
  kOpportunities,
  kCases,
  kFeedback,        // and what was expected
  kReferrals,
  kHost,            // the host's own signals
  kNotes,           // facts, lessons and whatever else nothing is decided by
  kLedger,          // corrections, retractions, merges: they change what other events say
};
inline constexpr std::size_t kAccountParts = static_cast<std::size_t>(AccountPart::kLedger) + 1;

// By the place of the type in Payload.
AccountPart PartOf(std::size_t type);

class AccountParts {
 public:
  void Add(AccountPart part) { parts_.set(static_cast<std::size_t>(part)); }
  void Add(const AccountParts& more) { parts_ |= more.parts_; }
  void AddAll() { parts_.set(); }
  bool Contains(AccountPart part) const { return parts_.test(static_cast<std::size_t>(part)); }
  bool Meets(const AccountParts& other) const { return (parts_ & other.parts_).any(); }

 private:
  std::bitset<kAccountParts> parts_;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_ACCOUNT_PARTS_HPP_
