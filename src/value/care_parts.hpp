// Floor 3, inside. What of an account the model care_worth is learned from and asked of: one reading for both.
#ifndef RAPPORT_SRC_VALUE_CARE_PARTS_HPP_
#define RAPPORT_SRC_VALUE_CARE_PARTS_HPP_

#include <optional>
#include <string>
#include <vector>

#include "rapport/value/care_worth.hpp"

namespace rapport {

inline constexpr double kDaysOfYear = 365;

// Of the line with the largest amount, the first of equals; "" where no line names one.
std::string MainProductOf(const PurchaseRecord& purchase);

// The first touch in (after, until] that is care.
std::optional<Instant> FirstCareBetween(const Account& account, const CareTest& is_care, Instant after, Instant until);

// When each other customer was brought by this one, by the account's own referrals: of each the first.
std::vector<Instant> ReferralTimesOf(const Account& account);

// The time since the first purchase before and after the first care, with the referrals in it; nothing without a purchase.
struct CareSpans {
  ReferralSpan uncared, cared;
};
CareSpans CareSpansOf(const Account& account, const CareTest& is_care, Instant as_of, const std::vector<Instant>& referrals);

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_CARE_PARTS_HPP_
