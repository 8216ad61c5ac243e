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
    const std::size_t size = std::max(bytes, kFirstSlab << std::min(slabs_.size(), kDoublings));
    const std::align_val_t alignment{size < 2 * kHugePage ? 64 : kHugePage};   // a small slab would lie in a whole huge page
    std::unique_ptr<std::byte, Free> slab(static_cast<std::byte*>(::operator new(size, alignment)), Free{alignment});
    slabs_.push_back(std::move(slab));   // only now, for both may throw, is there more
    next_ = slabs_.back().get();
    left_ = size;
    held_ += size;
#ifdef MADV_HUGEPAGE
    if (size >= 2 * kHugePage) madvise(next_, size, MADV_HUGEPAGE);   // a wish: where it fails all is as before
#endif
  }
  left_ -= bytes;
  return std::exchange(next_, next_ + bytes);
}

void PieceMemory::GiveBackAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  slabs_.clear();
  next_ = nullptr;
  left_ = held_ = 0;
}

std::size_t PieceMemory::bytes_held() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return held_;
}

}  // namespace rapport
