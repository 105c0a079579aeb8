package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.host.StartRefused;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
    name = "retire",
    description =
        "Retire an encryption key that no value is sealed with. Nodes can then start without that"
            + " key.")
final class KeysRetireCommand extends KeyCommand.OfOneKey {
  KeysRetireCommand(KeyCommand.Program keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    EncryptionKeyId key = id();
    switch (opened.encryptionKeys().retire(key)) {
      case EncryptionKeys.RetirementOutcome.Done done ->
          out.printf("%s is retired. You can remove it from ENCRYPTION_KEY at any time%n", key);
      case EncryptionKeys.RetirementOutcome.InUse inUse ->
          throw new StartRefused(
              "%s still sealed with the encryption key %s: run `keys rotate` first"
                  .formatted(counted(inUse.values(), "value is", "values are"), key));
      case EncryptionKeys.RetirementOutcome.Refused refused -> {
        if (!(refused.why() instanceof KeyObstacle.AlreadyRetired)) {
          throw refused(refused.why());
        }
        out.printf("%s was already retired%n", key);
      }
    }
    return ExitCode.DONE;
  }
}
