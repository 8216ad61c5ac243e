/* Compiled only: rapport.h is C99, before and after Arrow's own header, and its constants are constants. */
#include "rapport.h"

#include "rapport_arrow.h"

typedef char error_is_as_documented[sizeof(((rapport_error*)0)->message) == 1024 ? 1 : -1];

rapport_status rapport_header_compiles(void);

rapport_status rapport_header_compiles(void) {
  rapport_error error = RAPPORT_ERROR_INIT;
  rapport_buffer buffer = RAPPORT_BUFFER_INIT;
  rapport_open_options open = RAPPORT_OPEN_OPTIONS_INIT;
  rapport_append_options append = RAPPORT_APPEND_OPTIONS_INIT;
  rapport_append_receipt receipt = RAPPORT_APPEND_RECEIPT_INIT;
  rapport_import_options import = RAPPORT_IMPORT_OPTIONS_INIT;
  rapport_read_options read = RAPPORT_READ_OPTIONS_INIT;
  rapport_summarize_options summarize = RAPPORT_SUMMARIZE_OPTIONS_INIT;
  rapport_value_columns columns = RAPPORT_VALUE_COLUMNS_INIT;
  (void)columns, (void)buffer, (void)open, (void)append, (void)receipt, (void)import, (void)read, (void)summarize;
  return error.code == RAPPORT_OK ? RAPPORT_OK : RAPPORT_INTERNAL;
}
