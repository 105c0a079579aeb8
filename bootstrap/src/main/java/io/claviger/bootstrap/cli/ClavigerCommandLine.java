package io.claviger.bootstrap.cli;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.client.ClientCommands;
import io.claviger.client.ClientProgram;
import io.claviger.client.faults.ClientFault;
import io.claviger.operator.StartRefused;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Builds the command line, and turns exceptions into messages and exit codes. */
public final class ClavigerCommandLine {
  private ClavigerCommandLine() {}

  /** Creates the command line. A server runs until a signal ends the process. */
  public static CommandLine of(Programs programs, Map<String, String> environment) {
    return of(programs, environment, new EndingBySignal());
  }

  static CommandLine of(Programs programs, Map<String, String> environment, Ending ending) {
    CommandLine line =
        new CommandLine(new ClavigerCommand())
            .addSubcommand(serve(programs.serve(), environment, ending))
            .addSubcommand(new DemoCommand(programs.demo(), environment, ending))
            .addSubcommand(new AdminTokenCommand(programs.adminToken(), environment))
            .addSubcommand(new SignInLinkCommand(programs.signInLink(), environment))
            .addSubcommand(keys(programs.keys(), environment))
            .addSubcommand(new ImportCommand(programs.importDhamps(), environment))
            .addSubcommand(new PricesCommand(programs.importPrices(), environment))
            .addSubcommand(new DoctorCommand(programs.doctor(), environment))
            .addSubcommand(new HealthCommand(environment))
            .addSubcommand(new HelpCommand())
            .addSubcommand(new CompletionCommand())
            .addSubcommand(new VersionCommand());
    for (String name : ClientCommands.names()) {
      CommandLine command = ClientCommands.command(name, ClientProgram.surroundings(environment));
      if (name.equals("audit")) {
        command.addSubcommand(new AuditExportCommand(programs.auditExport(), environment));
      }
      line.addSubcommand(command);
    }
    return finished(line);
  }

  private static CommandLine finished(CommandLine line) {
    helpEverywhere(line);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build());
    line.setParameterExceptionHandler(new WrongUsage());
    line.setExecutionExceptionHandler(ClavigerCommandLine::explain);
    return line;
  }

  private static CommandLine serve(
      Programs.Serve serve, Map<String, String> environment, Ending ending) {
    CommandLine line = new CommandLine(new ServeCommand(serve, environment, ending));
    EnvironmentHelp.addTo(line);
    return line;
  }

  private static CommandLine keys(Programs.Keys keys, Map<String, String> environment) {
    return new CommandLine(new KeysCommand())
        .addSubcommand(new KeysStatusCommand(keys, environment))
        .addSubcommand(new KeysRotateCommand(keys, environment))
        .addSubcommand(new KeysRetireCommand(keys, environment))
        .addSubcommand(new KeysDiscardCommand(keys, environment));
  }

  private static void helpEverywhere(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build());
    line.getSubcommands().values().forEach(ClavigerCommandLine::helpEverywhere);
  }

  private static int explain(Exception fault, CommandLine line, CommandLine.ParseResult parsed) {
    if (fault instanceof ClientFault said) {
      return ClientCommands.explain(said, line);
    }
    if (fault instanceof StartRefused refused) {
      refused.lines().forEach(reason -> line.getErr().println("claviger: " + reason));
    } else if (fault instanceof StoreUnavailable) {
      line.getErr()
          .println("claviger: the database does not answer; changes made before this are kept");
    } else {
      // This is an error in the program, so the log needs its stack trace.
      LoggerFactory.getLogger(ClavigerCommandLine.class).error("unforeseen fault", fault);
      line.getErr().println("claviger: unforeseen fault, see the log above");
    }
    line.getErr().flush();
    return ExitCode.FAILED;
  }
}
