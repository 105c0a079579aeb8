package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.host.StartRefused;
import io.claviger.imports.coder.CoderSource;
import io.claviger.imports.coder.DbCrypt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "coder",
    header = "Import from a database of Coder.",
    description = {
      "Import providers, models and the users' own keys from a database of Coder. This"
          + " database is only read.",
      "The same command continues an interrupted run. With --undo, remove what a run"
          + " made, except things that somebody has changed or used since then.",
      "Exit code 3: done, but some things were not imported, or not changed. The report says which and why."
    })
final class CoderImportCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  @Mixin private final ImportRunOptions options = new ImportRunOptions();
  @Spec private CommandSpec spec;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "The file with Coder's encryption key (CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS): base64 of"
              + " 32 bytes.")
  private @Nullable Path keyFile;

  @Option(
      names = "--keys-to",
      paramLabel = "URL",
      description = {
        "A provider's base URL in Coder to which users' keys may be sent although the provider was"
            + " changed after the keys were stored.",
        "Repeatable."
      })
  private final List<String> keysTo = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CoderImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Settings settings = options.settings(environment);
    Set<Endpoint> endpoints = endpoints();
    DbCrypt crypt =
        Optional.ofNullable(keyFile).map(CoderImportCommand::read).orElseGet(DbCrypt::withoutKey);
    return options.run(
        settings,
        "coder",
        (imports, source) ->
            imports.from(
                source,
                (snapshot, here) ->
                    new CoderSource(
                        snapshot, crypt, here, options.handles(), options.known(), endpoints)));
  }

  private Set<Endpoint> endpoints() {
    try {
      return keysTo.stream().map(Endpoint::of).collect(Collectors.toSet());
    } catch (InvalidValue e) {
      throw new ParameterException(spec.commandLine(), "--keys-to: " + e.allowed());
    }
  }

  private static DbCrypt read(Path file) {
    try {
      return LegacyKeyFile.read(file, DbCrypt::under);
    } catch (InvalidValue e) {
      throw new StartRefused("the key file %s has to hold %s".formatted(file, e.allowed()));
    }
  }
}
