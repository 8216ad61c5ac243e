// Screening: a foreign Arrow stream of signals in, an Arrow stream of one boolean column a rule out. The bits go out as they were
// made, and the customers' column as it came in.
#include <cerrno>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow_nodes.hpp"
#include "arrow_stream.hpp"
#include "border.hpp"
#include "rapport/policy/screen.hpp"
#include "screen_columns.hpp"

using namespace rapport;        // NOLINT: this file is the border of that namespace
using namespace rapport::capi;  // NOLINT

namespace {

constexpr std::string_view kCustomer = "customer";

// An array of a producer, moved out of its batch.
class MovedArray {
 public:
  explicit MovedArray(ArrowArray* from) : array_(std::exchange(*from, ArrowArray{})) {}
  MovedArray(MovedArray&& other) noexcept : array_(std::exchange(other.array_, ArrowArray{})) {}
  MovedArray& operator=(MovedArray&&) = delete;
  ~MovedArray() {
    if (array_.release != nullptr) array_.release(&array_);
  }
  ArrowArray Take() { return std::exchange(array_, ArrowArray{}); }

 private:
  ArrowArray array_;
};

struct ScreenedBatch {
  ScreenMasks masks;
  std::optional<MovedArray> customers;
};

// The customers' column as its schema was: the format, and the values' where it is a dictionary.
struct CustomerFormat {
  std::string format;
  std::string values;
  std::int64_t flags = 0;
  std::int64_t values_flags = 0;
};

struct Screened {
  std::vector<std::string> rules;
  std::optional<CustomerFormat> customers;
  std::deque<ScreenedBatch> batches;
  std::string last_error;
};

// --- reading ---
// The columns that are needed, out of a table that may hold others of any type.
struct NeededColumns {
  std::vector<std::int64_t> places;    // in the producer's table
  ArrowField table;                    // with these alone
  std::vector<const ScreenSignal*> signals;   // nullptr: the customers
  std::int64_t all = 0;
  std::optional<CustomerFormat> customers;
};

const ScreenSignal* SignalNamed(const Screen& screen, std::string_view name) {
  for (const ScreenSignal& signal : screen.signals()) {
    if (signal.name == name) return &signal;
  }
  return nullptr;
}

absl::Status CheckCustomers(const ArrowField& field, const ArrowSchema& schema, NeededColumns& needed) {
  if (field.kind == ArrowKind::kStruct || field.kind == ArrowKind::kList) {
    return Invalid("screen.wrong_type", absl::StrCat(field.Place(), ": found a struct or a list, expected texts or numbers"));
  }
  needed.customers = CustomerFormat{schema.format, field.dictionary != nullptr ? schema.dictionary->format : "", schema.flags,
                                    field.dictionary != nullptr ? schema.dictionary->flags : 0};
  return absl::OkStatus();
}

absl::StatusOr<NeededColumns> ReadNeeded(const ArrowSchema& schema, const Screen& screen) {
  NeededColumns needed;
  needed.all = schema.n_children;
  if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
    return Invalid("arrow.invalid", absl::StrCat("the table: found ", schema.n_children, " columns that are not there"));
  }
  std::vector<ArrowSchema*> columns;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    ArrowSchema* column = schema.children[i];
    if (column == nullptr || column->name == nullptr) continue;
    const ScreenSignal* signal = SignalNamed(screen, column->name);
    if (signal == nullptr && column->name != kCustomer) continue;
    columns.push_back(column);
    needed.places.push_back(i);
    needed.signals.push_back(signal);
  }
  ArrowSchema narrowed = schema;   // borrowed: not to be released
  narrowed.n_children = static_cast<std::int64_t>(columns.size());
  narrowed.children = columns.data();
  RAPPORT_ASSIGN_OR_RETURN(needed.table, ReadArrowSchema(narrowed));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (needed.signals[i] == nullptr) RAPPORT_RETURN_IF_ERROR(CheckCustomers(needed.table.children[i], *columns[i], needed));
  }
  return needed;
}

