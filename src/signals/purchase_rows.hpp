// Floor 4, inside. What several signals ask of an account's purchases.
#ifndef RAPPORT_SRC_SIGNALS_PURCHASE_ROWS_HPP_
#define RAPPORT_SRC_SIGNALS_PURCHASE_ROWS_HPP_

#include "rapport/book/account.hpp"
#include "signals/rows.hpp"

namespace rapport {

// The purchase that was delivered last; of several at one moment the one placed last. Null while nothing was delivered.
inline const PurchaseRecord* LastDelivered(const SignalInput& in) {
  const PurchaseRecord* last = nullptr;
  for (const PurchaseRecord& purchase : in.account->purchases) {
    if (purchase.delivered.has_value() && (last == nullptr || *purchase.delivered >= *last->delivered)) last = &purchase;
  }
  return last;
}

// The delivery, and the order without which it would be that of another one, or of none.
inline void CiteDelivery(const SignalInput& in, const PurchaseRecord& purchase, SignalValue& out) {
  Cite(in, purchase.delivered_by, out);
  Cite(in, purchase.key, out);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_SIGNALS_PURCHASE_ROWS_HPP_
