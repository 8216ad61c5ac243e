/* A host in C that links the shared library. */
#include <stdio.h>

#include "rapport.h"

int main(void) {
  rapport_buffer info = RAPPORT_BUFFER_INIT;
  if (rapport_abi_version() != RAPPORT_ABI_VERSION || rapport_build_info(&info, NULL) != RAPPORT_OK) return 1;
  puts(info.data);
  rapport_buffer_dispose(&info);
  return 0;
}
