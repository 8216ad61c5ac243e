// Floor 1, inside. The visitors that go over a payload's Describe: reading, writing, checking, and what a type's
// fields are. `currency` is no member of any struct: it stands beside a payload's amounts, once for the whole event,
// and every visitor adds it where the payload, or a list in it, has a member of type Money.
#ifndef RAPPORT_SRC_LEDGER_PAYLOAD_HPP_
#define RAPPORT_SRC_LEDGER_PAYLOAD_HPP_

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/wire.hpp"
#include "rapport/ledger/payloads.hpp"

namespace rapport::wire {

inline constexpr std::string_view kCurrency = "currency";

// --- what a type's fields are ----------------------------------------------------------------------------------
struct FieldList {
  std::vector<std::string_view> facts;
  std::vector<std::string_view> privates;
  std::vector<std::string_view> lists;  // facts that are lists of described structs
  bool money = false;                   // here or in a list
};

template <class T>
FieldList FieldsOf();

struct FieldCollector {
  FieldList list;
  template <class C, class M>
  void Fact(std::string_view name, M C::*, Need = kOptional) {
    using Bare = typename Member<M>::Type;
    using Item = typename Element<Bare>::Type;
    list.facts.push_back(name);
    if constexpr (std::is_same_v<Bare, Money>) list.money = true;
    if constexpr (Described<Item>) {
      list.lists.push_back(name);
      list.money = list.money || FieldsOf<Item>().money;
    }
  }
  template <class C, class M>
  void Private(std::string_view name, M C::*, Need = kOptional) {
    static_assert(!std::is_same_v<typename Member<M>::Type, Money>, "amounts are facts");
    list.privates.push_back(name);
  }
};

template <class T>
FieldList FieldsOf() {
  FieldCollector collector;
  T::Describe(collector);
  return std::move(collector.list);
}

// The same question without a list, for the hot path: the compiler folds it to a constant.
template <class T>
bool HasMoney();
struct MoneyFinder {
  bool found = false;
  template <class C, class M>
  void Fact(std::string_view, M C::*, Need = kOptional) {
    using Bare = typename Member<M>::Type;
    if constexpr (std::is_same_v<Bare, Money>) found = true;
    if constexpr (Described<typename Element<Bare>::Type>) found = found || HasMoney<typename Element<Bare>::Type>();
  }
  template <class C, class M>
  void Private(std::string_view, M C::*, Need = kOptional) {}
};
template <class T>
bool HasMoney() {
  MoneyFinder finder;
  T::Describe(finder);
  return finder.found;
}

// --- reading ---------------------------------------------------------------------------------------------------
// The facts and the private part of a payload: two objects in a store, one and the same on the wire.
struct Parts {
  const Json::Object* facts = nullptr;
  const Json::Object* privates = nullptr;  // nullptr: erased, or not wanted
};

template <class T>
class Reader {
 public:
  Reader(T& out, const Parts& parts, ReadContext& context, const Path* parent)
      : out_(out), parts_(parts), context_(context), parent_(parent) {}

  // `known`: members that are read elsewhere.
  absl::Status Read(std::size_t known) {
    facts_taken_ = known;
    T::Describe(*this);
    if (!status_.ok()) return status_;
    const bool together = parts_.facts == parts_.privates;
    if (together) facts_taken_ += privates_taken_;
    if (facts_taken_ != parts_.facts->size()) RAPPORT_RETURN_IF_ERROR(TakeUnknown(*parts_.facts, true, together));
    if (together || parts_.privates == nullptr || privates_taken_ == parts_.privates->size()) return absl::OkStatus();
    return TakeUnknown(*parts_.privates, false, true);
  }

  template <class M>
  void Fact(std::string_view name, M T::*member, Need need = kOptional) {
    if (status_.ok()) status_ = Take(*parts_.facts, facts_taken_, name, out_.*member, need);
  }
  template <class M>
  void Private(std::string_view name, M T::*member, Need need = kOptional) {
    if (!status_.ok() || parts_.privates == nullptr) return;
    status_ = Take(*parts_.privates, privates_taken_, name, out_.*member, need);
  }

 private:
  template <class M>
  absl::Status Take(const Json::Object& object, std::size_t& taken, std::string_view name, M& member, Need need) {
    using Bare = typename Member<M>::Type;
    const auto found = object.find(name);
    const Path path{parent_, name};
    if (found == object.end()) return need == kRequired ? MissingField(path, "it") : absl::OkStatus();
    ++taken;
    if constexpr (Member<M>::kOptional) {
      return Field<Bare>::Read(found->second, context_, path, member.emplace());
    } else {
      return Field<Bare>::Read(found->second, context_, path, member);
    }
  }

