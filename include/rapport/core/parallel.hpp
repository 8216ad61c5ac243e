// Floor 0. Threads that start and join within a call.
#ifndef RAPPORT_CORE_PARALLEL_HPP_
#define RAPPORT_CORE_PARALLEL_HPP_

#include <cstddef>
#include <functional>

namespace rapport {

// Calls `work(begin, end)` for ranges that cover [0, size), on at most `threads` threads, the caller's among them (1 or less: on that alone).
// Ranges are of `range` rows whatever the number of threads, so work that depends on its range alone gives the same bits on any. Each is taken by
// one thread; where a thread cannot be started the others do its work. What `work` throws is thrown here, after all threads have ended.
void ForRanges(std::size_t size, std::size_t range, int threads, const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace rapport

#endif  // RAPPORT_CORE_PARALLEL_HPP_
