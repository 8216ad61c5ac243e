#include "ledger/wire.hpp"

#include "absl/strings/str_cat.h"

namespace rapport::wire {
namespace {

constexpr std::size_t kLongestShown = 80;  // bytes of a found value in a message

}  // namespace

std::string Path::Text() const {
  std::string text = parent == nullptr ? std::string() : parent->Text();
  if (index >= 0) return absl::StrCat(text, "[", index, "]");
  if (!text.empty()) text += '.';
  return text.append(name);
}

std::string Shown(const Json& json) {
  std::string text = json.Canonical();
  if (text.size() <= kLongestShown) return text;
  std::size_t end = kLongestShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.replace(end, std::string::npos, "...");
}

absl::Status InvalidField(const Path& path, std::string_view found, std::string_view expected) {
  return Invalid("event.invalid_field", absl::StrCat("field ", path.Text(), ": found ", ToAbsl(found), ", expected ",
                                                     ToAbsl(expected)));
}

absl::Status WrongKind(const Path& path, const Json& found, std::string_view expected) {
  const bool nested = found.if_array() != nullptr || found.if_object() != nullptr || found.is_null();
  return InvalidField(path, nested ? std::string(found.KindName()) : Shown(found), expected);
}

absl::Status MissingField(const Path& path, std::string_view expected) {
  return Invalid("event.missing_field", absl::StrCat("field ", path.Text(), ": found none, expected ", ToAbsl(expected)));
}

absl::Status UnknownField(const Path& path, const std::vector<std::string_view>& expected) {
  std::string names;
  for (const std::string_view name : expected) absl::StrAppend(&names, names.empty() ? "" : ", ", ToAbsl(name));
  return Invalid("event.unknown_field",
                 absl::StrCat("field ", path.Text(), ": found an unknown field, expected ",
                              expected.empty() ? "none" : absl::StrCat("one of ", names)));
}

absl::Status AtField(const absl::Status& status, const Path& path) {
  return status.ok() ? status : WithContext(status, "field " + path.Text());
}

absl::Status CheckText(const std::string& text, const Path& path) {
  return IsUtf8(text) ? absl::OkStatus() : InvalidField(path, "bytes that are not UTF-8", "UTF-8 text");
}

absl::Status CheckInstant(Instant at, const Path& path) {
  if (at >= Instant::Min() && at <= Instant::Max()) return absl::OkStatus();
  return InvalidField(path, absl::StrCat(at.micros(), " microseconds"), "a time in the years 1 to 9999");
}

absl::Status CheckTree(const Json& json, const Path& path, int depth) {
  const bool nested = json.if_array() != nullptr || json.if_object() != nullptr;
  if (nested && depth == 0) {
    return InvalidField(path, "deeper nesting", absl::StrCat("at most ", kDeepestTree, " levels"));
  }
  if (const double* number = json.if_number(); number != nullptr && !std::isfinite(*number)) {
    return InvalidField(path, "infinity or NaN", "finite numbers");
  }
  if (const std::string* text = json.if_string()) return CheckText(*text, path);
  if (const Json::Array* array = json.if_array()) {
    for (const Json& element : *array) RAPPORT_RETURN_IF_ERROR(CheckTree(element, path, depth - 1));
  }
  if (const Json::Object* object = json.if_object()) {
    for (const auto& [key, value] : *object) {
      RAPPORT_RETURN_IF_ERROR(CheckText(key, path));
      RAPPORT_RETURN_IF_ERROR(CheckTree(value, path, depth - 1));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckMoney(const Money& money, CurrencyContext& context, const Path& path) {
  if (money.currency().empty()) {
    return MissingField(Path{nullptr, "currency"}, absl::StrCat("the ISO 4217 code of ", path.Text()));
  }
  if (context.currency.empty()) context.currency = money.currency();
  if (context.currency == money.currency()) return absl::OkStatus();
  return Invalid("money.currency_mismatch",
                 absl::StrCat("field ", path.Text(), ": found ", ToAbsl(money.currency().code()), ", expected ",
                              ToAbsl(context.currency.code()), ", the currency of the event's other amounts"));
}

absl::StatusOr<Money> ReadMoney(const Json& json, const ReadContext& context, const Path& path) {
  const std::string* text = json.if_string();
  if (text == nullptr) return WrongKind(path, json, "a decimal in a string, such as \"19.80\"");
  if (context.currency.empty()) {
    return MissingField(Path{nullptr, "currency"}, absl::StrCat("the ISO 4217 code of ", path.Text()));
  }
  absl::StatusOr<Money> money = Money::Parse(*text, context.currency);
  if (!money.ok()) return AtField(money.status(), path);
  return money;
}

}  // namespace rapport::wire
