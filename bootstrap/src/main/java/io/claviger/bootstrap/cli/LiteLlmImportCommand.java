package io.claviger.bootstrap.cli;

import io.claviger.application.accounts.ImportedTokens;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.imports.litellm.ConfigFile;
import io.claviger.imports.litellm.LiteLlmSource;
import io.claviger.imports.litellm.crypto.SaltKey;
import io.claviger.imports.shared.ImportReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
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
    name = "litellm",
    header = "Import from a LiteLLM.",
    description = {
      "Import models with their keys, users, teams, virtual keys and limits from the database of a"
          + " LiteLLM,",
      "which is only read, and from its config.yaml. Clients keep their keys.",
      "A run that was cut off is continued by the same command. With --undo, remove what a run"
          + " made,",
      "except what somebody has changed or uses since.",
      "Exit code 3: done, but something was left out or kept. The report says what and why."
    })
final class LiteLlmImportCommand implements Callable<Integer> {
  private static final long LARGEST_FILE = 4_000_000;
  private static final int LONGEST_LIFETIME = 3650;

  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "The database: jdbc:postgresql://host/name?user=…&password=…")
  private @Nullable String from;

  @Option(
      names = "--salt-key-file",
      paramLabel = "FILE",
      description =
          "The file with LITELLM_SALT_KEY; with LiteLLM's master key if there is no salt key.")
  private @Nullable Path saltKeyFile;

  @Option(names = "--config", paramLabel = "FILE", description = "LiteLLM's config.yaml.")
  private @Nullable Path config;

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description = "Values of os.environ/…: lines of NAME=value.")
  private @Nullable Path variables;

  @Option(
      names = "--rename",
      paramLabel = "OLD=NEW",
      description =
          "A new handle for a user, a team or a service, by its name or id there. Repeatable.")
  private @Nullable Map<String, String> renames;

  @Option(
      names = "--administrators",
      description = "LiteLLM's proxy administrators become administrators.")
  private boolean administrators;

  @Option(
      names = "--allow-wider",
      description =
          "Also import what has limits that can't be said here, without these limits. The report"
              + " names them.")
  private boolean allowWider;

  @Option(
      names = "--compatible-endpoints",
      description =
          "Also call Anthropic, Google and Cohere where they take calls in OpenAI's format.")
  private boolean compatibleEndpoints;

  @Option(
      names = "--lifetime",
      paramLabel = "DAYS",
      description = "After how many days the imported tokens end at the latest. Default: 90.")
  private @Nullable Integer lifetime;

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
      names = "--same",
      paramLabel = "OLD=HANDLE",
      description =
          "A user there, by name or id, is the user here who has this handle, or a team that group if it is @HANDLE."
              + " Repeatable.")
  private @Nullable Map<String, String> same;

  @Option(
      names = "--undo",
      paramLabel = "REPORT",
      description = "Remove what the run of this report made. Without --from.")
  private @Nullable Path undo;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  LiteLlmImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Optional<Path> undone = Optional.ofNullable(undo);
    if (undone.isPresent() == (from != null)) {
      throw new ParameterException(spec.commandLine(), "give either --from or --undo");
    }
    if (undone.isEmpty() && saltKeyFile == null) {
      throw new ParameterException(spec.commandLine(), "--from needs --salt-key-file");
    }
    Optional<DatabaseAddress> source =
        Optional.ofNullable(from).map(text -> ImportCommand.address(spec.commandLine(), text));
    LiteLlmSource.Wish wish = wish();
    Settings settings = Settings.forServing(environment);
    StandardErrorLog.configure(settings.log());
    Optional<ReportFile> file = Optional.ofNullable(report).map(ReportFile::open);
    SystemImport imports = new SystemImport(settings, "litellm", dryRun);
    ImportReport done =
        source.isPresent() ? imported(imports, source.get(), wish) : imports.undo(undone.get());
    PrintWriter out = spec.commandLine().getOut();
    ReportText.print(done, out);
    out.flush();
    file.ifPresent(f -> f.write(done));
    return done.leftSomethingOut() ? ExitCode.SOMETHING_LEFT_OUT : ExitCode.DONE;
  }

  private ImportReport imported(
      SystemImport imports, DatabaseAddress source, LiteLlmSource.Wish wish) {
    ConfigFile read =
        Optional.ofNullable(config)
            .map(LiteLlmImportCommand::configuration)
            .orElse(ConfigFile.NONE);
    Path keyFile = Optional.ofNullable(saltKeyFile).orElseThrow();
    try (SaltKey key = LegacyKeyFile.read(keyFile, SaltKey::of)) {
      return imports.from(
          source,
          (snapshot, here) -> new LiteLlmSource(snapshot, key, read, here, wish, Instant.now()));
    }
  }

  private LiteLlmSource.Wish wish() {
    int days = lifetime == null ? (int) ImportedTokens.LIFETIME.toDays() : lifetime;
    if (days < 1 || days > LONGEST_LIFETIME) {
      throw new ParameterException(spec.commandLine(), "--lifetime: 1 to 3650 days");
    }
    return new LiteLlmSource.Wish(
        ImportCommand.known(spec.commandLine(), Optional.ofNullable(same).orElse(Map.of())),
        ImportCommand.handles(spec.commandLine(), Optional.ofNullable(renames).orElse(Map.of())),
        Optional.ofNullable(variables).map(LiteLlmImportCommand::variables).orElse(Map.of()),
        administrators,
        allowWider,
        compatibleEndpoints,
        Duration.ofDays(days));
  }

  private static ConfigFile configuration(Path file) {
    try {
      return ConfigFile.of(text(file));
    } catch (ConfigFile.Unreadable e) {
      throw new StartRefused("the file %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Reads lines of {@code NAME=value}, as shells do, but replaces nothing in them. */
  private static Map<String, String> variables(Path file) {
    Map<String, String> values = new HashMap<>();
    for (String line : text(file).lines().map(String::strip).toList()) {
      String assigned = line.startsWith("export ") ? line.substring("export ".length()) : line;
      int equals = assigned.indexOf('=');
      if (equals > 0 && !assigned.startsWith("#")) {
        values.put(
            assigned.substring(0, equals).strip(),
            unquoted(assigned.substring(equals + 1).strip()));
      }
    }
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new StartRefused("the file %s is too large".formatted(file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new StartRefused("the file %s can't be read".formatted(file), e);
    }
  }
}
