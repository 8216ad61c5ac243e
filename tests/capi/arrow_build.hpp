// Arrow streams built by hand, honest or lying, with a tally that tells whether everything was released once. Buffers are allocated to
// the byte, so that the address sanitizer sees a read beyond one.
#ifndef RAPPORT_TESTS_CAPI_ARROW_BUILD_HPP_
#define RAPPORT_TESTS_CAPI_ARROW_BUILD_HPP_

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rapport_arrow.h"

namespace rapport::arrow_build {

struct Tally {
  int made = 0;
  int released = 0;
  // A second release of a struct calls through NULL, so equal counts are enough.
  bool AllReleasedOnce() const { return made == released; }
};

struct SchemaSpec {
  std::optional<std::string> format;
  std::optional<std::string> name;
  std::vector<SchemaSpec> children;
  std::vector<SchemaSpec> dictionary;            // none or one
  bool is_released = false;
  bool without_children = false;                 // a null pointer to the children
  std::optional<std::int64_t> claimed_children = {};  // negative, or more than there are
};

struct ArraySpec {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::int64_t offset = 0;
  std::vector<std::optional<std::string>> buffers;  // none: a null pointer
  std::vector<ArraySpec> children;
  std::vector<ArraySpec> dictionary;
  bool is_released = false;
  bool without_buffers = false;
  bool without_children = false;
  std::optional<std::int64_t> claimed_buffers = {};
  std::optional<std::int64_t> claimed_children = {};
};

struct StreamSpec {
  SchemaSpec schema;
  std::vector<ArraySpec> batches;
  int schema_code = 0;
  int end_code = 0;  // what get_next answers after the last batch
  std::optional<std::string> error = {};
  bool without_functions = false;
};

// What one struct owns.
template <class Struct>
struct Owned {
  Tally* tally = nullptr;
  std::optional<std::string> format, name;
  std::vector<std::unique_ptr<char[]>> bytes;
  std::vector<const void*> buffers;
  std::deque<Struct> children;
  std::vector<Struct*> pointers;
  Struct dictionary{};
};

template <class Struct>
void ReleaseOwned(Struct* self) {
  std::unique_ptr<Owned<Struct>> owned(static_cast<Owned<Struct>*>(self->private_data));
  ++owned->tally->released;
  for (Struct& child : owned->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (owned->dictionary.release != nullptr) owned->dictionary.release(&owned->dictionary);
  self->release = nullptr;
  self->private_data = nullptr;
}

template <class Struct, class Spec>
void ExportChildren(const Spec& spec, Tally& tally, Owned<Struct>& owned, Struct& out);

inline void Export(const SchemaSpec& spec, Tally& tally, ArrowSchema* out) {
  *out = ArrowSchema{};
  if (spec.is_released) return;
  auto owned = std::make_unique<Owned<ArrowSchema>>();
  owned->tally = &tally;
  owned->format = spec.format;
  owned->name = spec.name;
  out->format = owned->format ? owned->format->c_str() : nullptr;
  out->name = owned->name ? owned->name->c_str() : nullptr;
  ExportChildren(spec, tally, *owned, *out);
  out->release = ReleaseOwned<ArrowSchema>;
  out->private_data = owned.release();
  ++tally.made;
}

inline void Export(const ArraySpec& spec, Tally& tally, ArrowArray* out) {
  *out = ArrowArray{};
  if (spec.is_released) return;
  auto owned = std::make_unique<Owned<ArrowArray>>();
  owned->tally = &tally;
  for (const std::optional<std::string>& buffer : spec.buffers) {
    owned->buffers.push_back(nullptr);
    if (!buffer) continue;
    owned->bytes.push_back(std::make_unique<char[]>(buffer->size()));
    if (!buffer->empty()) std::memcpy(owned->bytes.back().get(), buffer->data(), buffer->size());
    owned->buffers.back() = owned->bytes.back().get();
  }
  out->length = spec.length;
  out->null_count = spec.null_count;
  out->offset = spec.offset;
  out->n_buffers = spec.claimed_buffers.value_or(static_cast<std::int64_t>(spec.buffers.size()));
  out->buffers = spec.without_buffers ? nullptr : owned->buffers.data();
  ExportChildren(spec, tally, *owned, *out);
  out->release = ReleaseOwned<ArrowArray>;
  out->private_data = owned.release();
  ++tally.made;
}

template <class Struct, class Spec>
void ExportChildren(const Spec& spec, Tally& tally, Owned<Struct>& owned, Struct& out) {
  for (const Spec& child : spec.children) {
    owned.children.emplace_back();
    Export(child, tally, &owned.children.back());
    owned.pointers.push_back(&owned.children.back());
  }
  out.n_children = spec.claimed_children.value_or(static_cast<std::int64_t>(spec.children.size()));
  while (static_cast<std::int64_t>(owned.pointers.size()) < out.n_children) owned.pointers.push_back(nullptr);
  out.children = spec.without_children ? nullptr : owned.pointers.data();
  if (spec.dictionary.empty()) return;
  Export(spec.dictionary.front(), tally, &owned.dictionary);
  out.dictionary = &owned.dictionary;
}

// A stream over `spec`, which must outlive it.
class Stream {
 public:
  explicit Stream(const StreamSpec& spec) : spec_(spec) {
    stream_ = {GetSchema, GetNext, GetLastError, Release, this};
    if (spec.without_functions) stream_.get_next = nullptr;
    ++tally_.made;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ArrowArrayStream* get() { return &stream_; }
  const Tally& tally() const { return tally_; }

 private:
  static Stream& Self(ArrowArrayStream* stream) { return *static_cast<Stream*>(stream->private_data); }
  static int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) {
    if (Self(stream).spec_.schema_code == 0) Export(Self(stream).spec_.schema, Self(stream).tally_, out);
    return Self(stream).spec_.schema_code;
  }
  static int GetNext(ArrowArrayStream* stream, ArrowArray* out) {
    Stream& self = Self(stream);
    *out = ArrowArray{};
    if (self.next_ >= self.spec_.batches.size()) return self.spec_.end_code;
    Export(self.spec_.batches[self.next_++], self.tally_, out);
    return 0;
  }
  static const char* GetLastError(ArrowArrayStream* stream) {
    const auto& error = Self(stream).spec_.error;
    return error ? error->c_str() : nullptr;
  }
  static void Release(ArrowArrayStream* stream) {
    ++Self(stream).tally_.released;
    stream->release = nullptr;
  }

  const StreamSpec& spec_;
  Tally tally_;
  std::size_t next_ = 0;
  ArrowArrayStream stream_{};
};

// The bytes of values side by side.
template <class T>
std::string Bytes(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

inline std::string Bits(const std::vector<bool>& bits) {
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) bytes[i / 8] = static_cast<char>(bytes[i / 8] | 1 << (i % 8));
  }
  return bytes;
}

}  // namespace rapport::arrow_build

#endif  // RAPPORT_TESTS_CAPI_ARROW_BUILD_HPP_
