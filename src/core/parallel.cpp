#include "rapport/core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace rapport {
namespace {

// One call's work, from which threads take a range each until none is left.
class Ranges {
 public:
  Ranges(std::size_t size, std::size_t range, const std::function<void(std::size_t, std::size_t)>& work) : size_(size), range_(range), work_(work) {}
  void TakeAll(std::exception_ptr& failed) noexcept {
    try {
      for (std::size_t begin = next_.fetch_add(range_); begin < size_; begin = next_.fetch_add(range_)) work_(begin, std::min(size_, begin + range_));
    } catch (...) {
      failed = std::current_exception();
      next_ = size_;   // the others need not go on
    }
  }

 private:
  std::size_t size_, range_;
  const std::function<void(std::size_t, std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace

void ForRanges(std::size_t size, std::size_t range, int threads, const std::function<void(std::size_t begin, std::size_t end)>& work) {
  Ranges ranges(size, range, work);
  const std::size_t most = (size + range - 1) / range;
  const std::size_t others = std::min(static_cast<std::size_t>(std::max(threads, 1)), std::max<std::size_t>(most, 1)) - 1;
  std::vector<std::exception_ptr> failed(others + 1);
  std::vector<std::thread> started;
  started.reserve(others);
  for (std::size_t i = 0; i < others; ++i) {
    try {
      started.emplace_back([&ranges, &failed, i] { ranges.TakeAll(failed[i]); });
    } catch (const std::system_error&) {
      break;
    }
  }
  ranges.TakeAll(failed[others]);
  for (std::thread& thread : started) thread.join();
  for (const std::exception_ptr& one : failed) {
    if (one) std::rethrow_exception(one);
  }
}

}  // namespace rapport
