// Whether what is tested runs under a sanitizer. The sources of tests are compiled once and linked with either library, so no macro knows it.
#ifndef RAPPORT_TESTS_SANITIZED_HPP_
#define RAPPORT_TESTS_SANITIZED_HPP_

extern "C" {
void __asan_init() __attribute__((weak));
void __tsan_init() __attribute__((weak));
}

namespace rapport {

inline bool IsSanitized() { return __asan_init != nullptr || __tsan_init != nullptr; }

}  // namespace rapport

#endif  // RAPPORT_TESTS_SANITIZED_HPP_
