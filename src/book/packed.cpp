#include "book/packed.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
enum Flag : std::uint8_t { kSubSecond = 1, kRecorded = 2, kClaimed = 4, kBatch = 8, kSubject = 16 };
constexpr std::string_view kDerivation = "derivation";

template <class M>
struct Inner {
  using Type = M;
  static constexpr bool kOptional = false;
};
template <class M>
struct Inner<std::optional<M>> {
  using Type = M;
  static constexpr bool kOptional = true;
};

struct AnyVisitor {
  template <class... Ignored>
  void Fact(Ignored&&...) {}
  template <class... Ignored>
  void Private(Ignored&&...) {}
};
template <class T>
concept Described = requires(AnyVisitor& visitor) { T::Describe(visitor); };

// --- writing
struct Out {
  std::string& bytes;
  Currency currency;   // of the entry's amounts so far
};

template <class T> void PutStruct(const T& in, Out& out);

void Put(const std::string& value, Out& out) { PutText(value, out.bytes); }
template <class Tag> void Put(const Id<Tag>& value, Out& out) { PutText(value.text(), out.bytes); }
template <class E> requires std::is_enum_v<E>
void Put(E value, Out& out) { PutVarint(static_cast<std::uint64_t>(value), out.bytes); }
void Put(bool value, Out& out) { out.bytes.push_back(value ? 1 : 0); }
void Put(std::int64_t value, Out& out) { PutSigned(value, out.bytes); }
void Put(Day value, Out& out) { PutSigned(value - Day(1970, 1, 1), out.bytes); }
void Put(Instant value, Out& out) { PutSigned(value.micros(), out.bytes); }
void Put(const Json& value, Out& out) { PutText(value.Canonical(), out.bytes); }
void Put(double value, Out& out) {
  const bool whole = value == std::trunc(value) && std::fabs(value) < 9e15 && !(value == 0 && std::signbit(value));
  out.bytes.push_back(whole ? 1 : 0);
  if (whole) return PutSigned(static_cast<std::int64_t>(value), out.bytes);
  char raw[8];
  std::memcpy(raw, &value, sizeof raw);
  out.bytes.append(raw, sizeof raw);
}
void Put(const Money& value, Out& out) {
  const bool same = !out.currency.empty() && value.currency() == out.currency;
  out.bytes.push_back(same ? 1 : 0);
  if (!same) PutText(value.currency().code(), out.bytes);
  out.currency = value.currency();
  PutSigned(value.minor(), out.bytes);
}
template <class T> void Put(const std::vector<T>& values, Out& out) {
  PutVarint(values.size(), out.bytes);
  for (const T& value : values) Put(value, out);
}
template <Described T> void Put(const T& value, Out& out) { PutStruct(value, out); }

// Which optional fields are there.
template <class T>
struct BitWriter {
  const T& in;
  std::uint64_t bits = 0;
  int count = 0;
  template <class M, class... Need>
  void Fact(std::string_view name, M T::*member, Need...) {
    if constexpr (Inner<M>::kOptional) {
      if (name != kDerivation && (in.*member).has_value()) bits |= std::uint64_t{1} << count;
      ++count;
    }
  }
  template <class... Ignored>
  void Private(Ignored&&...) {}
};
template <class T>
struct FieldWriter {
  const T& in;
  Out& out;
  template <class M, class... Need>
  void Fact(std::string_view name, M T::*member, Need...) {
    if (name == kDerivation) return;
    if constexpr (Inner<M>::kOptional) {
      if ((in.*member).has_value()) Put(*(in.*member), out);
    } else {
      Put(in.*member, out);
    }
  }
  template <class... Ignored>
  void Private(Ignored&&...) {}
};
template <class T>
void PutStruct(const T& in, Out& out) {
  BitWriter<T> bits{in};
  T::Describe(bits);
  PutVarint(bits.bits, out.bytes);
  FieldWriter<T> fields{in, out};
  T::Describe(fields);
}

// --- reading
struct In {
  ByteReader bytes;
  Currency currency;
};

template <class T> void GetStruct(In& in, T& out);

