#include "rapport/core/sentence.hpp"

#include "absl/strings/str_cat.h"

namespace rapport {
namespace {

Json ArgumentToJson(const SentenceArgument& argument) {
  struct Convert {
    Json operator()(std::int64_t v) const { return Json::Object{{"integer", Json::Integer(v)}}; }
    Json operator()(double v) const { return Json::Object{{"number", v}}; }
    Json operator()(const std::string& v) const { return Json::Object{{"text", v}}; }
    Json operator()(Day v) const { return Json::Object{{"day", FormatDay(v)}}; }
    Json operator()(const LocalTime& v) const {
      const int minutes = v.minute.hour() * 60 + v.minute.minute();
      return Json::Object{{"local", absl::StrCat(FormatDay(Day(v.minute)), "T", FormatMinuteOfDay(minutes))}};
    }
    Json operator()(const Money& v) const {
      return Json::Object{
          {"money", Json::Object{{"amount", v.ToDecimal()}, {"currency", v.currency().code()}}}};
    }
    Json operator()(const CustomerName& v) const { return Json::Object{{"customer", v.customer.text()}}; }
    Json operator()(const RepName& v) const { return Json::Object{{"rep", v.rep.text()}}; }
    Json operator()(const ContactName& v) const {
      return Json::Object{
          {"contact", Json::Object{{"customer", v.customer.text()}, {"contact", v.contact.text()}}}};
    }
    Json operator()(const EventText& v) const {
      return Json::Object{
          {"event", Json::Object{{"source", v.event.source}, {"id", v.event.id}, {"field", v.field}}}};
    }
    Json operator()(const MessageRef& v) const { return Json::Object{{"message", v.key}}; }
  };
  return std::visit(Convert{}, argument);
}

absl::StatusOr<SentenceArgument> LocalFromText(const std::string& text) {
  const std::size_t t = text.find('T');
  if (t == std::string::npos || text.ends_with("T24:00")) {
    return Invalid("message.invalid",
                   absl::StrCat("found \"", text, "\", expected a local time such as 2026-04-13T09:00"));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Day day, ParseDay(std::string_view(text).substr(0, t)));
  RAPPORT_ASSIGN_OR_RETURN(const int minutes, ParseMinuteOfDay(std::string_view(text).substr(t + 1)));
  return SentenceArgument(LocalTime{LocalMinute(day) + minutes});
}

absl::StatusOr<SentenceArgument> MoneyFromJson(const Json& json) {
  JsonReader in(json, "money", "message");
  RAPPORT_ASSIGN_OR_RETURN(const std::string code, in.String("currency"));
  RAPPORT_ASSIGN_OR_RETURN(const std::string amount, in.String("amount"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  Currency currency;  // none, as Money() has it
  if (!code.empty()) {
    RAPPORT_ASSIGN_OR_RETURN(currency, Currency::Parse(code));
  }
  RAPPORT_ASSIGN_OR_RETURN(const Money money, Money::Parse(amount, currency));
  return SentenceArgument(money);
}

absl::StatusOr<SentenceArgument> ReferenceFromJson(const std::string& kind, const Json& json) {
  JsonReader in(json, kind, "message");
  if (kind == "contact") {
    RAPPORT_ASSIGN_OR_RETURN(const std::string customer, in.String("customer"));
    RAPPORT_ASSIGN_OR_RETURN(const std::string contact, in.String("contact"));
    RAPPORT_RETURN_IF_ERROR(in.Finish());
    ContactName name;
    RAPPORT_ASSIGN_OR_RETURN(name.customer, CustomerId::Parse(customer));
    RAPPORT_ASSIGN_OR_RETURN(name.contact, ContactId::Parse(contact));
    return SentenceArgument(std::move(name));
  }
  EventText text;
  RAPPORT_ASSIGN_OR_RETURN(text.event.source, in.String("source"));
  RAPPORT_ASSIGN_OR_RETURN(text.event.id, in.String("id"));
  RAPPORT_ASSIGN_OR_RETURN(text.field, in.String("field"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return SentenceArgument(std::move(text));
}

absl::StatusOr<SentenceArgument> ArgumentFromJson(const Json& json) {
  const Json::Object* object = json.if_object();
  if (object == nullptr || object->size() != 1) {
    return Invalid("message.invalid",
                   absl::StrCat("found ", json.Canonical(), ", expected an object of one kind"));
  }
  const auto& [kind, value] = *object->begin();
  if (kind == "money") return MoneyFromJson(value);
  if (kind == "contact" || kind == "event") return ReferenceFromJson(kind, value);
  if (kind == "integer") {
    if (const std::optional<std::int64_t> whole = value.if_integer()) return SentenceArgument(*whole);
  } else if (kind == "number") {
    if (const double* number = value.if_number()) return SentenceArgument(*number);
  } else if (const std::string* text = value.if_string()) {
    if (kind == "text") return SentenceArgument(*text);
    if (kind == "customer") {
      RAPPORT_ASSIGN_OR_RETURN(const CustomerId customer, CustomerId::Parse(*text));
      return SentenceArgument(CustomerName{customer});
    }
    if (kind == "rep") {
      RAPPORT_ASSIGN_OR_RETURN(const RepId rep, RepId::Parse(*text));
      return SentenceArgument(RepName{rep});
    }
    if (kind == "message") return SentenceArgument(MessageRef{*text});
    if (kind == "local") return LocalFromText(*text);
    if (kind == "day") {
      RAPPORT_ASSIGN_OR_RETURN(const Day day, ParseDay(*text));
      return SentenceArgument(day);
    }
  }
  return Invalid("message.invalid",
                 absl::StrCat("found ", json.Canonical(),
                              ", expected integer, number, text, day, local, money, customer, "
                              "contact, rep, event or message with its value"));
}

}  // namespace

absl::StatusOr<Language> ParseLanguage(std::string_view code) {
  for (const Language language :
       {Language::kEnglish, Language::kJapanese, Language::kKorean, Language::kChinese}) {
    if (LanguageCode(language) == code) return language;
  }
  return Invalid("language.unknown",
                 absl::StrCat("language: found \"", std::string(code), "\", expected en, ja, ko or zh"));
}

std::string_view LanguageCode(Language language) {
  static constexpr std::string_view kCodes[] = {"en", "ja", "ko", "zh"};
  return kCodes[static_cast<std::size_t>(language)];
}

Json Sentence::ToJson() const {
  Json::Object args;
  for (const auto& [name, argument] : arguments) args.emplace(name, ArgumentToJson(argument));
  return Json::Object{{"key", key}, {"args", std::move(args)}};
}

absl::StatusOr<Sentence> Sentence::FromJson(const Json& json) {
  JsonReader in(json, "sentence", "message");
  Sentence sentence;
  RAPPORT_ASSIGN_OR_RETURN(sentence.key, in.String("key"));
  RAPPORT_ASSIGN_OR_RETURN(const Json::Object* args, in.Object("args"));
  for (const auto& [name, value] : *args) {
    absl::StatusOr<SentenceArgument> argument = ArgumentFromJson(value);
    if (!argument.ok())
      return WithContext(argument.status(), absl::StrCat("sentence ", sentence.key, ", argument ", name));
    sentence.arguments.emplace(name, *std::move(argument));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return sentence;
}

}  // namespace rapport
