package io.claviger.bootstrap.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code help}, which prints what {@code --help} prints. */
@Command(name = "help", description = "Print the help of Claviger, or of a command.")
final class HelpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "COMMAND", description = "A command, such as `serve` or `keys rotate`.")
  private List<String> path = List.of();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  HelpCommand() {}

  @Override
  public Integer call() {
    CommandLine asked = spec.commandLine().getParent();
    for (String name : path) {
      CommandLine next = asked.getSubcommands().get(name);
      if (next == null) {
        throw new ParameterException(spec.commandLine(), WrongUsage.noCommand(name, asked));
      }
      asked = next;
    }
    PrintWriter out = spec.commandLine().getOut();
    asked.usage(out);
    out.flush();
    return ExitCode.DONE;
  }
}
