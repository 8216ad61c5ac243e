// Events with generated content, by going over each type's Describe: every type and every field has its turn, also the
// ones that are added later. The same seed gives the same events.
#ifndef RAPPORT_TESTS_LEDGER_PAYLOAD_SAMPLES_HPP_
#define RAPPORT_TESTS_LEDGER_PAYLOAD_SAMPLES_HPP_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ledger/payload_table.hpp"
#include "rapport/ledger/bounds.hpp"
#include "rapport/ledger/codec.hpp"

namespace rapport::samples {

// splitmix64.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t Below(std::uint64_t end) { return Next() % end; }
  bool Coin() { return (Next() & 1) != 0; }

 private:
  std::uint64_t state_;
};

enum class Fill { kSome, kAll };  // optional fields

inline Currency CurrencyOf(std::string_view code) { return Currency::Parse(code).value(); }

inline std::string AnyText(Draw& draw) {
  static const std::string kTexts[] = {"plain", "", "She said \"no\"\nand left", "小田 花子", "오세훈", "王 小明", "Ünïcødé\t",
                                       std::string("nul\0inside", 10), "\xF0\x9F\x98\x80", "a/b\\c"};
  return kTexts[draw.Below(std::size(kTexts))];
}

inline Instant AnyInstant(Draw& draw) {
  if (draw.Below(20) == 0) return draw.Coin() ? Instant::Max() : Instant::Min();
  return Instant::FromMicros(static_cast<std::int64_t>(draw.Below(4'000'000'000u)) * 1'000'000 - 1'000'000'000'000'000 +
                             (draw.Coin() ? static_cast<std::int64_t>(draw.Below(1'000'000)) : 0));
}

inline Json AnyJson(Draw& draw, int depth = 3) {
  switch (draw.Below(depth == 0 ? 4 : 6)) {
    case 0: return Json(AnyText(draw));
    case 1: return Json(static_cast<double>(draw.Next() >> 11) * (draw.Coin() ? 1e-7 : 1.0));
    case 2: return Json(draw.Coin());
    case 3: return Json();
    case 4: {
      Json::Array array;
      for (std::uint64_t n = draw.Below(4); n > 0; --n) array.push_back(AnyJson(draw, depth - 1));
      return array;
    }
    default: {
      Json::Object object;
      for (std::uint64_t n = draw.Below(4); n > 0; --n) object.emplace(AnyText(draw), AnyJson(draw, depth - 1));
      return object;
    }
  }
}

class Filler {
 public:
  Filler(Draw& draw, Fill fill) : draw_(draw), fill_(fill) {
    static constexpr std::string_view kCodes[] = {"EUR", "JPY", "KWD", "KRW", "USD"};
    currency_ = CurrencyOf(kCodes[draw_.Below(std::size(kCodes))]);
  }

  template <class T>
  void Struct(T& out);
  template <class M>
  void Set(M& out) {
    using Bare = typename wire::Member<M>::Type;
    if constexpr (wire::Member<M>::kOptional) {
      if (fill_ == Fill::kSome && draw_.Coin()) return;
      Bare value{};
      Value(value);
      out = std::move(value);
    } else {
      Value(out);
    }
  }

 private:
  void Value(std::string& out) { out = AnyText(draw_); }
  template <class Tag>
  void Value(Id<Tag>& out) { out = Id<Tag>::Trusted(std::string(Tag::kName) + "-" + std::to_string(draw_.Below(50))); }
  template <wire::Worded E>
  void Value(E& out) { out = WordList<E>::kWords[draw_.Below(WordList<E>::kWords.size())].value; }
  void Value(bool& out) { out = draw_.Coin(); }
  void Value(std::int64_t& out) {
    static constexpr std::int64_t kLargest = std::int64_t{1} << 53;
    out = draw_.Below(10) == 0 ? (draw_.Coin() ? kLargest : -kLargest) : static_cast<std::int64_t>(draw_.Below(500));
  }
  void Value(double& out) { out = static_cast<double>(draw_.Below(1'000'000)) / 997.0 * (draw_.Coin() ? 1 : -1); }
  void Value(Day& out) { out = draw_.Below(20) == 0 ? Day(9999, 12, 31) : Day(1970, 1, 1) + static_cast<int>(draw_.Below(40'000)); }
  void Value(Instant& out) { out = AnyInstant(draw_); }
  void Value(Money& out) {
    const auto minor = static_cast<std::int64_t>(draw_.Next());
    out = Money(draw_.Below(10) == 0 ? minor : minor % 100'000, currency_);
  }
  void Value(Json& out) { out = AnyJson(draw_); }
  template <class T>
  void Value(std::vector<T>& out) {
    out.resize(draw_.Below(4) + (fill_ == Fill::kAll ? 1 : 0));
    for (T& element : out) Value(element);
  }
  template <wire::Described T>
  void Value(T& out) { Struct(out); }

  Draw& draw_;
  Fill fill_;
  Currency currency_;
};

template <class T>
struct FieldFiller {
  T& out;
  Filler& filler;
  template <class M>
  void Fact(std::string_view, M T::*member, Need = kOptional) { filler.Set(out.*member); }
  template <class M>
  void Private(std::string_view, M T::*member, Need = kOptional) { filler.Set(out.*member); }
};

template <class T>
void Filler::Struct(T& out) {
  FieldFiller<T> fields{out, *this};
  T::Describe(fields);
}

inline constexpr std::size_t kTypes = std::variant_size_v<Payload> - 1;

template <std::size_t... I>
Payload PayloadOf(std::size_t index, Draw& draw, Fill fill, std::index_sequence<I...>) {
  Payload payload;
  Filler filler(draw, fill);
  (void)((I == index ? (filler.Struct(payload.emplace<I + 1>()), true) : false) || ...);
  return payload;
}

// `index` below kTypes: each alternative of Payload but Unrecognised.
inline Payload AnyPayload(std::size_t index, Draw& draw, Fill fill) {
  return PayloadOf(index, draw, fill, std::make_index_sequence<kTypes>());
}

// The one payload whose fields depend on each other: what it says must be of its type.
inline void MakeValid(EventCorrected& correction, Draw& draw) {
  Event touch;
  touch.data = AnyPayload(9, draw, Fill::kSome);
  correction.target_type = touch.type();
  correction.facts = EncodeFacts(touch);
  if (correction.text) correction.text = EncodePrivate(touch);
}

// Work and what stands ready are never less than nothing, days between contacts never less than one, minutes of a day no more than it has.
inline void MakeValid(Payload& data) {
  if (auto* customer = std::get_if<CustomerUpserted>(&data)) {
    for (auto* days : {&customer->contact_ideal_days, &customer->contact_latest_days}) {
      if (*days && **days < 1) *days = 1 - **days / 2;   // also of the least number
    }
  }
  const auto no_less_than_nothing = [](auto& number) { if (number && *number < 0) *number = -*number; };
  const auto within = [](std::optional<std::int64_t>& number, std::int64_t least, std::int64_t most) {
    if (number) *number = std::clamp(*number, least, most);
  };
  if (auto* rep = std::get_if<RepUpserted>(&data)) {
    within(rep->minutes, 0, kMinutesOfADay);
    within(rep->reserve_minutes, 0, kMinutesOfADay);
    within(rep->travel_minutes, 0, kMostTravelMinutes);
    no_less_than_nothing(rep->visit_quota);
  }
  if (auto* appointment = std::get_if<AppointmentMade>(&data)) within(appointment->minutes, 1, kMinutesOfADay);
  if (auto* made = std::get_if<PromiseMade>(&data)) no_less_than_nothing(made->work_minutes);
  if (auto* progressed = std::get_if<PromiseProgressed>(&data)) {
    no_less_than_nothing(progressed->ready);
    no_less_than_nothing(progressed->work_minutes);
  }
}

inline Event AnyEvent(std::size_t index, Draw& draw, Fill fill = Fill::kSome) {
  Event event;
  event.data = AnyPayload(index, draw, fill);
  if (auto* correction = std::get_if<EventCorrected>(&event.data)) MakeValid(*correction, draw);
  MakeValid(event.data);
  event.key = {"test", "e-" + std::to_string(draw.Below(1'000'000'000))};
  if (wire::FindType(event.type())->subject != wire::SubjectRule::kRefused) event.subject = CustomerId::Trusted("c-" + std::to_string(draw.Below(20)));
  const Instant at = Instant::FromMicros(1'700'000'000'000'000 + static_cast<std::int64_t>(draw.Below(50'000'000)) * 1'000'000);
  event.occurred = {at, static_cast<std::int16_t>(static_cast<int>(draw.Below(1600)) - 800)};
  event.recorded = at.PlusMinutes(static_cast<std::int64_t>(draw.Below(10'000)));
  event.claimed = event.recorded;
  return event;
}

// Events with identities "test e-0", "e-1", ...: every type in turn.
inline std::vector<Event> AnyEvents(std::size_t count, std::uint64_t seed, Fill fill = Fill::kSome) {
  Draw draw(seed);
  std::vector<Event> events;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(AnyEvent(i % kTypes, draw, fill));
    events.back().key.id = "e-" + std::to_string(i);
  }
  return events;
}

// The same without customer.erased, which takes text away from others as it is appended.
inline std::vector<Event> LastingEvents(std::size_t count, std::uint64_t seed, Fill fill = Fill::kSome) {
  std::vector<Event> events = AnyEvents(count, seed, fill);
  Draw draw(seed);
  for (Event& event : events) {
    if (event.As<CustomerErased>() != nullptr) event.data = AnyPayload(9, draw, fill);
  }
  return events;
}

// What the event says and carries, as text to compare.
inline std::string TextOf(const Event& event) { return EncodeEvent(event).Canonical(); }

}  // namespace rapport::samples

#endif  // RAPPORT_TESTS_LEDGER_PAYLOAD_SAMPLES_HPP_
