package io.claviger.bootstrap.cli;

import io.claviger.client.command.CompletedNames;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Print a script for completion in bash and zsh.",
      "It completes commands, options, and names of services, models, definitions and groups.",
      "source <(claviger completion)"
    })
final class CompletionCommand implements Callable<Integer> {
  private static final String OPTIONS = "  options=(\"$@\")\n";

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CompletionCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(script(spec.commandLine().getParent()));
    out.flush();
    return ExitCode.DONE;
  }

  /**
   * Returns picocli's script, changed so that it asks the server for names when somebody completes
   * them, and so that an @ before a group does not break a word.
   */
  private static String script(CommandLine all) {
    String script = AutoComplete.bash("claviger", all);
    int begin = script.indexOf(OPTIONS, script.indexOf("function compReplyArray()"));
    if (begin < 0) {
      throw new IllegalStateException("the script has no list of candidates");
    }
    StringBuilder chosen = new StringBuilder("  case \"$1\" in\n");
    CompletedNames.COMMANDS.forEach(
        (candidate, command) ->
            chosen.append(
                "    '%s') options=( $(\"${COMP_WORDS[0]}\" %s 2>/dev/null) ) ;;\n"
                    .formatted(candidate, command)));
    chosen.append("    *) options=(\"$@\") ;;\n  esac\n");
    return "COMP_WORDBREAKS=${COMP_WORDBREAKS//@}\n"
        + script.substring(0, begin)
        + chosen
        + script.substring(begin + OPTIONS.length());
  }
}
