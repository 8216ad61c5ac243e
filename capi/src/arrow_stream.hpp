// Floor 9, inside. What every reader of a foreign Arrow C stream needs: its structs released once, its failures in its own words, its
// batches looked at before they are read.
#ifndef RAPPORT_CAPI_ARROW_STREAM_HPP_
#define RAPPORT_CAPI_ARROW_STREAM_HPP_

#include <string_view>

#include "absl/status/status.h"
#include "arrow_field.hpp"
#include "rapport_arrow.h"

namespace rapport::capi {

// Releases one of the three structs once, at the end of its scope.
template <class Struct>
class Released {
 public:
  explicit Released(Struct* owned) : owned_(owned) {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (owned_->release == nullptr) return;
    owned_->release(owned_);
    owned_->release = nullptr;
  }

 private:
  Struct* owned_;
};

// `arrow.invalid` where there is no live stream. Then, once it is sure to be released: where it lacks its functions.
absl::Status CheckArrowStream(const ArrowArrayStream* stream);
absl::Status CheckArrowFunctions(const ArrowArrayStream& stream);

// UNKNOWN `arrow.stream`, with the producer's own words.
absl::Status ProducerFailed(ArrowArrayStream& stream, int code, std::string_view doing);

// `arrow.invalid` unless the batch has the shape of `table` and no row that is null as a whole.
absl::Status CheckArrowBatch(const ArrowField& table, const ArrowArray& batch);

}  // namespace rapport::capi

#endif  // RAPPORT_CAPI_ARROW_STREAM_HPP_
