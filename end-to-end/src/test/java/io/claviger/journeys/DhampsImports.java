package io.claviger.journeys;

import io.claviger.bootstrap.cli.DhampsImportCommand;
import io.claviger.bootstrap.cli.DhampsImportCommand.Order;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportReason.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs imports into the database of a journey. */
final class DhampsImports {
  private final Journey journey;
  private final Path directory;

  DhampsImports(Journey journey, Path directory) {
    this.journey = journey;
    this.directory = directory;
  }

  /** Creates a new file for each import, because imports run concurrently. */
  Path keyFile(String key) {
    try {
      return Files.writeString(Files.createTempFile(directory, "legacy-key", ""), key + " \t\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ImportReport from(ForeignDatabase old) {
    return from(old.url(), Optional.of(ForeignDatabase.LEGACY_KEY), false, Map.of());
  }

  ImportReport dryRun(ForeignDatabase old) {
    return from(old.url(), Optional.of(ForeignDatabase.LEGACY_KEY), true, Map.of());
  }

  ImportReport renaming(ForeignDatabase old, Map<String, String> renames) {
    return from(old.url(), Optional.of(ForeignDatabase.LEGACY_KEY), false, renames);
  }

  ImportReport withoutKey(ForeignDatabase old) {
    return from(old.url(), Optional.empty(), false, Map.of());
  }

  ImportReport from(
      String url, Optional<String> legacyKey, boolean dryRun, Map<String, String> renames) {
    Map<String, Handle> handles = new HashMap<>();
    renames.forEach((name, handle) -> handles.put(name, new Handle(handle)));
    return DhampsImportCommand.run(
        Settings.forServing(journey.environment()),
        new Order(DatabaseAddress.of(url), legacyKey.map(this::keyFile), handles, dryRun));
  }

  ImportReport undo(ImportReport done) {
    try {
      Path report = Files.createTempFile(directory, "report", ".json");
      Files.writeString(
          report,
          "{\"source\": \"%s\", \"run\": \"%s\"}"
              .formatted(done.source(), done.run().orElseThrow()));
      return DhampsImportCommand.undo(Settings.forServing(journey.environment()), report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All services as they are stored, without their keys. */
  List<String> services() {
    return journey.column(
        """
        select concat_ws(' ', owner_handle || '/' || handle, endpoint, provider, api_standard,
          api_key_sealed is not null, model, dimensions)
        from instances order by 1
        """);
  }

  /** The lines of one part of a report. */
  static List<String> lines(ImportReport report, Section section) {
    return report.of(section).stream()
        .map(r -> r.kind().wireName() + " " + r.name() + " " + r.reason().wireName())
        .toList();
  }
}
