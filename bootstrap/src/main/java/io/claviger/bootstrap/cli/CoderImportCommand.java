package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.imports.coder.CoderSource;
import io.claviger.imports.coder.DbCrypt;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.KnownHere;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "coder",
    header = "Import from a database of Coder.",
    description = {
      "Import providers, models and the users' own keys from a database of Coder, which is only"
          + " read.",
      "A run that was cut off is continued by the same command. With --undo, remove what a run"
          + " made,",
      "except what somebody has changed or uses since.",
      "Exit code 3: done, but something was left out or kept. The report says what and why."
    })
final class CoderImportCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "The database: jdbc:postgresql://host/name?user=…&password=…")
  private @Nullable String from;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "The file with Coder's encryption key (CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS): base64 of"
              + " 32 bytes.")
  private @Nullable Path keyFile;

  @Option(
      names = "--dry-run",
      description = "Do everything, print the report, and roll everything back.")
  private boolean dryRun;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write the report to this file as JSON. --undo needs it.")
  private @Nullable Path report;

  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description = "A new handle for a user or a provider, by its name there. Repeatable.")
  private @Nullable Map<String, String> renames;

  @Option(
      names = "--same",
      paramLabel = "OLD=HANDLE",
      description =
          "A user there, by name or id, is the user here who has this handle." + " Repeatable.")
  private @Nullable Map<String, String> same;

  @Option(
      names = "--undo",
      paramLabel = "REPORT",
      description = "Remove what the run of this report made. Without --from.")
  private @Nullable Path undo;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CoderImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Optional<Path> undone = Optional.ofNullable(undo);
    Optional<String> address = Optional.ofNullable(from);
    if (undone.isPresent() == address.isPresent()) {
      throw new ParameterException(spec.commandLine(), "give either --from or --undo");
    }
    Optional<DatabaseAddress> source =
        address.map(text -> ImportCommand.address(spec.commandLine(), text));
    Map<String, Handle> handles =
        ImportCommand.handles(spec.commandLine(), Optional.ofNullable(renames).orElse(Map.of()));
    KnownHere known =
        ImportCommand.known(spec.commandLine(), Optional.ofNullable(same).orElse(Map.of()));
    Settings settings = Settings.forServing(environment);
    StandardErrorLog.configure(settings.log());
    DbCrypt crypt =
        Optional.ofNullable(keyFile).map(CoderImportCommand::read).orElseGet(DbCrypt::withoutKey);
    Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::open);
    SystemImport imports = new SystemImport(settings, "coder", dryRun);
    ImportReport done =
        source.isPresent()
            ? imports.from(
                source.get(),
                (snapshot, here) -> new CoderSource(snapshot, crypt, here, handles, known))
            : imports.undo(undone.orElseThrow());
    PrintWriter out = spec.commandLine().getOut();
    ReportText.print(done, out);
    out.flush();
    file.ifPresent(f -> f.write(done));
    return done.leftSomethingOut() ? ExitCode.SOMETHING_LEFT_OUT : ExitCode.DONE;
  }

  private static DbCrypt read(Path file) {
    try {
      return LegacyKeyFile.read(file, DbCrypt::under);
    } catch (InvalidValue e) {
      throw new StartRefused("the key file %s has to hold %s".formatted(file, e.allowed()));
    }
  }
}
