package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason.Section;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all imports that can be continued after an interruption and can be undone. */
final class ImportRunOptions {
  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "The database: jdbc:postgresql://host/name?user=…&password=…")
  private @Nullable String from;

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
      description =
          "Give an imported thing the handle NEW. OLD is its name or id in the other"
              + " system. Repeatable.")
  private @Nullable Map<String, String> renames;

  @Option(
      names = "--same",
      paramLabel = "OLD=HANDLE",
      description =
          "The user OLD (name or id) of the other system is the same as the user with"
              + " this handle here. For a team, give @ and the handle of a group. Repeatable.")
  private @Nullable Map<String, String> same;

  @Option(
      names = "--replace-keys",
      description =
          "If a service that an earlier run imported now has another key in the other"
              + " system, replace the service's key. Without this option, the report only"
              + " names the service.")
  private boolean replaceKeys;

  @Option(
      names = "--undo",
      paramLabel = "REPORT",
      description = "Remove what the run with this report made. Can't be combined with --from.")
  private @Nullable Path undo;

  private CommandLine line() {
    return command.commandLine();
  }

  /**
   * Reads the settings and configures the log.
   *
   * @throws ParameterException if the options can't be combined
   */
  Settings settings(Map<String, String> environment) {
    Optional<DatabaseAddress> unused = source();
    Map<String, Handle> unusedHandles = handles();
    HandleMapping unusedKnown = known();
    Settings settings = Settings.forServing(environment);
    StandardErrorLog.configure(settings.log());
    return settings;
  }

  /** Returns the address of the source database; empty if an earlier run is undone. */
  Optional<DatabaseAddress> source() {
    Optional<String> address = Optional.ofNullable(from);
    if (Optional.ofNullable(undo).isPresent() == address.isPresent()) {
      throw new ParameterException(line(), "give either --from or --undo");
    }
    return address.map(text -> ImportCommand.address(line(), text));
  }

  Map<String, Handle> handles() {
    return ImportCommand.handles(line(), Optional.ofNullable(renames).orElse(Map.of()));
  }

  HandleMapping known() {
    return ImportCommand.known(line(), Optional.ofNullable(same).orElse(Map.of()));
  }

  /**
   * Runs or undoes an import, prints the report and returns the exit code.
   *
   * @param program the command's name, such as {@code import-litellm}
   * @param imported the function that runs the import from {@link #source}
   */
  int run(
      Settings settings,
      String program,
      BiFunction<SystemImport, DatabaseAddress, ImportReport> imported) {
    Optional<DatabaseAddress> source = source();
    Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::open);
    SystemImport imports =
        new SystemImport(
            settings,
            program,
            dryRun,
            replaceKeys,
            (from, fresh) -> file.map(f -> f.runFrom(from, fresh, dryRun)).orElse(fresh));
    ImportReport done =
        source.isPresent() ? imported.apply(imports, source.get()) : imports.undo(undone(file));
    PrintWriter out = line().getOut();
    ReportText.print(done, out);
    out.flush();
    file.ifPresent(f -> f.write(done));
    return done.leftSomethingOut() ? ExitCode.SOMETHING_LEFT_OUT : ExitCode.DONE;
  }

  private ReportFile.Run undone(Optional<ReportFile> file) {
    ReportFile.Run run = ReportFile.readRun(Optional.ofNullable(undo).orElseThrow());
    file.ifPresent(f -> f.requireFor(run));
    return run;
  }

  private static final class ReportText {
    private static final Map<Section, String> HEADINGS =
        Map.of(
            Section.FORMATS,
                "Keys whose clients use a format that a provider of their models does not use",
            Section.LEFT_OUT, "Left out",
            Section.LINKS_LEFT, "Services linked to a project that already has another service",
            Section.HANDLES_CHANGED, "Handles that changed",
            Section.STANDARDS_THAT_DIFFER,
                "API standards that differ from existing standards of the same name",
            Section.NOT_CARRIED, "Not carried",
            Section.KEPT, "Kept, because somebody changed or uses them",
            Section.USERS_WITHOUT_TOKEN, "Users without an access token; create one for each",
            Section.NOTES, "Notes");

    private ReportText() {}

    static void print(ImportReport report, PrintWriter out) {
      out.println(headline(report));
      String form = "%-18s %9s %9s %9s %9s%n";
      if (report.undone()) {
        out.printf(Locale.ROOT, form, "", "made", "removed", "gone", "kept");
      } else {
        out.printf(Locale.ROOT, form, "", "found", "moved", "here", "left out");
      }
      report
          .counts()
          .forEach(
              (kind, c) ->
                  out.printf(
                      Locale.ROOT,
                      "%-18s %9d %9d %9d %9d%n",
                      noun(kind),
                      c.found(),
                      c.moved(),
                      c.here(),
                      c.leftOut()));
      for (Section section : Section.values()) {
        print(section, report.of(section), out);
      }
    }

    private static String headline(ImportReport report) {
      if (report.undone()) {
        return report.dryRun()
            ? "Dry run: nothing was changed. This would be removed:"
            : report.changedNothing() ? "Nothing was removed." : "Removed:";
      }
      if (report.changedNothing()) {
        return report.dryRun()
            ? "Dry run: nothing would be changed."
            : "Nothing was changed: everything that can be imported exists already.";
      }
      return report.dryRun() ? "Dry run: nothing was changed. The import would be:" : "Imported:";
    }

    private static void print(Section section, List<ReportEntry> remarks, PrintWriter out) {
      if (remarks.isEmpty()) {
        return;
      }
      out.printf("%n%s:%n", HEADINGS.get(section));
      for (ReportEntry remark : remarks) {
        String detail = remark.detail().isEmpty() ? "" : " (" + remark.detail() + ")";
        out.printf(
            "  %s %s: %s%s%n",
            remark.kind().wireName(), remark.name(), remark.reason().wireName(), detail);
      }
    }

    private static String noun(ImportedKind kind) {
      if (kind == ImportedKind.USAGE) {
        return "months of usage";
      }
      String name = kind.wireName().replace('_', ' ');
      return name.endsWith("s") ? name : name + "s";
    }
  }
}
