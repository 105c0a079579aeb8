package io.claviger.bootstrap.cli;

import io.claviger.application.keys.RetireKey;
import io.claviger.bootstrap.cli.Programs.OpenKeys;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.operator.StartRefused;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "retire",
    description = "Retire an encryption key that nothing is sealed under: nodes start without it.")
final class KeysRetireCommand extends KeyCommand {
  @Parameters(paramLabel = "ID", description = "Of the key, as `keys status` shows it.")
  private String id = "";

  KeysRetireCommand(Programs.Keys keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  void check() {
    Object unused = id(id);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    EncryptionKeyId key = id(id);
    switch (opened.rotation().retireKey().retire(key)) {
      case RetireKey.Outcome.Done done ->
          out.printf("%s is retired: take it out of ENCRYPTION_KEY when you like%n", key);
      case RetireKey.Outcome.InUse inUse ->
          throw new StartRefused(
              "%s still under the encryption key %s: run `keys rotate` first"
                  .formatted(counted(inUse.values(), "value is", "values are"), key));
      case RetireKey.Outcome.Refused refused -> {
        if (!(refused.why() instanceof KeyObstacle.AlreadyRetired)) {
          throw refused(refused.why());
        }
        out.printf("%s was retired already%n", key);
      }
    }
    return ExitCode.DONE;
  }
}
