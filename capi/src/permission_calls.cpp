// Permission without a book: a request as JSON, the answer as JSON.
#include "border.hpp"
#include "rapport/permission/permission.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr char kPrefix[] = "permission";

template <class E>
absl::StatusOr<std::optional<E>> OptionalWord(JsonReader& in, std::string_view key) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString(key));
  if (!text) return std::optional<E>();
  if (const std::optional<E> word = FromName<E>(*text)) return word;
  std::string expected;
  for (const auto& word : WordList<E>::kWords) expected += (expected.empty() ? "" : ", ") + std::string(word.name);
  return in.Error(key, "invalid_value", "found \"" + *text + "\", expected one of " + expected);
}

absl::StatusOr<Instant> ReadAtField(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::string text, in.String("at"));
  const absl::StatusOr<Stamp> stamp = ParseStamp(text);
  if (!stamp.ok()) return WithContext(stamp.status(), in.PathOf("at"));
  return stamp->at;
}

absl::StatusOr<ContactId> ReadContact(JsonReader& in) {
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> text, in.OptionalString("contact"));
  return text ? ContactId::Parse(*text) : absl::StatusOr<ContactId>(ContactId());
}

struct Request {
  Instant at;
  const Zone* zone = nullptr;
  Channel channel = Channel::kCall;
  Purpose purpose = Purpose::kCare;
  ContactId contact;
  std::vector<Attempt> attempts;
  std::vector<ConsentRecord> consents;
  std::set<Day> holidays;
  MessageClass message_class = MessageClass::kDefault;
  WorkingWeek rep_week;
  std::set<Day> rep_absences;
  RepHours rep;
};

// Inbound touches are no attempts of ours.
absl::Status ReadTouch(const Json& json, const std::string& path, bool reservation, Request& request) {
  JsonReader in(json, path, kPrefix);
  Attempt attempt;
  RAPPORT_ASSIGN_OR_RETURN(attempt.at, ReadAtField(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Channel> channel, OptionalWord<Channel>(in, "channel"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Purpose> purpose, OptionalWord<Purpose>(in, "purpose"));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Direction> direction, OptionalWord<Direction>(in, "direction"));
  RAPPORT_ASSIGN_OR_RETURN(attempt.disposition, OptionalWord<Disposition>(in, "disposition"));
  RAPPORT_ASSIGN_OR_RETURN(attempt.contact, ReadContact(in));
  attempt.channel = channel.value_or(request.channel);
  attempt.purpose = purpose.value_or(request.purpose);
  attempt.reservation = reservation;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<MessageClass> message_class, OptionalWord<MessageClass>(in, "class"));
  attempt.message_class = message_class.value_or(MessageClass::kDefault);
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  if (direction.value_or(Direction::kOutbound) == Direction::kOutbound) request.attempts.push_back(std::move(attempt));
  return absl::OkStatus();
}

absl::Status ReadConsent(const Json& json, const std::string& path, Request& request) {
  JsonReader in(json, path, kPrefix);
  ConsentRecord record;
  RAPPORT_ASSIGN_OR_RETURN(record.at, ReadAtField(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<ConsentState> state, OptionalWord<ConsentState>(in, "state"));
  if (!state) return in.Error("state", "missing_key", "found nothing, expected granted or withdrawn");
  record.consent.state = *state;
  RAPPORT_ASSIGN_OR_RETURN(record.consent.channel, OptionalWord<Channel>(in, "channel"));
  RAPPORT_ASSIGN_OR_RETURN(record.consent.purpose, OptionalWord<ConsentPurpose>(in, "purpose"));
  RAPPORT_ASSIGN_OR_RETURN(const ContactId contact, ReadContact(in));
  if (!contact.empty()) record.consent.contact = contact;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<std::string> expires, in.OptionalString("expires"));
  if (expires) {
    RAPPORT_ASSIGN_OR_RETURN(record.consent.expires, ParseDay(*expires));
  }
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  request.consents.push_back(std::move(record));
  return absl::OkStatus();
}

// {"zone": ..., "weekly": {...}, "absences": [days]}
absl::Status ReadRep(const Json& json, const std::string& path, Request& request) {
  JsonReader in(json, path, kPrefix);
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(request.rep.zone, ZoneRules::Bundled().Find(zone));
  RAPPORT_ASSIGN_OR_RETURN(const Json* weekly, in.Any("weekly"));
  RAPPORT_ASSIGN_OR_RETURN(request.rep_week, WorkingWeek::FromJson(Json(Json::Object{{"weekly", *weekly}})));
  if (in.OptionalAny("absences") != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const Json::Array* days, in.Array("absences"));
    for (const Json& text : *days) {
      RAPPORT_ASSIGN_OR_RETURN(const Day day, ParseDay(text.if_string() != nullptr ? *text.if_string() : std::string()));
      request.rep_absences.insert(day);
    }
  }
  return in.Finish();
}

