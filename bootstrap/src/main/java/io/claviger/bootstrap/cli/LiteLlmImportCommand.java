package io.claviger.bootstrap.cli;

import io.claviger.application.accounts.ImportedTokens;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.imports.litellm.ConfigFile;
import io.claviger.imports.litellm.LiteLlmSource;
import io.claviger.imports.litellm.crypto.SaltKey;
import io.claviger.imports.shared.ImportReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "litellm",
    header = "Import from a LiteLLM.",
    description = {
      "Import models with their keys, users, teams, virtual keys and limits from the database of a"
          + " LiteLLM and from its config.yaml. The database is only read. Clients keep their keys.",
      "The same command continues an interrupted run. With --undo, remove what a run"
          + " made, except things that somebody has changed or used since then.",
      "Exit code 3: done, but some things were not imported, or not changed. The report says which and why."
    })
final class LiteLlmImportCommand implements Callable<Integer> {
  private static final long LARGEST_FILE = 4_000_000;
  private static final int LONGEST_LIFETIME = 3650;

  private final Map<String, String> environment;
  @Mixin private final ImportRunOptions options = new ImportRunOptions();
  @Spec private CommandSpec spec;

  @Option(
      names = "--salt-key-file",
      paramLabel = "FILE",
      description =
          "The file with LITELLM_SALT_KEY, or with LiteLLM's master key if there is no salt key.")
  private @Nullable Path saltKeyFile;

  @Option(names = "--config", paramLabel = "FILE", description = "LiteLLM's config.yaml.")
  private @Nullable Path config;

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      description = "A file with values for os.environ/… references, as lines of NAME=value.")
  private @Nullable Path variables;

  @Option(
      names = "--administrators",
      description = "LiteLLM's proxy administrators become administrators.")
  private boolean administrators;

  @Option(
      names = "--allow-wider",
      description =
          "Also import things with limits that Claviger does not have, but without these limits. The"
              + " report names these things.")
  private boolean allowWider;

  @Option(
      names = "--compatible-endpoints",
      description = "Also make services that call Anthropic, Google and Cohere in OpenAI's format.")
  private boolean compatibleEndpoints;

  @Option(
      names = "--lifetime",
      paramLabel = "DAYS",
      description = "The maximum lifetime of the imported tokens in days. Default: 90.")
  private @Nullable Integer lifetime;

  @Option(
      names = "--usage-since",
      paramLabel = "DATE",
      description = {
        "Also import the usage of each user, model and day from this day on, such as 2026-01-31.",
        "A later run imports today's usage (UTC)."
      })
  private @Nullable LocalDate usageSince;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  LiteLlmImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (options.source().isPresent() && saltKeyFile == null) {
      throw new ParameterException(spec.commandLine(), "--from needs --salt-key-file");
    }
    Duration longest = longestLifetime();
    Settings settings = Settings.forServing(environment);
    LiteLlmSource.Wish wish = wish(longest, settings.retention().bounds());
    StandardErrorLog.configure(settings.log());
    return options.run(settings, "litellm", (imports, source) -> imported(imports, source, wish));
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

  private Duration longestLifetime() {
    int days = lifetime == null ? (int) ImportedTokens.LIFETIME.toDays() : lifetime;
    if (days < 1 || days > LONGEST_LIFETIME) {
      throw new ParameterException(spec.commandLine(), "--lifetime: 1 to 3650 days");
    }
    return Duration.ofDays(days);
  }

  private LiteLlmSource.Wish wish(Duration longest, RetentionPolicy retention) {
    return new LiteLlmSource.Wish(
        options.known(),
        options.handles(),
        Optional.ofNullable(variables).map(LiteLlmImportCommand::variables).orElse(Map.of()),
        administrators,
        allowWider,
        compatibleEndpoints,
        longest,
        Optional.ofNullable(usageSince),
        retention);
  }

  private static ConfigFile configuration(Path file) {
    try {
      return ConfigFile.of(text(file));
    } catch (ConfigFile.Unreadable e) {
      throw new StartRefused("the file %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Reads lines like {@code NAME=value} as a shell does, but does not expand variables or commands
   * in the values.
   */
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
