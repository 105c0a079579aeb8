package io.claviger.bootstrap.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.imports.dhamps.DhampsImport;
import io.claviger.imports.dhamps.DhampsImport.Outcome;
import io.claviger.imports.dhamps.crypto.DhampsDecryption;
import io.claviger.imports.dhamps.jdbc.JdbcImportStore;
import io.claviger.imports.dhamps.jdbc.JdbcSourceDatabase;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.KnownHere;
import io.claviger.imports.shared.UnreadableSource;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.CommandContext;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.OperatorSecrets;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "import", description = "Import from another program's database.")
public final class ImportCommand extends CommandGroup {
  private final Program importDhamps;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  ImportCommand(Program importDhamps, Map<String, String> environment) {
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
                  "A new handle for a user (Dr.No=drno) or something they own (alice/x=y)."
                      + " Repeatable.")
          @Nullable Map<String, String> renames) {
    ImportOptions options =
        new ImportOptions(
            address(spec.commandLine(), from),
            Optional.ofNullable(legacyKeyFile),
            handles(spec.commandLine(), renames == null ? Map.of() : renames),
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

  static DatabaseAddress address(CommandLine line, String from) {
    try {
      return DatabaseAddress.of(from);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, "--from " + e.getMessage());
    }
  }

  static Map<String, Handle> handles(CommandLine line, Map<String, String> renames) {
    Map<String, Handle> handles = new HashMap<>();
    renames.forEach((old, name) -> handles.put(old, handle(line, name)));
    return handles;
  }

  static KnownHere known(CommandLine line, Map<String, String> same) {
    try {
      return new KnownHere(same);
    } catch (InvalidValue e) {
      throw new ParameterException(line, "--same: a handle has to be " + e.allowed(), e);
    }
  }

  private static Handle handle(CommandLine line, String name) {
    try {
      Handle handle = new Handle(name);
      if (!handle.isSystem()) {
        return handle;
      }
    } catch (InvalidValue e) {
      throw new ParameterException(line, "--rename OLD=NEW: a new handle is " + e.allowed());
    }
    throw new ParameterException(line, "--rename OLD=NEW: _system is a reserved handle");
  }

  /** Imports from a database of dhamps-vdb. */
  @FunctionalInterface
  public interface Program {
    ImportReport run(Settings settings, ImportOptions options);
  }

  /**
   * @param renames new handles by old names
   */
  public record ImportOptions(
      DatabaseAddress from,
      Optional<Path> legacyKeyFile,
      Map<String, Handle> renames,
      boolean dryRun) {}

  /** The command works with or without running nodes. */
  public static ImportReport run(Settings settings, ImportOptions options) {
    DhampsDecryption sealing =
        options
            .legacyKeyFile()
            .map(file -> LegacyKeyFile.read(file, DhampsDecryption::under))
            .orElseGet(DhampsDecryption::withoutKey);
    OperatorSecrets secrets =
        settings.keys().checkedWith(Node.encryptionKeys(settings, Node.data(settings)));
    try (HikariDataSource source = DataSources.reading(LoginAttempt.checkedToRead(options.from()));
        JdbcSourceDatabase old = JdbcSourceDatabase.open(source);
        ConnectedDatabase database = ConnectedDatabase.toCreateOrJoin(settings)) {
      database.migrate();
      TinkSealer sealer = new TinkSealer(secrets.keyring());
      try (HikariDataSource target = database.patient(2);
          CommandContext context = CommandContext.of(target, Optional.of(sealer), "import")) {
        return report(
            intoDatabase(context, old, sealing, sealer)
                .moveIn(new DhampsImport.Command(options.renames(), options.dryRun())));
      }
    } catch (UnreadableSource e) {
      throw new StartRefused(
          "the database %s: %s".formatted(options.from().place(), e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database became unreachable; nothing was changed", e);
    }
  }

  private static DhampsImport intoDatabase(
      CommandContext context, JdbcSourceDatabase old, DhampsDecryption sealing, Sealer sealer) {
    return DhampsImport.of(
        old,
        sealing,
        new JdbcImportStore(context.get(Database.class)),
        context.get(ApiStandardStore.class),
        context.get(KeyringAdmission.class),
        sealer,
        context.get(AuditedChanges.class));
  }

  private static ImportReport report(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Moved moved -> moved.report();
      case Outcome.NotAdmitted not -> throw new StartRefused(KeyringSentence.of(not.why()));
      case Outcome.SameDatabase same ->
          throw new StartRefused("--from names the database that Claviger itself uses");
      case Outcome.WrongLegacyKey wrong ->
          throw new StartRefused(
              "none of the %d encrypted keys opens with the given legacy key, so it is the wrong one; nothing was imported"
                  .formatted(wrong.encrypted()));
      case Outcome.UnknownNames unknown ->
          throw new StartRefused(
              "--rename: the source has nothing with the name "
                  + String.join(", ", unknown.names()));
      case Outcome.InTheWay inTheWay ->
          throw new StartRefused(
              "other changes kept conflicting with the import; nothing was imported, try again");
    };
  }
}
