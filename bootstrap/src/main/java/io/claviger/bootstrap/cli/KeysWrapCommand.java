package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "wrap",
    description =
        "Print the new content of ENCRYPTION_KEY_FILE: the same keys, wrapped with a key that stays"
            + " in a PKCS#11 token, or in Vault or OpenBao.")
final class KeysWrapCommand implements Callable<Integer> {
  static final String URI_HELP =
      "The wrapping key: pkcs11:token=LABEL;object=LABEL?module-path=PATH, or transit:NAME.";

  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(names = "--with", required = true, paramLabel = "URI", description = URI_HELP)
  private String uri = "";

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  KeysWrapCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    KeyUri with = uri(uri, spec);
    Settings settings = Settings.from(environment);
    Confidential keys =
        KeyCommand.given(settings)
            .orElseThrow(
                () -> new StartRefused("ENCRYPTION_KEY or ENCRYPTION_KEY_FILE must be set"));
    print(settings.keys().wrap(keys, with), spec.commandLine().getOut());
    return ExitCode.DONE;
  }

  static KeyUri uri(String text, CommandSpec spec) {
    try {
      return KeyUri.of(text);
    } catch (InvalidValue e) {
      throw new ParameterException(
          spec.commandLine(), "--with is a URI that " + e.allowed() + "; its value is not shown");
    }
  }

  static void print(List<WrappedKey> keys, PrintWriter out) {
    keys.forEach(key -> out.println(key.line()));
    out.flush();
  }
}
