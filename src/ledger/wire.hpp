// Floor 1, inside. One field of a payload on the wire: how each type of member is read, written, checked and
// described in a JSON Schema. payload.hpp puts fields together into payloads.
#ifndef RAPPORT_SRC_LEDGER_WIRE_HPP_
#define RAPPORT_SRC_LEDGER_WIRE_HPP_

#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rapport/core/ids.hpp"
#include "rapport/core/json.hpp"
#include "rapport/core/money.hpp"
#include "rapport/core/status.hpp"
#include "rapport/core/time.hpp"
#include "rapport/ledger/vocabulary.hpp"

namespace rapport::wire {

// Where a value stands, as a chain on the stack: its text is made only when something is wrong.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;
  std::int64_t index = -1;  // >= 0: an element of the parent
  // "lines[0].amount"
  std::string Text() const;
};

struct ReadContext {
  Currency currency;               // of every amount in the event; empty where it names none
  Json::Object* extra = nullptr;   // takes what is unknown; nullptr: unknown is an error
};

// The one currency of an event, found while its amounts are written or checked.
struct CurrencyContext {
  Currency currency;
};

// "field lines[0].amount: found ..., expected ..." with token event.invalid_field.
absl::Status InvalidField(const Path& path, std::string_view found, std::string_view expected);
absl::Status WrongKind(const Path& path, const Json& found, std::string_view expected);
absl::Status MissingField(const Path& path, std::string_view expected);
absl::Status UnknownField(const Path& path, const std::vector<std::string_view>& expected);
// The failure with "field <path>: " before its message.
absl::Status AtField(const absl::Status& status, const Path& path);
// `json` as a message shows it: canonical, cut short.
std::string Shown(const Json& json);

absl::Status CheckText(const std::string& text, const Path& path);
absl::Status CheckInstant(Instant at, const Path& path);
// A tree that can be written and read back: finite numbers, UTF-8, no more levels than Json::Parse takes inside the
// `data` of an event.
inline constexpr int kDeepestTree = 62;
absl::Status CheckTree(const Json& json, const Path& path, int depth = kDeepestTree);
absl::Status CheckMoney(const Money& money, CurrencyContext& context, const Path& path);
absl::StatusOr<Money> ReadMoney(const Json& json, const ReadContext& context, const Path& path);

// Stands in for the visitors of payload.hpp where only the existence of Describe is asked.
struct AnyVisitor {
  template <class... Ignored>
  void Fact(Ignored&&...) {}
  template <class... Ignored>
  void Private(Ignored&&...) {}
};

// A struct that lists its fields (payloads.hpp), and an enumeration of vocabulary.hpp.
template <class T>
concept Described = requires(AnyVisitor& visitor) { T::Describe(visitor); };
template <class E>
concept Worded = std::is_enum_v<E> && requires { WordList<E>::kWords; };

template <class T>
struct Field;  // Read, Write, Check, Schema for one type of member

template <>
struct Field<std::string> {
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, std::string& out) {
    const std::string* text = json.if_string();
    if (text == nullptr) return WrongKind(path, json, "a string");
    out = *text;
    return absl::OkStatus();
  }
  static Json Write(const std::string& value, CurrencyContext&) { return Json(value); }
  static absl::Status Check(const std::string& value, CurrencyContext&, const Path& path) {
    return CheckText(value, path);
  }
  static Json::Object Schema() { return {{"type", "string"}}; }
};

template <class Tag>
struct Field<Id<Tag>> {
  static absl::Status Read(const Json& json, ReadContext& context, const Path& path, Id<Tag>& out) {
    const std::string* text = json.if_string();
    if (text == nullptr) return WrongKind(path, json, "a string");
    out = Id<Tag>::Trusted(*text);
    CurrencyContext none{context.currency};
    return Check(out, none, path);
  }
  static Json Write(const Id<Tag>& value, CurrencyContext&) { return Json(value.text()); }
  static absl::Status Check(const Id<Tag>& value, CurrencyContext&, const Path& path) {
    absl::Status status = CheckId(value.text(), "");
    return status.ok() ? status : CheckId(value.text(), "field " + path.Text());
  }
  static Json::Object Schema() { return {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}; }
};

template <Worded E>
struct Field<E> {
  static std::string Words() {
    std::string words = "one of ";
    for (const auto& word : WordList<E>::kWords) {
      if (&word != &WordList<E>::kWords.front()) words += ", ";
      words += word.name;
    }
    return words;
  }
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, E& out) {
    const std::string* text = json.if_string();
    const std::optional<E> value = text == nullptr ? std::nullopt : FromName<E>(*text);
    if (!value) return WrongKind(path, json, Words());
    out = *value;
    return absl::OkStatus();
  }
  static Json Write(E value, CurrencyContext&) { return Json(NameOf(value)); }
  static absl::Status Check(E value, CurrencyContext&, const Path& path) {
    if (!NameOf(value).empty()) return absl::OkStatus();
    return InvalidField(path, "the number " + std::to_string(static_cast<int>(value)), Words());
  }
  static Json::Object Schema() {
    Json::Array names;
    for (const auto& word : WordList<E>::kWords) names.emplace_back(word.name);
    return {{"type", "string"}, {"enum", std::move(names)}};
  }
};

