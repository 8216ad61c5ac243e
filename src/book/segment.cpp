#define XXH_INLINE_ALL
#include <xxhash.h>

#include "book/segment.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "book/packed.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

static_assert(std::endian::native == std::endian::little, "a snapshot's numbers are little-endian");

constexpr std::string_view kMagic = "RAPPORTB";
constexpr std::uint64_t kVersion = 2;
constexpr std::size_t kWord = 8;
// magic, version, checksum, layout, link, then the numbers below.
constexpr std::size_t kNumbers = 9;
constexpr std::size_t kChecked = kMagic.size() + 2 * kWord;   // from here on the checksum counts
constexpr std::size_t kHeadSize = kChecked + 64 + kNumbers * kWord;
constexpr std::size_t kIndexEntry = 2 * kWord;

std::uint64_t WordAt(std::string_view bytes, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, bytes.data() + at, kWord);
  return word;
}

void PutWord(std::uint64_t word, std::string& out) {
  char raw[kWord];
  std::memcpy(raw, &word, kWord);
  out.append(raw, kWord);
}

std::string_view Bytes(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

absl::Status InvalidSnapshot(std::string_view what) {
  return Invalid("snapshot.invalid", "snapshot: found " + std::string(what) + ", expected one that this version wrote: leave it out and read the ledger");
}

// In canonical order, whatever the order of arrival was.
void AppendOrdered(std::string_view base, std::string_view tail, std::string& out) {
  std::vector<PackedEntry> entries;
  for (const std::string_view part : {base, tail}) {
    PackedReader reader(part);
    for (PackedEntry entry; reader.Next(entry);) entries.push_back(entry);
  }
  if (!std::is_sorted(entries.begin(), entries.end(), PackedLess)) std::sort(entries.begin(), entries.end(), PackedLess);
  for (const PackedEntry& entry : entries) out.append(entry.whole);
}

std::string CurrencyBytes(const CurrencyMentions& currencies) {
  std::string out;
  PutVarint(currencies.size(), out);
  for (const auto& [key, mentions] : currencies) {
    PutText(key.first, out);
    PutText(key.second, out);
    PutVarint(mentions.size(), out);
    for (const auto& [recorded, occurred] : mentions) {
      PutSigned(recorded.micros(), out);
      PutSigned(occurred.micros(), out);
    }
  }
  return out;
}

}  // namespace

void SegmentWriter::Add(std::string_view customer, std::string_view base, std::string_view tail) {
  names_.append(customer);
  // What lies in a segment is in order already.
  if (tail.empty()) logs_.append(base);
  else AppendOrdered(base, tail, logs_);
  PutWord(names_.size(), index_);
  PutWord(logs_.size(), index_);
  ++customers_;
}

std::string SegmentWriter::Finish(const SegmentHead& head, std::string_view crossing, const CurrencyMentions& currencies) {
  std::string ordered;
  AppendOrdered({}, crossing, ordered);
  const std::string money = CurrencyBytes(currencies);
  std::string out;
  out.reserve(kHeadSize + index_.size() + names_.size() + logs_.size() + ordered.size() + money.size());
  out.append(kMagic);
  PutWord(kVersion, out);
  PutWord(0, out);
  out.append(Bytes(LayoutDigest())).append(Bytes(head.link));
  for (const std::int64_t number : {head.last_sequence, head.event_count, head.latest_recorded.micros(), head.latest_occurred.micros()}) {
    PutWord(static_cast<std::uint64_t>(number), out);
  }
  for (const std::uint64_t number : {customers_, names_.size(), logs_.size(), ordered.size(), money.size()}) PutWord(number, out);
  for (std::string* part : {&index_, &names_, &logs_}) {
    out.append(*part);
    std::string().swap(*part);
  }
  out.append(ordered).append(money);
  return WithLink(std::move(out), head.link);
}

std::string WithLink(std::string blob, const Digest& link) {
  std::memcpy(blob.data() + kChecked + LayoutDigest().size(), link.data(), link.size());
  const std::uint64_t checksum = XXH3_64bits(blob.data() + kChecked, blob.size() - kChecked);
  std::memcpy(blob.data() + kMagic.size() + kWord, &checksum, kWord);
  return blob;
}

