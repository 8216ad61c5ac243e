// Floor 3. A word of a promise as people are told of it (EX8): what was promised, what was delivered, the margin; or what is still owed.
//
//   "Promised 10 filters by Sun 11 Jan; delivered 11 on Sat 10 Jan: 1 day early, 1 more."
//   "We owe "water report for both softeners" by Fri 6 Mar."
//
// Keys are `promise.told.*` of messages/; words of people (`what`) are references that the reader's Texts resolve.
#ifndef RAPPORT_EXPECTATION_PROMISE_SENTENCE_HPP_
#define RAPPORT_EXPECTATION_PROMISE_SENTENCE_HPP_

#include "rapport/core/sentence.hpp"
#include "rapport/expectation/promise_outcome.hpp"

namespace rapport {

// `today`: the customer's local day. `next`: the word that took its place, of what was renegotiated; null: none.
Sentence TellPromise(const PromiseRecord& promise, const PromiseWord& word, const PromiseWord* next, const Zone& zone, Day today);

}  // namespace rapport

#endif  // RAPPORT_EXPECTATION_PROMISE_SENTENCE_HPP_