void Get(In& in, std::string& out) { out = in.bytes.Text(); }
template <class Tag> void Get(In& in, Id<Tag>& out) { out = Id<Tag>::Trusted(std::string(in.bytes.Text())); }
template <class E> requires std::is_enum_v<E>
void Get(In& in, E& out) { out = static_cast<E>(in.bytes.Varint()); }
void Get(In& in, bool& out) { out = in.bytes.Byte() != 0; }
void Get(In& in, std::int64_t& out) { out = in.bytes.Signed(); }
void Get(In& in, Day& out) { out = Day(1970, 1, 1) + in.bytes.Signed(); }
void Get(In& in, Instant& out) { out = Instant::FromMicros(in.bytes.Signed()); }
void Get(In& in, Json& out) {
  absl::StatusOr<Json> json = Json::Parse(in.bytes.Text());
  RAPPORT_INVARIANT(json.ok(), "packed JSON was JSON when it was packed");
  out = *std::move(json);
}
void Get(In& in, double& out) {
  if (in.bytes.Byte() != 0) {
    out = static_cast<double>(in.bytes.Signed());
    return;
  }
  std::memcpy(&out, in.bytes.Bytes(sizeof out).data(), sizeof out);
}
void Get(In& in, Money& out) {
  if (in.bytes.Byte() == 0) {
    const absl::StatusOr<Currency> currency = Currency::Parse(in.bytes.Text());
    in.currency = currency.ok() ? *currency : Currency();
  }
  out = Money(in.bytes.Signed(), in.currency);
}
template <class T> void Get(In& in, std::vector<T>& out) {
  const std::uint64_t size = in.bytes.Varint();
  out.clear();
  for (std::uint64_t i = 0; i < size; ++i) Get(in, out.emplace_back());
}
template <Described T> void Get(In& in, T& out) { GetStruct(in, out); }

template <class T>
struct FieldReader {
  T& out;
  In& in;
  std::uint64_t bits;
  int count = 0;
  template <class M, class... Need>
  void Fact(std::string_view name, M T::*member, Need...) {
    if constexpr (Inner<M>::kOptional) {
      if ((bits >> count++ & 1) != 0) Get(in, (out.*member).emplace());
    } else {
      if (name != kDerivation) Get(in, out.*member);
    }
  }
  template <class... Ignored>
  void Private(Ignored&&...) {}
};
template <class T>
void GetStruct(In& in, T& out) {
  FieldReader<T> fields{out, in, in.bytes.Varint()};
  T::Describe(fields);
}

using Unpacker = void (*)(In& in, Payload& out);
template <std::size_t I>
void UnpackAs(In& in, Payload& out) {
  using T = std::variant_alternative_t<I, Payload>;
  if constexpr (std::is_same_v<T, Unrecognised>) {
    out.emplace<I>().type = in.bytes.Text();
  } else {
    GetStruct(in, out.emplace<I>());
  }
}
template <std::size_t... I>
constexpr std::array<Unpacker, sizeof...(I)> UnpackersOf(std::index_sequence<I...>) { return {&UnpackAs<I>...}; }
constexpr auto kUnpackers = UnpackersOf(std::make_index_sequence<std::variant_size_v<Payload>>());

void PutTime(Instant at, bool sub_second, std::string& out) { PutSigned(sub_second ? at.micros() : at.micros() / kSecond, out); }

std::uint8_t FlagsOf(const Event& event, bool with_subject) {
  std::uint8_t flags = with_subject ? kSubject : 0;
  if (event.occurred.at.micros() % kSecond != 0) flags |= kSubSecond;
  if (event.recorded != event.occurred.at) flags |= kRecorded;
  if (event.claimed != event.recorded) flags |= kClaimed;
  if (!event.batch.empty()) flags |= kBatch;
  return flags;
}

