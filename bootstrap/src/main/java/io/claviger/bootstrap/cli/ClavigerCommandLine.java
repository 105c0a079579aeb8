package io.claviger.bootstrap.cli;

import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.ClavigerCommand.HelpCommand;
import io.claviger.bootstrap.cli.ClavigerCommand.VersionCommand;
import io.claviger.bootstrap.settings.GivenVariables;
import io.claviger.bootstrap.settings.Variable;
import io.claviger.client.ClientCommands;
import io.claviger.client.ClientProgram;
import io.claviger.client.faults.ClientFault;
import io.claviger.host.StartRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Builds the command line, and converts exceptions to messages and exit codes. */
public final class ClavigerCommandLine {
  private static final Set<String> SHOW_ALL = Set.of("help", "completion");
  private static final List<String> ABOUT = List.of("help", "completion", "version");

  private static final List<String> OF_OPERATOR_IN_AUDIT = List.of("export", "head", "verify");

  private static final Map<String, List<String>> EXAMPLES =
      Map.ofEntries(
          Map.entry("serve", List.of("serve")),
          Map.entry("demo", List.of("demo")),
          Map.entry("admin-token", List.of("admin-token", "admin-token --recover")),
          Map.entry("sign-in-link", List.of("sign-in-link alice")),
          Map.entry("keys", List.of("keys status", "keys rotate")),
          Map.entry(
              "import",
              List.of(
                  "import dhamps --from 'jdbc:postgresql://host/name' --dry-run",
                  "import coder --undo report.json")),
          Map.entry("prices", List.of("prices import prices.json --dry-run")),
          Map.entry("doctor", List.of("doctor")),
          Map.entry("health", List.of("health")),
          Map.entry("help", List.of("help lend", "help keys rotate")),
          Map.entry("completion", List.of("completion", "completion fish")),
          Map.entry("version", List.of("version")));

  /** Examples for beginners. */
  private static final List<String> FIRST =
      List.of(
          "demo",
          "login https://claviger.example.com --manage",
          "lend my-openai --to bob --budget 20usd/month --for 30d");

  private ClavigerCommandLine() {}

  /**
   * Creates the command line. If a command starts a server, the server runs until the process
   * receives a signal.
   *
   * @param arguments the arguments of the process. If they begin with a command's name, only this
   *     command is created, because creating all commands takes longer than running some commands.
   *     For a command that lists the other commands, all commands are created
   */
  public static CommandLine of(Programs programs, GivenVariables given, String... arguments) {
    return of(programs, given, new EndingBySignal(), arguments);
  }

  static CommandLine of(
      Programs programs, GivenVariables given, Ending ending, String... arguments) {
    Map<String, Supplier<Object>> commands = commands(programs, given, ending);
    CommandLine line = new CommandLine(new ClavigerCommand());
    String first = arguments.length > 0 ? arguments[0] : "";
    if (commands.containsKey(first) && !SHOW_ALL.contains(first)) {
      line.addSubcommand(commands.get(first).get());
    } else {
      commands.values().forEach(command -> line.addSubcommand(command.get()));
    }
    EXAMPLES.forEach(
        (name, examples) ->
            Optional.ofNullable(line.getSubcommands().get(name))
                .ifPresent(command -> ClientCommands.showExamples(command, examples)));
    GroupedCommands.showIn(line);
    ClientCommands.showExamples(line, FIRST);
    return finished(line);
  }

  /** Returns the commands keyed by their names, in the order in which the help lists them. */
  private static Map<String, Supplier<Object>> commands(
      Programs programs, GivenVariables given, Ending ending) {
    Map<String, String> environment = given.values();
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", () -> serve(programs.serve(), given, ending));
    commands.put("demo", () -> new DemoCommand(programs.demo(), environment, ending));
    commands.put("admin-token", () -> new AdminTokenCommand(programs.adminToken(), environment));
    commands.put("sign-in-link", () -> new SignInLinkCommand(programs.signInLink(), environment));
    commands.put("keys", () -> keys(programs.keys(), environment));
    commands.put("import", () -> imports(environment));
    commands.put("prices", () -> new PricesCommand(programs.importPrices(), environment));
    commands.put("doctor", () -> new DoctorCommand(programs.doctor(), given));
    commands.put("health", () -> new HealthCommand(environment));
    commands.put("help", HelpCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("version", VersionCommand::new);
    for (String name : ClientCommands.names()) {
      commands.put(name, () -> client(name, programs, environment));
    }
    return commands;
  }

  private static CommandLine client(
      String name, Programs programs, Map<String, String> environment) {
    CommandLine command = ClientCommands.command(name, ClientProgram.contextOf(environment));
    return name.equals("audit")
        ? command
            .addSubcommand(new AuditExportCommand(programs.auditExport(), environment))
            .addSubcommand(new AuditHeadCommand(environment))
            .addSubcommand(new AuditVerifyCommand(environment))
        : command;
  }

  private static CommandLine finished(CommandLine line) {
    ClientProgram.addHelpEverywhere(line);
    line.getSubcommands().entrySet().stream()
        .filter(named -> isOfOperator(named.getKey()))
        .forEach(named -> addFileOption(named.getValue()));
    Optional.ofNullable(line.getSubcommands().get("audit"))
        .ifPresent(
            audit ->
                audit.getSubcommands().entrySet().stream()
                    .filter(named -> OF_OPERATOR_IN_AUDIT.contains(named.getKey()))
                    .forEach(named -> addFileOption(named.getValue())));
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
    line.setParameterExceptionHandler(new WrongUsage());
    line.setExecutionExceptionHandler(ClavigerCommandLine::explain);
    return ClientProgram.takingArgumentsLiterally(line);
  }

  private static boolean isOfOperator(String name) {
    return !ClientCommands.names().contains(name)
        && !ABOUT.contains(name)
        && !name.equals("import");
  }

  /**
   * Adds an option to a command and to the command's help. The option names a file of environment
   * variables. The file's values were already read before the commands were created.
   */
  private static void addFileOption(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder(GivenVariables.OPTION)
                .paramLabel("FILE")
                .type(Path.class)
                .description("Take variables that the environment lacks from this file.")
                .build());
    command.getSubcommands().values().forEach(ClavigerCommandLine::addFileOption);
  }