template <>
struct Field<bool> {
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, bool& out) {
    const bool* value = json.if_bool();
    if (value == nullptr) return WrongKind(path, json, "true or false");
    out = *value;
    return absl::OkStatus();
  }
  static Json Write(bool value, CurrencyContext&) { return Json(value); }
  static absl::Status Check(bool, CurrencyContext&, const Path&) { return absl::OkStatus(); }
  static Json::Object Schema() { return {{"type", "boolean"}}; }
};

template <>
struct Field<std::int64_t> {
  static constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, std::int64_t& out) {
    const std::optional<std::int64_t> value = json.if_integer();
    if (!value) return WrongKind(path, json, "a whole number");
    out = *value;
    return absl::OkStatus();
  }
  static Json Write(std::int64_t value, CurrencyContext&) { return Json::Integer(value); }
  static absl::Status Check(std::int64_t value, CurrencyContext&, const Path& path) {
    if (value >= -kLargest && value <= kLargest) return absl::OkStatus();
    return InvalidField(path, std::to_string(value), "a whole number within 2^53");
  }
  static Json::Object Schema() { return {{"type", "integer"}}; }
};

template <>
struct Field<double> {
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, double& out) {
    const double* value = json.if_number();
    if (value == nullptr) return WrongKind(path, json, "a number");
    out = *value;
    return absl::OkStatus();
  }
  static Json Write(double value, CurrencyContext&) { return Json(value); }
  static absl::Status Check(double value, CurrencyContext&, const Path& path) {
    return std::isfinite(value) ? absl::OkStatus() : InvalidField(path, "infinity or NaN", "a finite number");
  }
  static Json::Object Schema() { return {{"type", "number"}}; }
};

template <>
struct Field<Day> {
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, Day& out) {
    const std::string* text = json.if_string();
    if (text == nullptr) return WrongKind(path, json, "a date such as \"2026-03-02\"");
    absl::StatusOr<Day> day = ParseDay(*text);
    if (!day.ok()) return AtField(day.status(), path);
    out = *day;
    return absl::OkStatus();
  }
  static Json Write(Day value, CurrencyContext&) { return Json(FormatDay(value)); }
  static absl::Status Check(Day value, CurrencyContext&, const Path& path) {
    if (value.year() >= 1 && value.year() <= 9999) return absl::OkStatus();
    return InvalidField(path, "the year " + std::to_string(value.year()), "a year from 1 to 9999");
  }
  static Json::Object Schema() { return {{"type", "string"}, {"format", "date"}}; }
};

template <>
struct Field<Instant> {
  static absl::Status Read(const Json& json, ReadContext&, const Path& path, Instant& out) {
    const std::string* text = json.if_string();
    if (text == nullptr) return WrongKind(path, json, "a time such as \"2026-03-02T10:15:00+09:00\"");
    absl::StatusOr<Stamp> stamp = ParseStamp(*text);
    if (!stamp.ok()) return AtField(stamp.status(), path);
    out = stamp->at;
    return absl::OkStatus();
  }
  static Json Write(Instant value, CurrencyContext&) { return Json(FormatInstant(value)); }
  static absl::Status Check(Instant value, CurrencyContext&, const Path& path) { return CheckInstant(value, path); }
  static Json::Object Schema() { return {{"type", "string"}, {"format", "date-time"}}; }
};

template <>
struct Field<Money> {
  static absl::Status Read(const Json& json, ReadContext& context, const Path& path, Money& out) {
    absl::StatusOr<Money> money = ReadMoney(json, context, path);
    if (money.ok()) out = *money;
    return money.status();
  }
  static Json Write(const Money& value, CurrencyContext& context) {
    context.currency = value.currency();
    return Json(value.ToDecimal());
  }
  static absl::Status Check(const Money& value, CurrencyContext& context, const Path& path) {
    return CheckMoney(value, context, path);
  }
  static Json::Object Schema() { return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]+)?$"}}; }
};

template <>
struct Field<Json> {
  static absl::Status Read(const Json& json, ReadContext&, const Path&, Json& out) {
    out = json;
    return absl::OkStatus();
  }
  static Json Write(const Json& value, CurrencyContext&) { return value; }
  static absl::Status Check(const Json& value, CurrencyContext&, const Path& path) { return CheckTree(value, path); }
  static Json::Object Schema() { return {}; }
};

// std::optional and plain members alike.
template <class M>
struct Member {
  using Type = M;
  static constexpr bool kOptional = false;
};
template <class M>
struct Member<std::optional<M>> {
  using Type = M;
  static constexpr bool kOptional = true;
};
template <class M>
struct Element {
  using Type = void;
};
template <class M>
struct Element<std::vector<M>> {
  using Type = M;
};

template <class M>
inline constexpr bool kIsId = false;
template <class Tag>
inline constexpr bool kIsId<Id<Tag>> = true;

// False where a member says nothing, so that nothing is written: an empty optional, an empty id in one ("none"), a
// list that is not optional and has no element.
template <class M>
bool SaysSomething(const M& value) {
  if constexpr (Member<M>::kOptional) {
    if (!value.has_value()) return false;
    if constexpr (kIsId<typename Member<M>::Type>) return !value->empty();
    return true;
  } else if constexpr (!std::is_void_v<typename Element<M>::Type>) {
    return !value.empty();
  }
  return true;
}

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_WIRE_HPP_
