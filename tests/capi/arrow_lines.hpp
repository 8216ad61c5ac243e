// What went out as Arrow, read back.
#ifndef RAPPORT_TESTS_CAPI_ARROW_LINES_HPP_
#define RAPPORT_TESTS_CAPI_ARROW_LINES_HPP_

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "arrow_import.hpp"
#include "rapport/core/json.hpp"

// What a stream gives, as the lines of a table.
inline std::string LinesOf(ArrowArrayStream& stream) {
  std::vector<std::string> columns;
  std::string lines;
  const absl::Status status = rapport::capi::ReadArrowStream(
      &stream,
      [&](const std::vector<std::string>& names) {
        columns = names;
        return absl::OkStatus();
      },
      [&](std::vector<rapport::Json>&& row) {
        rapport::Json::Object members;
        for (std::size_t i = 0; i < columns.size(); ++i) members.emplace(columns[i], std::move(row[i]));
        lines += rapport::Json(std::move(members)).Canonical() + "\n";
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return lines;
}

#endif  // RAPPORT_TESTS_CAPI_ARROW_LINES_HPP_
