package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import io.claviger.imports.dhamps.DhampsSource;
import io.claviger.imports.dhamps.crypto.DhampsDecryption;
import io.claviger.imports.dhamps.jdbc.JdbcSourceDatabase;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportReport;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "dhamps",
    header = "Import from a database of dhamps-vdb.",
    description = {
      "Import users, services with their keys, shares and projects from a database of dhamps-vdb."
          + " This database is only read.",
      "The same command continues an interrupted run. With --undo, remove what a run"
          + " made, except things that somebody has changed or used since then.",
      "Exit code 3: done, but some things were not imported, or not changed. The report says which and why."
    })
public final class DhampsImportCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  @Mixin private final ImportRunOptions options = new ImportRunOptions();

  @Option(
      names = "--legacy-key-file",
      paramLabel = "FILE",
      description = "The file with the key with which dhamps-vdb encrypts API keys.")
  private @Nullable Path legacyKeyFile;

  DhampsImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Settings settings = options.settings(environment);
    DhampsDecryption decryption = decryption(Optional.ofNullable(legacyKeyFile));
    return options.run(
        settings,
        "dhamps",
        (imports, source) -> from(imports, source, decryption, options.handles(), options.known()));
  }

  private static DhampsDecryption decryption(Optional<Path> legacyKeyFile) {
    return legacyKeyFile
        .map(file -> LegacyKeyFile.read(file, DhampsDecryption::under))
        .orElseGet(DhampsDecryption::withoutKey);
  }

  private static ImportReport from(
      SystemImport imports,
      DatabaseAddress source,
      DhampsDecryption decryption,
      Map<String, Handle> renames,
      HandleMapping known) {
    return imports.from(
        source,
        (snapshot, here) ->
            new DhampsSource(
                JdbcSourceDatabase.of(snapshot),
                decryption,
                here,
                renames,
                known,
                InstantSource.system().instant()));
  }

  /**
   * The arguments of an import.
   *
   * @param renames the new handles of users and objects, keyed by their names in the other system
   */
  public record Order(
      DatabaseAddress from,
      Optional<Path> legacyKeyFile,
      Map<String, Handle> renames,
      boolean dryRun) {}

  /** Lets code run the import without a command line. */
  public static ImportReport run(Settings settings, Order order) {
    return from(
        new SystemImport(settings, "dhamps", order.dryRun(), false, (source, fresh) -> fresh),
        order.from(),
        decryption(order.legacyKeyFile()),
        order.renames(),
        HandleMapping.nobody());
  }

  /** Lets code undo an import without a command line. */
  public static ImportReport undo(Settings settings, Path report) {
    return new SystemImport(settings, "dhamps", false, false, (source, fresh) -> fresh)
        .undo(ReportFile.readRun(report));
  }
}
