// Floor 1, inside. Payloads from and to canonical text without a tree of Json in between: the way of almost every row of a store.
//
// WriteText gives what EncodeFacts(...).Canonical() gives. ReadText takes text that reads back without a question; where it finds
// anything else (an escape, an unknown field, a document, a mistake) it gives up, and the reader of Json decides and words the failure.
#ifndef RAPPORT_SRC_LEDGER_PAYLOAD_TEXT_HPP_
#define RAPPORT_SRC_LEDGER_PAYLOAD_TEXT_HPP_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/payload.hpp"

namespace rapport::wire {

// --- reading ---------------------------------------------------------------------------------------------------
// The end of the value that begins at `at`: brackets are matched, their content is checked by who reads it. npos where it is not plain.
std::size_t EndOfPlainValue(std::string_view text, std::size_t at);
// What stands between the quotes; false where it is no string.
bool PlainString(std::string_view value, std::string_view& out);
bool PlainNumber(std::string_view value, double& out);
bool PlainCurrency(std::string_view value, Currency& out);

// The members of one object as text, found in one pass.
class PlainMembers {
 public:
  // False where the text is no plain object.
  bool Split(std::string_view object);
  // False where there is none.
  bool Find(std::string_view name, std::string_view& value) const {
    for (std::size_t i = 0; i < size_; ++i) {
      const Named& member = members_[i];
      if (std::string_view(member.name, member.name_size) != name) continue;
      value = {member.value, member.value_size};
      return true;
    }
    return false;
  }
  std::size_t size() const { return size_; }

 private:
  struct Named {
    const char *name, *value;
    std::size_t name_size, value_size;
  };
  std::array<Named, 40> members_;   // as far as size_ says: clearing them all would cost more than reading
  std::size_t size_ = 0;
};

template <class T>
struct TextField;   // Read for the types of member that are plain; a document is not
template <class T>
concept Plain = requires(T& out) { TextField<T>::Read(std::string_view(), Currency(), out); };

template <>
struct TextField<std::string> {
  static bool Read(std::string_view value, Currency, std::string& out) {
    std::string_view text;
    if (!PlainString(value, text)) return false;
    out = text;
    return true;
  }
};
template <class Tag>
struct TextField<Id<Tag>> {
  static bool Read(std::string_view value, Currency, Id<Tag>& out) {
    std::string_view text;
    if (!PlainString(value, text) || !CheckId(text, "").ok()) return false;
    out = Id<Tag>::Trusted(std::string(text));
    return true;
  }
};
template <Worded E>
struct TextField<E> {
  static bool Read(std::string_view value, Currency, E& out) {
    std::string_view text;
    const std::optional<E> word = PlainString(value, text) ? FromName<E>(text) : std::nullopt;
    if (word) out = *word;
    return word.has_value();
  }
};
template <>
struct TextField<bool> {
  static bool Read(std::string_view value, Currency, bool& out) {
    out = value == "true";
    return out || value == "false";
  }
};
template <>
struct TextField<double> {
  static bool Read(std::string_view value, Currency, double& out) { return PlainNumber(value, out); }
};
template <>
struct TextField<std::int64_t> {
  static bool Read(std::string_view value, Currency, std::int64_t& out) {
    double number = 0;
    const std::optional<std::int64_t> whole = PlainNumber(value, number) ? Json(number).if_integer() : std::nullopt;
    if (whole) out = *whole;
    return whole.has_value();
  }
};
template <>
struct TextField<Day> {
  static bool Read(std::string_view value, Currency, Day& out) {
    std::string_view text;
    if (!PlainString(value, text)) return false;
    const absl::StatusOr<Day> day = ParseDay(text);
    if (day.ok()) out = *day;
    return day.ok();
  }
};
template <>
struct TextField<Instant> {
  static bool Read(std::string_view value, Currency, Instant& out) {
    std::string_view text;
    if (!PlainString(value, text)) return false;
    const absl::StatusOr<Stamp> stamp = ParseStamp(text);
    if (stamp.ok()) out = stamp->at;
    return stamp.ok();
  }
};
template <>
struct TextField<Money> {
  static bool Read(std::string_view value, Currency currency, Money& out) {
    std::string_view text;
    if (currency.empty() || !PlainString(value, text)) return false;
    const absl::StatusOr<Money> money = Money::Parse(text, currency);
    if (money.ok()) out = *money;
    return money.ok();
  }
};

// As Reader of payload.hpp: of an element of a list both parts are one and the same.
template <class T>
class TextReader {
 public:
  TextReader(T& out, const PlainMembers& facts, const PlainMembers* privates, Currency currency)
      : out_(out), facts_(facts), privates_(privates), currency_(currency) {}

  // `known`: facts that are read elsewhere.
  bool Read(std::size_t known) {
    taken_ = known;
    T::Describe(*this);
    const bool together = privates_ == &facts_;
    return ok_ && taken_ == facts_.size() + (privates_ == nullptr || together ? 0 : privates_->size());
  }
  template <class M>
  void Fact(std::string_view name, M T::*member, Need need = kOptional) {
    if (ok_) ok_ = Take(facts_, name, out_.*member, need);
  }
  template <class M>
  void Private(std::string_view name, M T::*member, Need need = kOptional) {
    if (ok_ && privates_ != nullptr) ok_ = Take(*privates_, name, out_.*member, need);
  }

