// Floor 2, inside. Events as packed bytes: what the book keeps of them. Private fields, and a follow-up's derivation, which only an
// explanation reads (from the ledger), are left out.
//
//   entry   = length, type (place in Payload), flags, occurred, [recorded], [claimed], source, id, [batch], [subject], payload
//   payload = bits that say which optional fields are there, then the fields in the order of Describe
//
// Numbers are base-128 varints, signed ones zigzag; texts are a length and bytes; an amount is its minor units and, where it is the
// first of the entry, its currency. The layout is private to one version: LayoutDigest changes when any type's fields do.
#ifndef RAPPORT_SRC_BOOK_PACKED_HPP_
#define RAPPORT_SRC_BOOK_PACKED_HPP_

#include <cstdint>
#include <string>
#include <string_view>

#include "rapport/core/hash.hpp"
#include "rapport/ledger/event.hpp"

namespace rapport {

// The place of a type in Payload.
template <class T, std::size_t I = 0>
constexpr std::size_t IndexOf() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, Payload>, T>) return I;
  else return IndexOf<T, I + 1>();
}

// An entry without its payload read. Texts point into the log.
struct PackedEntry {
  std::uint8_t type = 0;
  Instant occurred, recorded, claimed;
  std::string_view source, id, batch, subject;
  std::string_view payload;
  std::string_view whole;   // the entry with its length
};

// The name of a packed type; empty for Unrecognised.
std::string_view TypeNameAt(std::uint8_t place);

// Appends the event to `log`. `with_subject`: for a log of several customers.
void Pack(const Event& event, bool with_subject, std::string& log);

// Canonical order, and one for what is equal in it, so that the bytes of a log do not depend on arrival.
bool PackedLess(const PackedEntry& a, const PackedEntry& b);

// Goes over the entries of a log. Bytes that are no log break an invariant.
class PackedReader {
 public:
  explicit PackedReader(std::string_view log) : rest_(log) {}
  bool Next(PackedEntry& entry);

 private:
  std::string_view rest_;
};

// The payload alone.
void Unpack(const PackedEntry& entry, Payload& out);

// Of the fields of every type, in order.
const Digest& LayoutDigest();

// Bytes with bounds, for logs and snapshots.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  bool done() const { return at_ == end_; }
  std::uint8_t Byte() {
    Need(1);
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = Byte();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    Broken();
  }
  std::int64_t Signed() {
    const std::uint64_t raw = Varint();
    return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
  }
  std::string_view Bytes(std::uint64_t size) {
    Need(size);
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  std::string_view Text() { return Bytes(Varint()); }
  std::string_view Rest() { return Bytes(static_cast<std::uint64_t>(end_ - at_)); }

 private:
  void Need(std::uint64_t size) const {
    if (size > static_cast<std::uint64_t>(end_ - at_)) Broken();
  }
  [[noreturn]] static void Broken();
  const char* at_;
  const char* end_;
};

inline void PutVarint(std::uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}
inline void PutSigned(std::int64_t value, std::string& out) {
  PutVarint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63), out);
}
inline void PutText(std::string_view text, std::string& out) {
  PutVarint(text.size(), out);
  out.append(text);
}

}  // namespace rapport

#endif  // RAPPORT_SRC_BOOK_PACKED_HPP_
