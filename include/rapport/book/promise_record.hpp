// Floor 2. A promise as the account's events tell it: its terms, how they were revised, how far it is, what was delivered. account.hpp
// includes this. What became of it is judged on floor 3 (expectation/promise_outcome.hpp), from this record alone.
#ifndef RAPPORT_BOOK_PROMISE_RECORD_HPP_
#define RAPPORT_BOOK_PROMISE_RECORD_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// A new word in place of the old one. Agreed, it is what the promise is judged by from `at` on; only announced, it changes nothing of the
// promise's terms, and `due_after`, `quantity_after` say what was announced.
struct PromiseRevision {
  EventKey key;
  Instant at;
  std::optional<Day> due_before;            // the agreed terms until then
  std::optional<double> quantity_before;
  bool agreed = true;
  std::optional<Day> due_after;
  std::optional<double> quantity_after;
};

struct PromiseDelivery {
  EventKey key;
  Instant at;
  std::optional<double> quantity;   // null: all that was open
};

// Told of the promise, and counted for nothing of it.
enum class UncountedBecause { kBeforePromise, kOtherUnit, kAfterWithdrawal };
struct UncountedDelivery {
  PromiseDelivery delivery;
  UncountedBecause because = UncountedBecause::kBeforePromise;
};

struct PromiseRecord {
  EventKey key;
  PromiseId id;
  Instant made;
  std::optional<double> quantity;          // of the newest agreed word, as are unit and due
  std::optional<std::string> unit;
  std::optional<Day> due;
  std::optional<std::string> dimension;
  PromiseBy by = PromiseBy::kOurs;
  std::optional<RepId> rep;
  std::optional<ContactId> contact;
  std::optional<OrderId> order;
  std::optional<ProductId> product;
  std::optional<std::int64_t> work_minutes;   // the work it takes, as it was said when it was made
  std::optional<std::int64_t> work_left;      // as it was said last
  std::optional<double> ready;                // stands ready to be handed over: as it was said last, less what was delivered since
  EventKey progressed_by;                     // the last promise.progressed; empty where there was none
  EventKey ready_by;                          // the last that said what stands ready
  std::optional<Instant> all_ready_since;     // from when on what stands ready and what was delivered are all that was promised, without a gap
  EventKey all_ready_by;                      // what made it so
  std::optional<Instant> ready_at;
  double delivered_quantity = 0;
  std::vector<PromiseDelivery> deliveries;    // those that count, in order
  std::vector<UncountedDelivery> uncounted;   // those that do not, in order
  std::optional<Instant> last_delivery;
  bool fulfilled = false;      // all of it, or done
  std::optional<Instant> fulfilled_at;
  EventKey fulfilled_by;
  std::vector<PromiseRevision> revisions;     // in order, announced ones too
  std::optional<Instant> withdrawn;
  EventKey withdrawn_by;
};

}  // namespace rapport

#endif  // RAPPORT_BOOK_PROMISE_RECORD_HPP_