 private:
  template <class M>
  bool Take(const PlainMembers& members, std::string_view name, M& member, Need need) {
    using Bare = typename Member<M>::Type;
    std::string_view value;
    if (!members.Find(name, value)) return need != kRequired;
    ++taken_;
    if constexpr (!Plain<Bare>) {
      return false;
    } else if constexpr (Member<M>::kOptional) {
      return TextField<Bare>::Read(value, currency_, member.emplace());
    } else {
      return TextField<Bare>::Read(value, currency_, member);
    }
  }
  T& out_;
  const PlainMembers& facts_;
  const PlainMembers* privates_;
  Currency currency_;
  std::size_t taken_ = 0;
  bool ok_ = true;
};

template <Described T>
struct TextField<T> {
  static bool Read(std::string_view value, Currency currency, T& out) {
    PlainMembers members;
    return members.Split(value) && TextReader<T>(out, members, &members, currency).Read(0);
  }
};
template <Plain T>
struct TextField<std::vector<T>> {
  static bool Read(std::string_view value, Currency currency, std::vector<T>& out) {
    if (value.front() != '[') return false;
    if (value == "[]") return true;
    for (std::size_t at = 1;;) {
      const std::size_t end = EndOfPlainValue(value, at);
      if (end >= value.size() || !TextField<T>::Read(value.substr(at, end - at), currency, out.emplace_back())) return false;
      if (value[end] == ']') return end + 1 == value.size();
      if (value[end] != ',') return false;
      at = end + 1;
    }
  }
};

// `privates`: empty where there is no private part. The text is UTF-8.
template <class T>
bool ReadText(std::string_view facts, std::string_view privates, T& out) {
  PlainMembers fact_members, private_members;
  if (!fact_members.Split(facts) || (!privates.empty() && !private_members.Split(privates))) return false;
  Currency currency;
  std::size_t known = 0;
  if (std::string_view value; HasMoney<T>() && fact_members.Find(kCurrency, value)) {
    if (!PlainCurrency(value, currency)) return false;
    known = 1;
  }
  return TextReader<T>(out, fact_members, privates.empty() ? nullptr : &private_members, currency).Read(known);
}

// --- writing ---------------------------------------------------------------------------------------------------
// The members of an object as they are written, sorted at the end.
class TextMembers {
 public:
  explicit TextMembers(std::string& out) : out_(out), begin_(out.size()) {}
  void Begin(std::string_view name);
  void Finish();

 private:
  struct Piece {
    const char* name;
    std::size_t name_size, begin, end;
  };
  std::string& out_;
  std::size_t begin_;
  std::array<Piece, 40> pieces_;
  std::size_t size_ = 0;
};

// Quotes and escapes as Json::Canonical writes them.
void WriteQuoted(std::string_view text, std::string& out);

inline void WriteValue(const std::string& value, CurrencyContext&, std::string& out) { WriteQuoted(value, out); }
template <class Tag>
void WriteValue(const Id<Tag>& value, CurrencyContext&, std::string& out) { WriteQuoted(value.text(), out); }
template <Worded E>
void WriteValue(E value, CurrencyContext&, std::string& out) { WriteQuoted(NameOf(value), out); }
inline void WriteValue(bool value, CurrencyContext&, std::string& out) { out += value ? "true" : "false"; }
inline void WriteValue(double value, CurrencyContext&, std::string& out) { out += CanonicalNumber(value); }
inline void WriteValue(std::int64_t value, CurrencyContext&, std::string& out) { out += Json::Integer(value).Canonical(); }
inline void WriteValue(Day value, CurrencyContext&, std::string& out) { WriteQuoted(FormatDay(value), out); }
inline void WriteValue(Instant value, CurrencyContext&, std::string& out) { WriteQuoted(FormatInstant(value), out); }
inline void WriteValue(const Money& value, CurrencyContext& context, std::string& out) {
  context.currency = value.currency();
  WriteQuoted(value.ToDecimal(), out);
}
inline void WriteValue(const Json& value, CurrencyContext&, std::string& out) { out += value.Canonical(); }
template <Described T>
void WriteValue(const T& value, CurrencyContext& context, std::string& out);

template <class T>
void WriteValue(const std::vector<T>& value, CurrencyContext& context, std::string& out) {
  out += '[';
  for (const T& element : value) {
    if (&element != value.data()) out += ',';
    WriteValue(element, context, out);
  }
  out += ']';
}

template <class T>
class TextWriter {
 public:
  TextWriter(const T& in, bool with_privates, CurrencyContext& context, TextMembers& members, std::string& out)
      : in_(in), with_privates_(with_privates), context_(context), members_(members), out_(out) {}
  template <class M>
  void Fact(std::string_view name, M T::*member, Need = kOptional) {
    const M& value = in_.*member;
    if (!SaysSomething(value)) return;
    members_.Begin(name);
    if constexpr (Member<M>::kOptional) {
      WriteValue(*value, context_, out_);
    } else {
      WriteValue(value, context_, out_);
    }
  }
  template <class M>
  void Private(std::string_view name, M T::*member, Need need = kOptional) {
    if (with_privates_) Fact(name, member, need);
  }

 private:
  const T& in_;
  bool with_privates_;
  CurrencyContext& context_;
  TextMembers& members_;
  std::string& out_;
};

template <Described T>
void WriteValue(const T& value, CurrencyContext& context, std::string& out) {
  TextMembers members(out);
  TextWriter<T> writer(value, true, context, members, out);
  T::Describe(writer);
  members.Finish();
}

// The facts of a payload.
template <class T>
std::string WriteText(const T& in) {
  std::string out;
  out.reserve(512);
  CurrencyContext context;
  TextMembers members(out);
  TextWriter<T> writer(in, false, context, members, out);
  T::Describe(writer);
  if (!context.currency.empty()) {
    members.Begin(kCurrency);
    WriteQuoted(context.currency.code(), out);
  }
  members.Finish();
  return out;
}

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_PAYLOAD_TEXT_HPP_
