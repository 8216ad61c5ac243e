// Floor 10. The C API as the command uses it: owned handles, and one way to fail.
#ifndef RAPPORT_TOOLS_FACE_HPP_
#define RAPPORT_TOOLS_FACE_HPP_

#include <memory>
#include <stdexcept>
#include <string>

#include "rapport.h"

namespace rapport_command {

// Exit codes: 0 done, 1 the data or policy is wrong, 2 wrong usage, 3 the machine failed.
struct Failure : std::runtime_error {
  Failure(int exit_code, const std::string& message) : std::runtime_error(message), exit_code(exit_code) {}
  int exit_code;
};

inline int ExitCodeOf(rapport_status status) {
  switch (status) {
    case RAPPORT_OK: return 0;
    case RAPPORT_PERMISSION_DENIED:
    case RAPPORT_RESOURCE_EXHAUSTED:
    case RAPPORT_INTERNAL:
    case RAPPORT_UNAVAILABLE:
    case RAPPORT_DATA_LOSS: return 3;
    default: return 1;
  }
}

// Runs a call of the C API and throws its one line.
template <class Call>
void Do(Call&& call) {
  rapport_error error = RAPPORT_ERROR_INIT;
  const rapport_status status = call(&error);
  if (status != RAPPORT_OK) throw Failure(ExitCodeOf(status), std::string(error.message) + " [" + error.token + "]");
}

struct CloseEngine { void operator()(rapport_engine* engine) const { rapport_engine_close(engine); } };
struct FreeTable { void operator()(rapport_table* table) const { rapport_table_free(table); } };
using Engine = std::unique_ptr<rapport_engine, CloseEngine>;
using Table = std::unique_ptr<rapport_table, FreeTable>;

Engine OpenBook(const std::string& path, bool create);

template <class Call>
std::string Text(Call&& call) {
  rapport_buffer buffer = RAPPORT_BUFFER_INIT;
  Do([&](rapport_error* error) { return call(&buffer, error); });
  std::string text(buffer.data, buffer.size);
  rapport_buffer_dispose(&buffer);
  return text;
}

template <class Call>
Table Rows(Call&& call) {
  rapport_table* table = nullptr;
  Do([&](rapport_error* error) { return call(&table, error); });
  return Table(table);
}

std::string ReadFile(const std::string& path);
// A document that was named must hold something: an empty file is a write that failed, not "none".
std::string ReadDocument(const std::string& path);

void WriteText(const std::string& path, const std::string& text);
// To the output, whatever signs it holds; a last line that is not ended is.
void PrintText(const std::string& text);

// "json" (a canonical object a line) or "csv".
std::string TableText(const rapport_table* table, const std::string& format);
// "table" as well.
void Print(const rapport_table* table, const std::string& format);

}  // namespace rapport_command

#endif  // RAPPORT_TOOLS_FACE_HPP_