absl::StatusOr<ScreenedBatch> ScreenBatch(const Screen& screen, const NeededColumns& needed, ArrowArray& batch) {
  if (batch.n_children != needed.all || (needed.all > 0 && batch.children == nullptr)) {
    return Invalid("arrow.invalid", absl::StrCat("the table: found ", batch.n_children, " child arrays, expected ", needed.all));
  }
  std::vector<ArrowArray*> arrays;
  for (const std::int64_t place : needed.places) arrays.push_back(batch.children[place]);
  ArrowArray narrowed = batch;   // borrowed
  narrowed.n_children = static_cast<std::int64_t>(arrays.size());
  narrowed.children = arrays.data();
  RAPPORT_RETURN_IF_ERROR(CheckArrowBatch(needed.table, narrowed));
  BatchColumns columns;
  std::optional<std::size_t> customers;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (needed.signals[i] == nullptr) customers = i;
    else RAPPORT_RETURN_IF_ERROR(columns.Add(*needed.signals[i], needed.table.children[i], *arrays[i], batch.offset, batch.length));
  }
  RAPPORT_ASSIGN_OR_RETURN(ScreenMasks masks, screen.Run({static_cast<std::size_t>(batch.length), columns.columns()}));
  ScreenedBatch done{std::move(masks), std::nullopt};
  if (!customers.has_value()) return done;
  ArrowArray& moved = *arrays[*customers];
  if (batch.offset != 0 || moved.length != batch.length) moved.null_count = moved.null_count == 0 ? 0 : -1;
  moved.offset += batch.offset;
  moved.length = batch.length;
  done.customers.emplace(&moved);
  return done;
}

absl::Status ScreenBatches(const Screen& screen, const NeededColumns& needed, ArrowArrayStream& stream, Screened& out) {
  for (std::int64_t rows = 0;;) {
    ArrowArray batch{};
    if (const int code = stream.get_next(&stream, &batch); code != 0) {
      return ProducerFailed(stream, code, absl::StrCat("giving what follows row ", rows));
    }
    if (batch.release == nullptr) return absl::OkStatus();
    const Released<ArrowArray> released(&batch);
    absl::StatusOr<ScreenedBatch> screened = ScreenBatch(screen, needed, batch);
    if (!screened.ok()) return rows == 0 ? screened.status() : WithContext(screened.status(), absl::StrCat("the batch after row ", rows));
    rows += batch.length;
    out.batches.push_back(*std::move(screened));
  }
}

absl::Status ScreenStream(const Screen& screen, ArrowArrayStream& stream, Screened& out) {
  RAPPORT_RETURN_IF_ERROR(CheckArrowFunctions(stream));
  ArrowSchema schema{};
  if (const int code = stream.get_schema(&stream, &schema); code != 0) return ProducerFailed(stream, code, "giving the schema");
  const Released<ArrowSchema> released(&schema);
  RAPPORT_ASSIGN_OR_RETURN(const NeededColumns needed, ReadNeeded(schema, screen));
  // Without a batch nobody would ask whether the columns are there.
  BatchColumns none;
  for (std::size_t i = 0; i < needed.signals.size(); ++i) {
    if (needed.signals[i] == nullptr) continue;
    const void* buffers[3] = {nullptr, nullptr, nullptr};
    ArrowArray empty{};
    empty.buffers = buffers;
    RAPPORT_RETURN_IF_ERROR(none.Add(*needed.signals[i], needed.table.children[i], empty, 0, 0));
  }
  RAPPORT_RETURN_IF_ERROR(screen.Run({0, none.columns()}).status());
  out.rules = screen.rules();
  out.customers = needed.customers;
  return ScreenBatches(screen, needed, stream, out);
}

absl::StatusOr<ScreenOptions> ReadScreenOptions(std::string_view text) {
  RAPPORT_ASSIGN_OR_RETURN(const Json json, Json::Parse(text.empty() ? "{}" : text));
  JsonReader in(json, "options", "screen");
  ScreenOptions options;
  RAPPORT_ASSIGN_OR_RETURN(const std::optional<bool> triggers, in.OptionalBool("triggers"));
  options.triggers = triggers.value_or(false);
  RAPPORT_ASSIGN_OR_RETURN(options.team, in.OptionalString("team"));
  RAPPORT_RETURN_IF_ERROR(in.Finish());
  return options;
}

