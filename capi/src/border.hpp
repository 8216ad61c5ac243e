// Floor 9, inside. The border: the only place where C++ meets C. Convert, call, convert; no logic.
#ifndef RAPPORT_CAPI_BORDER_HPP_
#define RAPPORT_CAPI_BORDER_HPP_

#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "rapport.h"
#include "rapport/core/status.hpp"
#include "rapport/core/table.hpp"
#include "rapport/engine.hpp"

struct rapport_engine {
  rapport::Engine engine;
};

struct rapport_table {
  rapport::Table table;
};

namespace rapport::capi {

// Writes `status` into the caller's error object, if there is one, and returns its code.
rapport_status Report(const absl::Status& status, rapport_error* error);

// Runs `call`, which returns an absl::Status; nothing it throws gets out.
template <class Call>
rapport_status Guard(rapport_error* error, Call&& call) noexcept {
  try {
    return Report(call(), error);
  } catch (const std::bad_alloc&) {
    return Report(absl::ResourceExhaustedError("memory ran out; nothing was changed"), error);
  } catch (const std::exception& other) {
    return Report(absl::InternalError(other.what()), error);
  } catch (...) {
    return Report(absl::InternalError("an unknown exception reached the border"), error);
  }
}

inline std::string_view View(const char* data, size_t size) {
  return data == nullptr ? std::string_view() : std::string_view(data, size);
}

// `capi.null` unless every pointer is set; `capi.null` also for a text without bytes but with a size.
inline absl::Status NotNull(std::initializer_list<const void*> pointers) {
  for (const void* pointer : pointers) {
    if (pointer == nullptr) return Invalid("capi.null", "a required pointer: found NULL, expected an object");
  }
  return absl::OkStatus();
}
inline absl::Status CheckText(const char* data, size_t size, std::string_view name) {
  if (data != nullptr || size == 0) return absl::OkStatus();
  return Invalid("capi.null", std::string(name) + ": found NULL with a size, expected its bytes");
}

// OK if the struct is at least as long as in the first version of the interface; a NULL is "all defaults".
template <class Options>
absl::Status CheckStruct(const Options* options, size_t first_version, std::string_view name) {
  if (options == nullptr || options->struct_size >= first_version) return absl::OkStatus();
  return Invalid("capi.struct_size", std::string(name) + ".struct_size: found " + std::to_string(options->struct_size) +
                                         ", expected at least " + std::to_string(first_version));
}

absl::Status Give(std::string_view text, rapport_buffer* out);
absl::Status Give(Table table, rapport_table** out);

absl::Status ReadOpenOptions(const rapport_open_options* options, EngineOptions& out);
// Checks the receipt too, which the call fills at its end.
absl::Status ReadAppendOptions(const rapport_append_options* options, const rapport_append_receipt* receipt, DecodeOptions& decode, AppendOptions& append);
void GiveReceipt(const AppendReceipt& done, rapport_append_receipt* receipt);
// A document, or the name of a shipped mapping.
absl::StatusOr<Mapping> ReadMapping(std::string_view text);

absl::StatusOr<Instant> ReadInstant(const char* data, size_t size, std::string_view name);
absl::StatusOr<std::optional<Instant>> ReadOptionalInstant(const char* data, size_t size, std::string_view name);
absl::StatusOr<Language> ReadLanguage(const char* data, size_t size);
// A JSON array of texts; none: empty.
absl::StatusOr<std::vector<std::string>> ReadTexts(const char* data, size_t size, std::string_view name);
absl::StatusOr<std::vector<RepId>> ReadReps(const char* data, size_t size);

// rapport_read_options as the engine takes them, owning the policy.
struct Read {
  ReadAt at;
  std::optional<Policy> policy;
  std::vector<CustomerId> customers;
  Language language = Language::kEnglish;
  bool has_as_of = false;
};
// `need_as_of`: INVALID_ARGUMENT `capi.missing_as_of` where there is none.
absl::Status ReadOptions(const rapport_read_options* options, bool need_as_of, Read& out);
// A table that `ask` makes, of an engine and a read whose moment is given.
template <class Ask>
rapport_status GiveTable(rapport_engine* engine, const rapport_read_options* options, rapport_table** out, rapport_error* error, Ask ask) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({engine, out}));
    Read read;
    RAPPORT_RETURN_IF_ERROR(ReadOptions(options, true, read));
    RAPPORT_ASSIGN_OR_RETURN(Table table, ask(engine->engine, read));
    return Give(std::move(table), out);
  });
}

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_BORDER_HPP_
