package io.claviger.client;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.StandardOutput;
import io.claviger.client.terminal.StandardTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A program with only the commands that send requests to a server over its API. The program starts
 * fast, because it needs only a few libraries and no other module of Claviger.
 */
public final class ClientProgram {
  /**
   * The subcommands of {@code audit} that only operators can run. Without one of these subcommands,
   * the command {@code audit} reads the audit trail over the API.
   */
  private static final Set<String> OF_THE_TRAIL = Set.of("export", "head", "verify");

  private ClientProgram() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // everything is in English, including the digits
    StandardOutput output = StandardOutput.replaceSystemOut();
    System.exit(output.exitCode(execute(System.getenv(), args)));
  }

  /**
   * Whether these arguments call one of this program's commands. This program can't export or
   * verify the audit trail, because only operators can do so.
   */
  public static boolean knows(String... arguments) {
    return arguments.length > 0
        && ClientCommands.names().contains(arguments[0])
        && !(arguments.length > 1
            && arguments[0].equals("audit")
            && OF_THE_TRAIL.contains(arguments[1]));
  }

  /** Executes a command and returns its exit code. */
  public static int execute(Map<String, String> environment, String... arguments) {
    if (!knows(arguments)) {
      CommandLine line = new CommandLine(CommandSpec.create().name("claviger"));
      line.getErr().println("claviger: there is no such command");
      return CommandLine.ExitCode.USAGE;
    }
    return of(arguments[0], contextOf(environment)).execute(arguments);
  }

  /**
   * Returns a command line with a single command. Creating one command takes less time than
   * creating all commands.
   */
  public static CommandLine of(String command, ProgramContext context) {
    CommandLine line =
        new CommandLine(CommandSpec.create().name("claviger"))
            .addSubcommand(ClientCommands.command(command, context));
    line.getSubcommands().values().forEach(ClientProgram::addHelpEverywhere);
    line.setParameterExceptionHandler(ClientProgram::refuse);
    line.setExecutionExceptionHandler(ClientProgram::explain);
    return takingArgumentsLiterally(line);
  }

  /**
   * Keeps arguments that begin with an {@code @} as they are. By default, picocli replaces such an
   * argument by the content of the file whose name follows the {@code @}, if there is such a file.
   * A file in the working directory could then decide to whom {@code lend --to @research} lends a
   * service.
   */
  public static CommandLine takingArgumentsLiterally(CommandLine line) {
    return line.setExpandAtFiles(false);
  }

  /** Returns the context in which commands of this process run. */
  public static ProgramContext contextOf(Map<String, String> environment) {
    return new ProgramContext(
        environment, new StandardTerminal(environment), Clock.systemUTC(), version());
  }

  /** Adds an option that shows the help to a command and to its subcommands. */
  public static void addHelpEverywhere(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build());
    line.getSubcommands().values().forEach(ClientProgram::addHelpEverywhere);
  }

  /**
   * Prints the help, and then what is wrong with the arguments, so that the fault is the last line
   * on the screen.
   */
  private static int refuse(ParameterException fault, String[] arguments) {
    if (ClientCommands.helps(fault)) {
      return CommandLine.ExitCode.OK;
    }
    CommandLine command = fault.getCommandLine();
    command.getErr().print(command.getHelp().fullSynopsis());
    command.getErr().printf("`%s --help` says more.%n", command.getCommandSpec().qualifiedName());
    command.getErr().println("claviger: " + fault.getMessage());
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int explain(Exception fault, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (fault instanceof ClientFault said) {
      return ClientCommands.explain(said, line);
    }
    throw fault;
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = ClientProgram.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "?");
  }
}