  absl::Status TakeUnknown(const Json::Object& object, bool with_facts, bool with_privates) {
    const FieldList list = FieldsOf<T>();
    std::vector<std::string_view> names;
    if (with_facts) names = list.facts;
    if (with_facts && list.money && parent_ == nullptr) names.push_back(kCurrency);
    if (with_privates) names.insert(names.end(), list.privates.begin(), list.privates.end());
    std::sort(names.begin(), names.end());
    for (const auto& [key, value] : object) {
      if (std::binary_search(names.begin(), names.end(), key)) continue;
      if (context_.extra == nullptr) return UnknownField(Path{parent_, key}, names);
      context_.extra->emplace(key, value);
    }
    return absl::OkStatus();
  }

  T& out_;
  const Parts& parts_;
  ReadContext& context_;
  const Path* parent_;
  std::size_t facts_taken_ = 0;
  std::size_t privates_taken_ = 0;
  absl::Status status_;
};

template <class T>
absl::Status ReadPayload(const Parts& parts, Json::Object* extra, T& out) {
  ReadContext context{Currency(), extra};
  std::size_t known = 0;
  if (HasMoney<T>()) {
    if (const auto found = parts.facts->find(kCurrency); found != parts.facts->end()) {
      const Path path{nullptr, kCurrency};
      const std::string* code = found->second.if_string();
      if (code == nullptr) return WrongKind(path, found->second, "an ISO 4217 code such as \"EUR\"");
      absl::StatusOr<Currency> currency = Currency::Parse(*code);
      if (!currency.ok()) return AtField(currency.status(), path);
      context.currency = *currency;
      known = 1;
    }
  }
  return Reader<T>(out, parts, context, nullptr).Read(known);
}

// --- writing ---------------------------------------------------------------------------------------------------
template <class T>
class Writer {
 public:
  // Either part may be nullptr (not wanted), or both the same object.
  Writer(const T& in, Json::Object* facts, Json::Object* privates, CurrencyContext& currency)
      : in_(in), facts_(facts), privates_(privates), currency_(currency) {}

  template <class M>
  void Fact(std::string_view name, M T::*member, Need = kOptional) {
    if (facts_ != nullptr) Put(*facts_, name, in_.*member);
  }
  template <class M>
  void Private(std::string_view name, M T::*member, Need = kOptional) {
    if (privates_ != nullptr) Put(*privates_, name, in_.*member);
  }

 private:
  template <class M>
  void Put(Json::Object& object, std::string_view name, const M& value) {
    if (!SaysSomething(value)) return;
    if constexpr (Member<M>::kOptional) {
      object.emplace(name, Field<typename Member<M>::Type>::Write(*value, currency_));
    } else {
      object.emplace(name, Field<M>::Write(value, currency_));
    }
  }
  const T& in_;
  Json::Object* facts_;
  Json::Object* privates_;
  CurrencyContext& currency_;
};

template <class T>
void WritePayload(const T& in, Json::Object* facts, Json::Object* privates) {
  CurrencyContext context;
  Writer<T> writer(in, facts, privates, context);
  T::Describe(writer);
  if (facts != nullptr && !context.currency.empty()) facts->emplace(kCurrency, Json(context.currency.code()));
}

// --- checking --------------------------------------------------------------------------------------------------
template <class T>
class Checker {
 public:
  Checker(const T& in, CurrencyContext& context, const Path* parent) : in_(in), context_(context), parent_(parent) {}
  template <class M>
  void Fact(std::string_view name, M T::*member, Need = kOptional) {
    if (!status_.ok() || !SaysSomething(in_.*member)) return;
    const Path path{parent_, name};
    if constexpr (Member<M>::kOptional) {
      status_ = Field<typename Member<M>::Type>::Check(*(in_.*member), context_, path);
    } else {
      status_ = Field<M>::Check(in_.*member, context_, path);
    }
  }
  template <class M>
  void Private(std::string_view name, M T::*member, Need need = kOptional) {
    Fact(name, member, need);
  }
  absl::Status status() const { return status_; }

