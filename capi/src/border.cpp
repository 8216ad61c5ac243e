#include "border.hpp"

#include <algorithm>
#include <cstdlib>

namespace rapport::capi {
namespace {

// Cut at the start of a UTF-8 character, so that what remains is well-formed.
void CopyText(std::string_view text, char* out, size_t room) {
  size_t size = std::min(text.size(), room - 1);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  if (size > 0) std::memcpy(out, text.data(), size);   // an empty view may point nowhere
  out[size] = '\0';
}

}  // namespace

rapport_status Report(const absl::Status& status, rapport_error* error) {
  const auto code = static_cast<rapport_status>(status.code());
  if (error == nullptr || error->struct_size < sizeof(rapport_error)) return code;
  error->code = code;
  CopyText(TokenOf(status), error->token, sizeof error->token);
  CopyText(ToStd(status.message()), error->message, sizeof error->message);
  return code;
}

absl::Status Give(std::string_view text, rapport_buffer* out) {
  char* data = static_cast<char*>(std::malloc(text.size() + 1));
  if (data == nullptr) throw std::bad_alloc();
  if (!text.empty()) std::memcpy(data, text.data(), text.size());
  data[text.size()] = '\0';
  std::free(out->data);
  *out = {data, text.size()};
  return absl::OkStatus();
}

absl::Status Give(Table table, rapport_table** out) {
  *out = new rapport_table{std::move(table)};
  return absl::OkStatus();
}

absl::StatusOr<Instant> ReadInstant(const char* data, size_t size, std::string_view name) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, name));
  const absl::StatusOr<Stamp> stamp = ParseStamp(View(data, size));
  if (!stamp.ok()) return WithContext(stamp.status(), name);
  return stamp->at;
}

absl::StatusOr<std::optional<Instant>> ReadOptionalInstant(const char* data, size_t size, std::string_view name) {
  if (size == 0) return std::optional<Instant>();
  RAPPORT_ASSIGN_OR_RETURN(const Instant at, ReadInstant(data, size, name));
  return std::optional<Instant>(at);
}

absl::StatusOr<Language> ReadLanguage(const char* data, size_t size) {
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, "language"));
  return size == 0 ? Language::kEnglish : ParseLanguage(View(data, size));
}

absl::StatusOr<std::vector<std::string>> ReadTexts(const char* data, size_t size, std::string_view name) {
  std::vector<std::string> texts;
  if (size == 0) return texts;
  RAPPORT_RETURN_IF_ERROR(CheckText(data, size, name));
  const absl::StatusOr<Json> json = Json::Parse(View(data, size));
  if (!json.ok()) return WithContext(json.status(), name);
  const Json::Array* array = json->if_array();
  if (array == nullptr) return Invalid("capi.wrong_type", std::string(name) + ": found " + std::string(json->KindName()) + ", expected an array of texts");
  if (array->empty()) return Invalid("capi.empty_selection", std::string(name) + ": found an empty list, expected at least one, or none at all for everything");
  for (const Json& item : *array) {
    const std::string* text = item.if_string();
    if (text == nullptr) return Invalid("capi.wrong_type", std::string(name) + ": found " + std::string(item.KindName()) + ", expected texts only");
    texts.push_back(*text);
  }
  return texts;
}

absl::StatusOr<std::vector<RepId>> ReadReps(const char* data, size_t size) {
  RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> texts, ReadTexts(data, size, "reps"));
  std::vector<RepId> reps;
  for (const std::string& text : texts) {
    RAPPORT_ASSIGN_OR_RETURN(RepId rep, RepId::Parse(text));
    reps.push_back(std::move(rep));
  }
  return reps;
}

