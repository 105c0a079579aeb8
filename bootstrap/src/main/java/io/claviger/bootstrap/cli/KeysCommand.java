package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.keys.KeyUri;
import io.claviger.host.Confidential;
import io.claviger.host.RandomKey;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "keys", description = "Manage the encryption keys.")
final class KeysCommand extends CommandGroup {
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  KeysCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Command(
      name = "generate",
      description =
          "Print a random encryption key. With --with, the key is printed in wrapped form only.")
  int generate(
      @Option(names = "--with", paramLabel = "URI", description = KeysWrapCommand.URI_HELP)
          Optional<String> uri) {
    CommandSpec generate =
        Objects.requireNonNull(spec.subcommands().get("generate")).getCommandSpec();
    Optional<KeyUri> with = uri.map(text -> KeysWrapCommand.uri(text, generate));
    Confidential key = new RandomKey().next();
    PrintWriter out = spec.commandLine().getOut();
    if (with.isPresent()) {
      KeysWrapCommand.print(Settings.from(environment).keys().wrap(key, with.get()), out);
    } else {
      out.println(key.<String>lend(String::new));
      out.flush();
    }
    return ExitCode.DONE;
  }
}
