package io.claviger.bootstrap.cli;

import io.claviger.host.Build;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code claviger}. Without a subcommand, it reports wrong usage and shows all commands
 * with a few examples.
 */
@Command(
    name = "claviger",
    description = "Lends the use of an LLM service, never its key.",
    versionProvider = ClavigerCommand.ClavigerVersion.class,
    synopsisSubcommandLabel = "COMMAND")
final class ClavigerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ClavigerCommand() {}

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return spec.exitCodeOnInvalidInput();
  }

  /** The output of {@code --version}. */
  static final class ClavigerVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"claviger " + Build.current().version()};
    }
  }

  /** The command {@code version}, with the same output as {@code --version}. */
  @Command(name = "version", description = "Print the version.")
  static final class VersionCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    VersionCommand() {}

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      spec.commandLine().getParent().printVersionHelp(out);
      out.flush();
      return ExitCode.DONE;
    }
  }

  /** The command {@code help}, with the same output as {@code --help}. */
  @Command(name = "help", description = "Print the help of Claviger, or of a command.")
  static final class HelpCommand implements Callable<Integer> {
    @Parameters(
        paramLabel = "COMMAND",
        description = "A command, such as `serve` or `keys rotate`.")
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
}