// --- giving ---
template <class Fill>
int Callback(ArrowArrayStream* self, Fill fill) noexcept {
  auto* screened = static_cast<Screened*>(self->private_data);
  try {
    fill(*screened);
    return 0;
  } catch (const std::exception& error) {
    screened->last_error = error.what();
    return ENOMEM;
  }
}

void FillPlain(std::string name, std::string format, std::int64_t flags, ArrowSchema* out) {
  auto node = std::make_unique<SchemaNode>();
  node->name = std::move(name);
  node->format = std::move(format);
  FillSchema(std::move(node), flags, out);
}

void FillCustomers(const CustomerFormat& customers, ArrowSchema* out) {
  auto node = std::make_unique<SchemaNode>();
  node->name = kCustomer;
  node->format = customers.format;
  if (!customers.values.empty()) FillPlain("", customers.values, customers.values_flags, &node->dictionary);
  FillSchema(std::move(node), customers.flags, out);
}

int GetSchema(ArrowArrayStream* self, ArrowSchema* out) {
  return Callback(self, [&](const Screened& screened) {
    auto root = std::make_unique<SchemaNode>();
    const std::size_t first = screened.customers.has_value() ? 1 : 0;
    root->format = "+s";
    root->children.resize(screened.rules.size() + first);
    if (first == 1) FillCustomers(*screened.customers, &root->children[0]);
    for (std::size_t i = 0; i < screened.rules.size(); ++i) FillPlain(screened.rules[i], "b", 0, &root->children[first + i]);
    FillSchema(std::move(root), 0, out);
  });
}

void FillBits(std::vector<std::uint8_t> bits, std::int64_t rows, ArrowArray* out) {
  auto node = std::make_unique<ArrayNode>();
  node->buffers.push_back(nullptr);     // none is null
  node->owned.emplace_back(std::move(bits));
  FillArray(std::move(node), rows, 0, out);
}

int GetNext(ArrowArrayStream* self, ArrowArray* out) {
  return Callback(self, [&](Screened& screened) {
    *out = ArrowArray{};
    if (screened.batches.empty()) return;
    ScreenedBatch& batch = screened.batches.front();
    const auto rows = static_cast<std::int64_t>(batch.masks.rows());
    auto root = std::make_unique<ArrayNode>();
    root->buffers.push_back(nullptr);
    const std::size_t first = screened.customers.has_value() ? 1 : 0;
    root->children.resize(batch.masks.rules() + first);
    for (std::size_t i = 0; i < batch.masks.rules(); ++i) FillBits(batch.masks.TakeBits(i), rows, &root->children[first + i]);
    if (first == 1) root->children[0] = batch.customers->Take();
    FillArray(std::move(root), rows, 0, out);
    screened.batches.pop_front();
  });
}

const char* GetLastError(ArrowArrayStream* self) {
  const auto* screened = static_cast<Screened*>(self->private_data);
  return screened->last_error.empty() ? nullptr : screened->last_error.c_str();
}

void ReleaseStream(ArrowArrayStream* self) {
  delete static_cast<Screened*>(self->private_data);
  self->release = nullptr;
}

}  // namespace

extern "C" rapport_status rapport_policy_screen(const char* policy, size_t policy_size, ArrowArrayStream* signals, const char* options,
                                                size_t options_size, ArrowArrayStream* out, rapport_error* error) {
  return Guard(error, [&]() -> absl::Status {
    RAPPORT_RETURN_IF_ERROR(NotNull({signals}));
    RAPPORT_RETURN_IF_ERROR(CheckArrowStream(signals));
    const Released<ArrowArrayStream> released(signals);
    RAPPORT_RETURN_IF_ERROR(NotNull({policy, out}));
    RAPPORT_RETURN_IF_ERROR(CheckText(options, options_size, "options"));
    RAPPORT_ASSIGN_OR_RETURN(const ScreenOptions wanted, ReadScreenOptions(View(options, options_size)));
    RAPPORT_ASSIGN_OR_RETURN(const Policy parsed, Policy::ParseText(View(policy, policy_size)));
    auto screened = std::make_unique<Screened>();
    RAPPORT_RETURN_IF_ERROR(ScreenStream(Screen::Of(parsed, wanted), *signals, *screened));
    *out = ArrowArrayStream{GetSchema, GetNext, GetLastError, ReleaseStream, screened.release()};
    return absl::OkStatus();
  });
}
