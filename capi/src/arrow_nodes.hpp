// Floor 9, inside. The Arrow C structs that we make, each with what it owns; release frees it, and children that nobody moved out. So does a node that was
// never given away.
#ifndef RAPPORT_CAPI_ARROW_NODES_HPP_
#define RAPPORT_CAPI_ARROW_NODES_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rapport_arrow.h"

namespace rapport::capi {

// Arrow structs that nobody released or moved out.
template <class Struct>
void ReleaseLeft(Struct& given) {
  if (given.release != nullptr) given.release(&given);
}

// What a schema of ours owns.
struct SchemaNode {
  SchemaNode() = default;
  SchemaNode(const SchemaNode&) = delete;
  SchemaNode& operator=(const SchemaNode&) = delete;
  ~SchemaNode() {
    for (ArrowSchema& child : children) ReleaseLeft(child);
    ReleaseLeft(dictionary);
  }
  std::string name;
  std::string format;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};    // none while it has no release
};

inline void ReleaseSchema(ArrowSchema* schema) {
  delete static_cast<SchemaNode*>(schema->private_data);
  schema->release = nullptr;
}

inline void FillSchema(std::unique_ptr<SchemaNode> node, int64_t flags, ArrowSchema* out) {
  for (ArrowSchema& child : node->children) node->pointers.push_back(&child);
  *out = ArrowSchema{node->format.c_str(), node->name.c_str(), nullptr, flags, static_cast<int64_t>(node->children.size()),
                     node->pointers.empty() ? nullptr : node->pointers.data(), node->dictionary.release == nullptr ? nullptr : &node->dictionary,
                     ReleaseSchema, nullptr};
  out->private_data = node.release();
}

// A buffer with what owns it: any container of plain values, moved in.
class OwnedBuffer {
 public:
  OwnedBuffer() = default;   // none
  template <class Container>
  explicit OwnedBuffer(Container values) {
    static constexpr uint64_t kNothing = 0;   // a consumer may look at the first word, even of no values
    const auto owner = std::make_shared<const Container>(std::move(values));
    data_ = owner->empty() ? static_cast<const void*>(&kNothing) : owner->data();
    owner_ = owner;
  }
  const void* data() const { return data_; }

 private:
  std::shared_ptr<const void> owner_;
  const void* data_ = nullptr;
};

// What an array of ours owns: `buffers` may begin with buffers that are absent.
struct ArrayNode {
  ArrayNode() = default;
  ArrayNode(const ArrayNode&) = delete;
  ArrayNode& operator=(const ArrayNode&) = delete;
  ~ArrayNode() {
    for (ArrowArray& child : children) ReleaseLeft(child);
  }
  std::vector<OwnedBuffer> owned;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

inline void ReleaseArray(ArrowArray* array) {
  delete static_cast<ArrayNode*>(array->private_data);
  array->release = nullptr;
}

inline void FillArray(std::unique_ptr<ArrayNode> node, int64_t length, int64_t nulls, ArrowArray* out) {
  for (const OwnedBuffer& buffer : node->owned) node->buffers.push_back(buffer.data());
  for (ArrowArray& child : node->children) node->pointers.push_back(&child);
  *out = ArrowArray{length, nulls, 0, static_cast<int64_t>(node->buffers.size()), static_cast<int64_t>(node->children.size()),
                    node->buffers.data(), node->pointers.empty() ? nullptr : node->pointers.data(), nullptr, ReleaseArray, nullptr};
  out->private_data = node.release();
}

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_NODES_HPP_