template <class Read>
absl::Status ReadEach(JsonReader& in, std::string_view key, Read read) {
  if (in.OptionalAny(key) == nullptr) return absl::OkStatus();
  RAPPORT_ASSIGN_OR_RETURN(const Json::Array* array, in.Array(key));
  for (std::size_t i = 0; i < array->size(); ++i) {
    RAPPORT_RETURN_IF_ERROR(read((*array)[i], in.PathOf(key) + "[" + std::to_string(i) + "]"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Request> ReadRequest(const Json& json) {
  JsonReader in(json, "request", kPrefix);
  Request request;
  RAPPORT_ASSIGN_OR_RETURN(request.at, ReadAtField(in));
  RAPPORT_ASSIGN_OR_RETURN(const std::string zone, in.String("zone"));
  RAPPORT_ASSIGN_OR_RETURN(request.zone, ZoneRules::Bundled().Find(zone));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Channel> channel, OptionalWord<Channel>(in, "channel"));
  if (!channel) return in.Error("channel", "missing_key", "found nothing, expected a channel");
  request.channel = *channel;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<Purpose> purpose, OptionalWord<Purpose>(in, "purpose"));
  request.purpose = purpose.value_or(Purpose::kCare);
  RAPPORT_ASSIGN_OR_RETURN(request.contact, ReadContact(in));
  RAPPORT_RETURN_IF_ERROR(ReadEach(in, "touches", [&](const Json& item, const std::string& path) { return ReadTouch(item, path, false, request); }));
  RAPPORT_RETURN_IF_ERROR(ReadEach(in, "reserved", [&](const Json& item, const std::string& path) { return ReadTouch(item, path, true, request); }));
  RAPPORT_RETURN_IF_ERROR(ReadEach(in, "consents", [&](const Json& item, const std::string& path) { return ReadConsent(item, path, request); }));
  RAPPORT_RETURN_IF_ERROR(ReadEach(in, "holidays", [&](const Json& item, const std::string& path) -> absl::Status {
    const std::string* text = item.if_string();
    const absl::StatusOr<Day> day = ParseDay(text != nullptr ? *text : std::string());
    if (!day.ok()) return WithContext(day.status(), path);
    request.holidays.insert(*day);
    return absl::OkStatus();
  }));
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<MessageClass> message_class, OptionalWord<MessageClass>(in, "class"));
  request.message_class = message_class.value_or(MessageClass::kDefault);
  if (const Json* rep = in.OptionalAny("rep")) RAPPORT_RETURN_IF_ERROR(ReadRep(*rep, in.PathOf("rep"), request));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  std::stable_sort(request.attempts.begin(), request.attempts.end(), [](const Attempt& a, const Attempt& b) { return a.at < b.at; });
  std::stable_sort(request.consents.begin(), request.consents.end(), [](const ConsentRecord& a, const ConsentRecord& b) { return a.at < b.at; });
  return request;
}

// A profile's name, or a document: text that begins with a brace.
absl::StatusOr<PermissionProfile> ReadProfile(std::string_view text) {
  if (!text.starts_with('{')) return PermissionProfile::Resolve(Json(text));
  RAPPORT_ASSIGN_OR_RETURN(const Json document, Json::Parse(text));
  return PermissionProfile::Resolve(document);
}

}  // namespace

extern "C" rapport_status rapport_permission_check(const char* profile, size_t profile_size, const char* request, size_t request_size,
                                                   rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({profile, request, out}));
    RAPPORT_ASSIGN_OR_RETURN(const PermissionProfile rules, ReadProfile(View(profile, profile_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(View(request, request_size)));
    RAPPORT_ASSIGN_OR_RETURN(Request asked, ReadRequest(json));
    PermissionInput input;
    input.profile = &rules;
    input.zone = asked.zone;
    input.contact = asked.contact;
    input.channel = asked.channel;
    input.purpose = asked.purpose;
    input.attempts = asked.attempts;
    input.consents = asked.consents;
    input.holidays = &asked.holidays;
    input.message_class = asked.message_class;
    asked.rep.week = &asked.rep_week;
    asked.rep.absences = &asked.rep_absences;
    if (asked.rep.zone != nullptr) input.rep = &asked.rep;
    const PermissionAnswer answer = CheckPermission(input, asked.at);
    Json::Array reasons;
    for (const Hold& hold : answer.holds) reasons.push_back(NameOf(hold.reason));
    return Give(Json(Json::Object{{"allowed", answer.allowed}, {"reasons", std::move(reasons)},
                                  {"first_allowed", answer.first_allowed ? Json(FormatInstant(*answer.first_allowed)) : Json()}})
                    .Canonical(), out);
  });
}

extern "C" rapport_status rapport_permission_schema(const char* language, size_t language_size, rapport_buffer* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({out}));
    RAPPORT_ASSIGN_OR_RETURN(const Language said_in, ReadLanguage(language, language_size));
    RAPPORT_ASSIGN_OR_RETURN(const Json schema, PermissionProfile::Schema(said_in));
    return Give(schema.Pretty(), out);
  });
}