absl::StatusOr<SegmentHead> Segment::HeadOf(std::string_view blob) {
  if (blob.size() < kHeadSize || !blob.starts_with(kMagic)) return InvalidSnapshot("other bytes");
  if (WordAt(blob, kMagic.size()) != kVersion) return InvalidSnapshot("another version");
  if (blob.substr(kChecked, 32) != Bytes(LayoutDigest())) return InvalidSnapshot("the layout of another version");
  SegmentHead head;
  std::memcpy(head.link.data(), blob.data() + kChecked + 32, head.link.size());
  const std::size_t numbers = kChecked + 64;
  head.last_sequence = static_cast<std::int64_t>(WordAt(blob, numbers));
  head.event_count = static_cast<std::int64_t>(WordAt(blob, numbers + kWord));
  head.latest_recorded = Instant::FromMicros(static_cast<std::int64_t>(WordAt(blob, numbers + 2 * kWord)));
  head.latest_occurred = Instant::FromMicros(static_cast<std::int64_t>(WordAt(blob, numbers + 3 * kWord)));
  return head;
}

absl::StatusOr<std::shared_ptr<const Segment>> Segment::Parse(std::string blob) {
  auto segment = std::make_shared<Segment>();
  segment->blob_ = std::move(blob);
  RAPPORT_ASSIGN_OR_RETURN(segment->head_, HeadOf(segment->blob_));
  RAPPORT_RETURN_IF_ERROR(segment->Slice());
  return std::shared_ptr<const Segment>(std::move(segment));
}

absl::Status Segment::Slice() {
  const std::string_view all = blob_;
  if (XXH3_64bits(all.data() + kChecked, all.size() - kChecked) != WordAt(all, kMagic.size() + kWord)) return InvalidSnapshot("another checksum");
  const std::size_t numbers = kChecked + 64 + 4 * kWord;
  std::uint64_t sizes[5];
  for (std::size_t i = 0; i < 5; ++i) sizes[i] = WordAt(all, numbers + i * kWord);
  customers_ = sizes[0];
  if (sizes[0] > all.size() / kIndexEntry) return InvalidSnapshot("more customers than bytes");
  sizes[0] *= kIndexEntry;
  std::string_view rest = all.substr(kHeadSize);
  std::string_view* const parts[] = {&index_, &names_, &logs_, &crossing_, &currencies_};
  for (std::size_t i = 0; i < 5; ++i) {
    if (sizes[i] > rest.size()) return InvalidSnapshot("parts that are longer than all of it");
    *parts[i] = rest.substr(0, sizes[i]);
    rest.remove_prefix(sizes[i]);
  }
  for (int which = 0; which < 2; ++which) {
    std::uint64_t last = 0;
    const std::uint64_t size = which == 0 ? names_.size() : logs_.size();
    for (std::size_t at = 0; at < customers_; ++at) {
      if (End(at, which) < last || End(at, which) > size) return InvalidSnapshot("an index out of order");
      last = End(at, which);
    }
  }
  return rest.empty() ? absl::OkStatus() : InvalidSnapshot("bytes beyond its end");
}

std::uint64_t Segment::End(std::size_t at, int which) const {
  return WordAt(index_, at * kIndexEntry + static_cast<std::size_t>(which) * kWord);
}

std::optional<std::size_t> Segment::Find(std::string_view customer) const {
  std::size_t low = 0, high = customers_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (Name(middle) < customer) low = middle + 1;
    else high = middle;
  }
  return low < customers_ && Name(low) == customer ? std::optional<std::size_t>(low) : std::nullopt;
}

CurrencyMentions Segment::Currencies() const {
  CurrencyMentions out;
  ByteReader in(currencies_);
  for (std::uint64_t n = in.Varint(); n > 0; --n) {
    const std::string code(in.Text());
    auto& mentions = out[{code, std::string(in.Text())}];
    for (std::uint64_t m = in.Varint(); m > 0; --m) {
      const Instant recorded = Instant::FromMicros(in.Signed());
      mentions.emplace_back(recorded, Instant::FromMicros(in.Signed()));
    }
  }
  return out;
}

}  // namespace rapport