  private static CommandLine serve(
      ServeCommand.Program serve, GivenVariables given, Ending ending) {
    CommandLine line = new CommandLine(new ServeCommand(serve, given, ending));
    EnvironmentHelp.addTo(line);
    return line;
  }

  private static CommandLine keys(KeyCommand.Program keys, Map<String, String> environment) {
    return new CommandLine(new KeysCommand(environment))
        .addSubcommand(new KeysStatusCommand(keys, environment))
        .addSubcommand(new KeysRotateCommand(keys, environment))
        .addSubcommand(new KeysRetireCommand(keys, environment))
        .addSubcommand(new KeysDiscardCommand(keys, environment))
        .addSubcommand(new KeysWrapCommand(environment));
  }

  private static CommandLine imports(Map<String, String> environment) {
    return new CommandLine(new ImportCommand())
        .addSubcommand(new DhampsImportCommand(environment))
        .addSubcommand(new CoderImportCommand(environment))
        .addSubcommand(new LiteLlmImportCommand(environment));
  }

  private static int explain(Exception fault, CommandLine line, CommandLine.ParseResult parsed) {
    if (fault instanceof ClientFault said) {
      return ClientCommands.explain(said, line);
    }
    if (fault instanceof StartRefused refused) {
      refused.lines().forEach(reason -> line.getErr().println("claviger: " + reason));
    } else if (fault instanceof RefusedException refused
        && refused.refusal() instanceof Refusal.Conflict conflict) {
      line.getErr().println("claviger: " + conflict.detail());
    } else if (fault instanceof StoreUnavailable away) {
      line.getErr()
          .println("claviger: %s; changes made before this are kept".formatted(away.getMessage()));
    } else {
      // The exception is due to a fault of the program, so the log needs its stack trace.
      LoggerFactory.getLogger(ClavigerCommandLine.class).error("unforeseen fault", fault);
      line.getErr().println("claviger: unforeseen fault, see the log above");
    }
    line.getErr().flush();
    boolean lasting = fault instanceof StartRefused refused && refused.isLasting();
    return lasting && line.getCommandName().equals("serve")
        ? ExitCode.DO_NOT_RESTART
        : ExitCode.FAILED;
  }

  /** Writes the list of commands in the help, with headings. */
  private static final class GroupedCommands {
    private static void showIn(CommandLine line) {
      line.getHelpSectionMap()
          .put(
              CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
              help -> text(help, line.getSubcommands()));
    }

    private static String text(CommandLine.Help help, Map<String, CommandLine> commands) {
      Map<String, List<String>> groups = new LinkedHashMap<>();
      groups.put(
          "Operating a server",
          commands.keySet().stream()
              .filter(name -> !ClientCommands.names().contains(name) && !ABOUT.contains(name))
              .toList());
      groups.putAll(ClientCommands.groups());
      groups.put("About this program", ABOUT);
      StringBuilder text = new StringBuilder();
      groups.forEach(
          (heading, names) -> {
            Map<String, CommandLine.Help> shown = new LinkedHashMap<>();
            names.stream()
                .filter(name -> isShown(commands.get(name)))
                .forEach(name -> shown.put(name, help.allSubcommands().get(name)));
            if (!shown.isEmpty()) {
              text.append("%n%s:%n".formatted(heading)).append(help.commandList(shown));
            }
          });
      return text.toString();
    }

    /** Whether the help lists a command. People do not run the hidden commands; programs do. */
    private static boolean isShown(@Nullable CommandLine command) {
      return command != null && !command.getCommandSpec().usageMessage().hidden();
    }
  }

  /** Writes the part of a command's help that lists the environment variables, one per line. */
  private static final class EnvironmentHelp {
    private static final String SECTION = "environment";

    private EnvironmentHelp() {}

    static void addTo(CommandLine command) {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      usage.sectionMap().put(SECTION, help -> text());
      List<String> sections = new ArrayList<>(usage.sectionKeys());
      sections.add(SECTION);
      usage.sectionKeys(sections);
    }

    private static String text() {
      int width = Variable.ALL.stream().mapToInt(each -> each.name().length()).max().orElse(0);
      return Variable.ALL.stream()
          .map(each -> line(each, width))
          .collect(
              Collectors.joining(
                  "", "%nEnvironment variables (and their defaults):%n".formatted(), ""));
    }

    private static String line(Variable variable, int width) {
      String padded = variable.name() + " ".repeat(width - variable.name().length());
      return "  %s  %s (%s)%n".formatted(padded, variable.meaning(), variable.standard());
    }
  }
}