absl::Status ReadOptions(const rapport_read_options* options, bool need_as_of, Read& out) {
  constexpr size_t kFirst = offsetof(rapport_read_options, language_size) + sizeof(size_t);
  RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kFirst, "rapport_read_options"));
  if (options != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(const std::optional<Instant> as_of, ReadOptionalInstant(options->as_of, options->as_of_size, "as_of"));
    RAPPORT_ASSIGN_OR_RETURN(out.at.known_at, ReadOptionalInstant(options->known_at, options->known_at_size, "known_at"));
    RAPPORT_ASSIGN_OR_RETURN(out.language, ReadLanguage(options->language, options->language_size));
    out.has_as_of = as_of.has_value();
    out.at.as_of = as_of.value_or(Instant());
    out.at.seed = options->seed;
    RAPPORT_ASSIGN_OR_RETURN(const std::vector<std::string> customers,
                             ReadTexts(options->customers, options->customers_size, "customers"));
    for (const std::string& customer : customers) {
      RAPPORT_ASSIGN_OR_RETURN(CustomerId id, CustomerId::Parse(customer));
      out.customers.push_back(std::move(id));
    }
    if (options->policy_size > 0) {
      RAPPORT_RETURN_IF_ERROR(CheckText(options->policy, options->policy_size, "policy"));
      RAPPORT_ASSIGN_OR_RETURN(out.policy, Policy::ParseText(View(options->policy, options->policy_size)));
      out.at.policy = &*out.policy;
    }
  }
  if (need_as_of && !out.has_as_of) return Invalid("capi.missing_as_of", "as_of: found none, expected an instant");
  return absl::OkStatus();
}

absl::Status ReadOpenOptions(const rapport_open_options* options, EngineOptions& out) {
  constexpr size_t kFirst = offsetof(rapport_open_options, suppression_key_size) + sizeof(size_t);
  RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kFirst, "rapport_open_options"));
  if (options == nullptr) return absl::OkStatus();
  RAPPORT_RETURN_IF_ERROR(CheckText(options->suppression_key, options->suppression_key_size, "suppression_key"));
  out.create = options->create != 0;
  out.busy_milliseconds = options->busy_milliseconds;
  out.use_snapshot = options->use_snapshot != 0;
  out.suppression_key = View(options->suppression_key, options->suppression_key_size);
  return absl::OkStatus();
}

absl::Status ReadAppendOptions(const rapport_append_options* options, const rapport_append_receipt* receipt, DecodeOptions& decode, AppendOptions& append) {
  constexpr size_t kFirst = offsetof(rapport_append_options, own_events) + sizeof(int32_t);
  constexpr size_t kReceipt = offsetof(rapport_append_receipt, last_sequence) + sizeof(int64_t);
  RAPPORT_RETURN_IF_ERROR(CheckStruct(options, kFirst, "rapport_append_options"));
  RAPPORT_RETURN_IF_ERROR(CheckStruct(receipt, kReceipt, "rapport_append_receipt"));
  if (options == nullptr) return absl::OkStatus();
  decode.on_unknown = options->keep_unknown != 0 ? OnUnknown::kKeep : OnUnknown::kError;
  decode.own_events = append.own_events = options->own_events != 0;
  append.on_conflict = options->correct != 0 ? OnConflict::kCorrect : OnConflict::kError;
  RAPPORT_ASSIGN_OR_RETURN(decode.received_at, ReadOptionalInstant(options->received_at, options->received_at_size, "received_at"));
  return absl::OkStatus();
}

void GiveReceipt(const AppendReceipt& done, rapport_append_receipt* receipt) {
  if (receipt == nullptr) return;
  receipt->accepted = done.accepted;
  receipt->duplicates = done.duplicates;
  receipt->corrected = done.corrected;
  receipt->last_sequence = done.last_sequence;
}

absl::StatusOr<Mapping> ReadMapping(std::string_view text) {
  const bool document = text.find('{') != std::string_view::npos;
  return document ? Mapping::Parse(text, ZoneRules::Bundled()) : Mapping::Shipped(text, ZoneRules::Bundled());
}

}  // namespace rapport::capi