struct LayoutVisitor {
  std::string& text;
  template <class T, class M, class... Need>
  void Fact(std::string_view name, M T::*, Need...) { text.append(name).append(Inner<M>::kOptional ? "? " : " "); }
  template <class... Ignored>
  void Private(Ignored&&...) {}
};
template <std::size_t... I>
std::string LayoutText(std::index_sequence<I...>) {
  std::string text = "1 ";
  LayoutVisitor visitor{text};
  ((text.append(std::variant_alternative_t<I + 1, Payload>::kType).append(": "),
    std::variant_alternative_t<I + 1, Payload>::Describe(visitor)), ...);
  PurchaseLine::Describe(visitor);
  return text;
}

}  // namespace

std::string_view TypeNameAt(std::uint8_t place) {
  static constexpr auto kNames = [] {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<std::string_view, sizeof...(I)>{std::variant_alternative_t<I, Payload>::kType...};
    }(std::make_index_sequence<std::variant_size_v<Payload>>());
  }();
  return kNames[place];
}

void ByteReader::Broken() { throw InvariantBroken("packed bytes end where their lengths say"); }

void Pack(const Event& event, bool with_subject, std::string& log) {
  std::string entry;
  const std::uint8_t flags = FlagsOf(event, with_subject);
  entry.push_back(static_cast<char>(event.data.index()));
  entry.push_back(static_cast<char>(flags));
  PutTime(event.occurred.at, (flags & kSubSecond) != 0, entry);
  if ((flags & kRecorded) != 0) PutSigned(event.recorded.micros() - event.occurred.at.micros(), entry);
  if ((flags & kClaimed) != 0) PutSigned(event.recorded.micros() - event.claimed.micros(), entry);
  PutText(event.key.source, entry);
  PutText(event.key.id, entry);
  if ((flags & kBatch) != 0) PutText(event.batch.text(), entry);
  if (with_subject) PutText(event.subject.text(), entry);
  Out out{entry, {}};
  std::visit([&](const auto& data) {
    if constexpr (std::is_same_v<std::decay_t<decltype(data)>, Unrecognised>) PutText(data.type, entry);
    else PutStruct(data, out);
  }, event.data);
  PutText(entry, log);
}

bool PackedLess(const PackedEntry& a, const PackedEntry& b) {
  return std::tie(a.occurred, a.claimed, a.source, a.id, a.recorded) < std::tie(b.occurred, b.claimed, b.source, b.id, b.recorded);
}

bool PackedReader::Next(PackedEntry& entry) {
  if (rest_.empty()) return false;
  ByteReader log(rest_);
  const std::string_view bytes = log.Text();
  const std::string_view after = log.Rest();
  entry.whole = rest_.substr(0, rest_.size() - after.size());
  rest_ = after;
  ByteReader in(bytes);
  entry.type = in.Byte();
  RAPPORT_INVARIANT(entry.type < kUnpackers.size(), "a packed type is one of this version");
  const std::uint8_t flags = in.Byte();
  // Unsigned, so that bytes that are no log wrap around and are refused where they are used.
  const auto signed_or_zero = [&](Flag flag) { return (flags & flag) != 0 ? static_cast<std::uint64_t>(in.Signed()) : 0; };
  const std::uint64_t occurred = static_cast<std::uint64_t>(in.Signed()) * ((flags & kSubSecond) != 0 ? 1 : kSecond);
  const std::uint64_t recorded = occurred + signed_or_zero(kRecorded);
  entry.occurred = Instant::FromMicros(static_cast<std::int64_t>(occurred));
  entry.recorded = Instant::FromMicros(static_cast<std::int64_t>(recorded));
  entry.claimed = Instant::FromMicros(static_cast<std::int64_t>(recorded - signed_or_zero(kClaimed)));
  entry.source = in.Text();
  entry.id = in.Text();
  entry.batch = (flags & kBatch) != 0 ? in.Text() : std::string_view();
  entry.subject = (flags & kSubject) != 0 ? in.Text() : std::string_view();
  entry.payload = in.Rest();
  return true;
}

void Unpack(const PackedEntry& entry, Payload& out) {
  In in{ByteReader(entry.payload), {}};
  kUnpackers[entry.type](in, out);
}

const Digest& LayoutDigest() {
  static const Digest digest = HashParts({LayoutText(std::make_index_sequence<std::variant_size_v<Payload> - 1>())});
  return digest;
}

}  // namespace rapport
