package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "import", description = "Import from another program's database.")
final class ImportCommand extends CommandGroup {
  private final Programs.ImportDhamps importDhamps;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ImportCommand(Programs.ImportDhamps importDhamps, Map<String, String> environment) {
    this.importDhamps = importDhamps;
    this.environment = environment;
  }

  @Command(
      name = "dhamps",
      header = "Import from a database of dhamps-vdb.",
      description = {
        "Import users, services with their keys, shares and projects from a database of"
            + " dhamps-vdb,",
        "which is only read. All or nothing is imported; a second run changes nothing.",
        "Exit code 3: done, but a row or a key was left out. The report says which and why."
      })
  int dhamps(
      @Option(
              names = "--from",
              required = true,
              paramLabel = "URL",
              description = "The database: jdbc:postgresql://host/name?user=…&password=…")
          String from,
      @Option(
              names = "--legacy-key-file",
              paramLabel = "FILE",
              description = "The file with the key that encrypts the API keys there.")
          @Nullable Path legacyKeyFile,
      @Option(
              names = "--dry-run",
              description = "Do everything, print the report, and roll everything back.")
          boolean dryRun,
      @Option(
              names = "--report",
              paramLabel = "FILE",
              description = "Also write the report to this file as JSON.")
          @Nullable Path report,
      @Option(
              names = "--rename",
              paramLabel = "OLD=NEW",
              description =
                  "A new handle for a user (Dr.No=drno) or for what they own (alice/x=y)."
                      + " Repeatable.")
          @Nullable Map<String, String> renames) {
    Programs.ImportDhamps.ImportOptions options =
        new Programs.ImportDhamps.ImportOptions(
            address(from),
            Optional.ofNullable(legacyKeyFile),
            handles(renames == null ? Map.of() : renames),
            dryRun);
    Settings settings = Settings.forServing(environment);
    StandardErrorLog.configure(settings.log());
    Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::open);
    ImportReport done = importDhamps.run(settings, options);
    PrintWriter out = spec.commandLine().getOut();
    ReportText.print(done, out);
    out.flush();
    file.ifPresent(f -> f.write(done));
    return done.leftSomethingOut() ? ExitCode.SOMETHING_LEFT_OUT : ExitCode.DONE;
  }

  private DatabaseAddress address(String from) {
    try {
      return DatabaseAddress.of(from);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--from " + e.getMessage());
    }
  }

  private Map<String, Handle> handles(Map<String, String> renames) {
    Map<String, Handle> handles = new HashMap<>();
    renames.forEach((old, name) -> handles.put(old, handle(name)));
    return handles;
  }

  private Handle handle(String name) {
    try {
      Handle handle = new Handle(name);
      if (!handle.isSystem()) {
        return handle;
      }
    } catch (InvalidValue e) {
      throw new ParameterException(
          spec.commandLine(), "--rename OLD=NEW: a new handle is " + e.allowed());
    }
    throw new ParameterException(
        spec.commandLine(), "--rename OLD=NEW: _system is a reserved handle");
  }
}