 private:
  const T& in_;
  CurrencyContext& context_;
  const Path* parent_;
  absl::Status status_;
};

template <class T>
absl::Status CheckFields(const T& in, CurrencyContext& context, const Path* parent) {
  Checker<T> checker(in, context, parent);
  T::Describe(checker);
  return checker.status();
}

// --- schema ----------------------------------------------------------------------------------------------------
class SchemaBuilder {
 public:
  template <class C, class M>
  void Fact(std::string_view name, M C::*, Need need = kOptional) {
    if constexpr (std::is_same_v<typename Member<M>::Type, Money>) amounts_.push_back(name);
    Add<M>(name, "fact", need);
  }
  template <class C, class M>
  void Private(std::string_view name, M C::*, Need need = kOptional) {
    Add<M>(name, "private", need);
  }
  const std::vector<std::string_view>& amounts() const { return amounts_; }
  Json::Object Take() {
    Json::Object schema{{"type", "object"}, {"properties", std::move(properties_)}, {"additionalProperties", false}};
    if (!required_.empty()) schema.emplace("required", std::move(required_));
    return schema;
  }
  void AddCurrency() {
    properties_.emplace(kCurrency, Json::Object{{"type", "string"}, {"pattern", "^[A-Z]{3}$"}, {"x-rapport", "fact"}});
  }

 private:
  template <class M>
  void Add(std::string_view name, std::string_view part, Need need) {
    Json::Object property = Field<typename Member<M>::Type>::Schema();
    property.emplace("x-rapport", part);
    properties_.emplace(name, std::move(property));
    if (need == kRequired) required_.emplace_back(name);
  }
  Json::Object properties_;
  Json::Array required_;
  std::vector<std::string_view> amounts_;
};

// Of `data`.
template <class T>
Json::Object PayloadSchema() {
  SchemaBuilder builder;
  T::Describe(builder);
  if (!HasMoney<T>()) return builder.Take();
  builder.AddCurrency();
  Json::Object schema = builder.Take();
  Json::Object dependent;
  for (const std::string_view amount : builder.amounts()) dependent.emplace(amount, Json::Array{kCurrency});
  if (!dependent.empty()) schema.emplace("dependentRequired", std::move(dependent));
  return schema;
}

// --- lists in payloads -----------------------------------------------------------------------------------------
template <Described T>
struct Field<T> {
  static absl::Status Read(const Json& json, ReadContext& context, const Path& path, T& out) {
    const Json::Object* object = json.if_object();
    if (object == nullptr) return WrongKind(path, json, "an object");
    const Parts parts{object, object};
    return Reader<T>(out, parts, context, &path).Read(0);
  }
  static Json Write(const T& value, CurrencyContext& context) {
    Json::Object object;
    Writer<T> writer(value, &object, &object, context);
    T::Describe(writer);
    return Json(std::move(object));
  }
  static absl::Status Check(const T& value, CurrencyContext& context, const Path& path) {
    return CheckFields(value, context, &path);
  }
  static Json::Object Schema() {
    SchemaBuilder builder;
    T::Describe(builder);
    return builder.Take();
  }
};

// Unknown fields of the elements are kept as a list of the same length under the list's name: {"lines":[{},{"x":1}]}.
template <class T>
struct Field<std::vector<T>> {
  static absl::Status Read(const Json& json, ReadContext& context, const Path& path, std::vector<T>& out) {
    const Json::Array* array = json.if_array();
    if (array == nullptr) return WrongKind(path, json, "an array");
    Json::Array extras;
    bool any = false;
    out.reserve(array->size());
    for (const Json& element : *array) {
      Json::Object extra;
      ReadContext inner{context.currency, context.extra == nullptr ? nullptr : &extra};
      const Path at{&path, {}, static_cast<std::int64_t>(out.size())};
      RAPPORT_RETURN_IF_ERROR(Field<T>::Read(element, inner, at, out.emplace_back()));
      any = any || !extra.empty();
      if (context.extra != nullptr) extras.emplace_back(std::move(extra));
    }
    if (any) context.extra->emplace(path.name, std::move(extras));
    return absl::OkStatus();
  }
  static Json Write(const std::vector<T>& value, CurrencyContext& context) {
    Json::Array array;
    array.reserve(value.size());
    for (const T& element : value) array.push_back(Field<T>::Write(element, context));
    return Json(std::move(array));
  }
  static absl::Status Check(const std::vector<T>& value, CurrencyContext& context, const Path& path) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Path at{&path, {}, static_cast<std::int64_t>(i)};
      RAPPORT_RETURN_IF_ERROR(Field<T>::Check(value[i], context, at));
    }
    return absl::OkStatus();
  }
  static Json::Object Schema() { return {{"type", "array"}, {"items", Field<T>::Schema()}}; }
};

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_PAYLOAD_HPP_
