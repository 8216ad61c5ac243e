/* Rapport's C API, the rep's day: plans that fit, cards, outcomes, briefs, letters, reports and the pages made of them. rapport.h includes it and says the
 * rules that hold for every function. */
#ifndef RAPPORT_DAY_H_
#define RAPPORT_DAY_H_

#include "rapport.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}  /* extern "C" */
#endif

#endif  /* RAPPORT_DAY_H_ */
