// Floor 2, inside. The packed events of many customers in one block of bytes, sorted by customer: the body of a book at rest, and its
// snapshot. Nothing in it is private text.
#ifndef RAPPORT_SRC_BOOK_SEGMENT_HPP_
#define RAPPORT_SRC_BOOK_SEGMENT_HPP_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "rapport/book/book.hpp"

namespace rapport {

struct CustomerLog {
  std::string_view base;   // in the segment
  std::string tail;        // what came since
  std::size_t size() const { return base.size() + tail.size(); }
};

// When a currency was first mentioned, by (code, batch): pairs of (recorded, occurred) none of which is earlier in both.
using CurrencyMentions = std::map<std::pair<std::string, std::string>, std::vector<std::pair<Instant, Instant>>>;

// Counts beside the logs.
struct SegmentHead {
  Digest link{};
  std::int64_t last_sequence = 0;
  std::int64_t event_count = 0;
  Instant latest_recorded = Instant::Min();
  Instant latest_occurred = Instant::Min();
};

class Segment {
 public:
  // `snapshot.invalid`. O(size): the checksum reads everything once.
  static absl::StatusOr<std::shared_ptr<const Segment>> Parse(std::string blob);
  static absl::StatusOr<SegmentHead> HeadOf(std::string_view blob);

  const SegmentHead& head() const { return head_; }
  std::string_view bytes() const { return blob_; }
  std::size_t customers() const { return customers_; }
  std::string_view Name(std::size_t at) const { return names_.substr(Start(at, 0), End(at, 0) - Start(at, 0)); }
  std::string_view Log(std::size_t at) const { return logs_.substr(Start(at, 1), End(at, 1) - Start(at, 1)); }
  std::optional<std::size_t> Find(std::string_view customer) const;
  std::string_view crossing() const { return crossing_; }
  CurrencyMentions Currencies() const;

 private:
  std::uint64_t End(std::size_t at, int which) const;
  std::uint64_t Start(std::size_t at, int which) const { return at == 0 ? 0 : End(at - 1, which); }
  absl::Status Slice();

  std::string blob_;
  SegmentHead head_;
  std::size_t customers_ = 0;
  std::string_view index_, names_, logs_, crossing_, currencies_;
};

// Puts a segment together; customers are added in order.
class SegmentWriter {
 public:
  void Add(std::string_view customer, std::string_view base, std::string_view tail);
  // The blob. `crossing` is put into order as logs are.
  std::string Finish(const SegmentHead& head, std::string_view crossing, const CurrencyMentions& currencies);

 private:
  std::string index_, names_, logs_;
  std::uint64_t customers_ = 0;
};

// The same segment of another ledger link.
std::string WithLink(std::string blob, const Digest& link);

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_SEGMENT_HPP_
