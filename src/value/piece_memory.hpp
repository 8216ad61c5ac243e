// Floor 3, inside. Memory for what many shards hold, given back all at once. On Linux it lies in huge pages where the system lets programs ask for them:
// customers are looked at all over it, and with small pages every look costs another one at the page table.
#ifndef RAPPORT_SRC_VALUE_PIECE_MEMORY_HPP_
#define RAPPORT_SRC_VALUE_PIECE_MEMORY_HPP_

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace rapport {

class PieceMemory {
 public:
  // `bytes`: a multiple of 64, as the address is. Threads may share this.
  void* Take(std::size_t bytes);
  void GiveBackAll();
  std::size_t bytes_held() const;   // what was asked of the system, also what nobody has taken yet

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;
  struct Free {
    std::align_val_t alignment{};
    void operator()(std::byte* slab) const { ::operator delete(slab, alignment); }
  };

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<std::byte, Free>> slabs_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0, held_ = 0;
};

}  // namespace rapport

#endif  // RAPPORT_SRC_VALUE_PIECE_MEMORY_HPP_
