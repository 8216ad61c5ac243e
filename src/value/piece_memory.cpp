#include "value/piece_memory.hpp"

#include <algorithm>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace rapport {

void* PieceMemory::Take(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (left_ < bytes) {
    constexpr std::size_t kFirstSlab = std::size_t{64} << 10, kDoublings = 7;   // at last 8 MB
    left_ = std::max(bytes, kFirstSlab << std::min(slabs_.size(), kDoublings));
    next_ = slabs_.emplace_back(static_cast<std::byte*>(::operator new(left_, std::align_val_t{kHugePage}))).get();
#ifdef MADV_HUGEPAGE
    if (left_ >= 2 * kHugePage) madvise(next_, left_, MADV_HUGEPAGE);   // a wish: where it fails all is as before
#endif
  }
  left_ -= bytes;
  return std::exchange(next_, next_ + bytes);
}

void PieceMemory::GiveBackAll() {
  slabs_.clear();
  next_ = nullptr;
  left_ = 0;
}

}  // namespace rapport
