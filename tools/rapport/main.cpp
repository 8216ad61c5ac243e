// The command `rapport`: the engine from a shell. Stands on the C API alone.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "face.hpp"

int main(int argc, char** argv) {
  CLI::App app("Rapport: whom to follow up with, when, through which channel, about what, and why.", "rapport");
  app.require_subcommand(1);
  app.set_version_flag("--version", rapport_command::VersionText());
  app.footer("A first plan:\n  rapport import office.book examples/office/events.ndjson\n"
             "  rapport plan office.book --day 2026-03-02\n\n"
             "Exit codes: 0 done, 1 the data or policy is wrong, 2 wrong usage, 3 the machine failed.");
  rapport_command::AddCommands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  } catch (const rapport_command::Failure& failure) {
    std::fprintf(stderr, "rapport: %s\n", failure.what());
    return failure.exit_code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rapport: %s\n", error.what());
    return 3;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fprintf(stderr, "rapport: the output could not be written\n");
    return 3;
  }
  return 0;
}
