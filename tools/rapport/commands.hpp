// Floor 10. The subcommands.
#ifndef RAPPORT_TOOLS_COMMANDS_HPP_
#define RAPPORT_TOOLS_COMMANDS_HPP_

#include <string>

namespace CLI {
class App;
}

namespace rapport_command {

void AddCommands(CLI::App& app);
std::string VersionText();

}  // namespace rapport_command

#endif  // RAPPORT_TOOLS_COMMANDS_HPP_
