package io.claviger.bootstrap.cli;

import io.claviger.application.keys.DiscardKey;
import io.claviger.application.keys.DiscardKey.Outcome;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.bootstrap.cli.Programs.OpenKeys;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.operator.StartRefused;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "discard",
    description =
        "Give up an encryption key that is lost, with every key and header sealed under it.")
final class KeysDiscardCommand extends KeyCommand {
  @Parameters(paramLabel = "ID", description = "Of the key, as `keys status` shows it.")
  private String id = "";

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  KeysDiscardCommand(Programs.Keys keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  void check() {
    Object unused = id(id);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    EncryptionKeyId key = id(id);
    DiscardKey discard = opened.rotation().discardKey();
    Outcome foreseen = discard.foreseen(key);
    if (foreseen instanceof Outcome.Refused refused
        && refused.why() instanceof KeyObstacle.AlreadyRetired) {
      out.printf("%s was retired already%n", key);
      return ExitCode.DONE;
    }
    out.printf(
        "Discarding %s takes away what is sealed under it: of %s the API key or the headers, of %s"
            + " their own keys.%n",
        key, services(concerned(foreseen)), users(concerned(foreseen)));
    out.flush();
    demandConfirmation(key);
    Concerned done = concerned(discard.discard(key));
    out.printf("%s is discarded: %s and %s are concerned%n", key, services(done), users(done));
    return ExitCode.DONE;
  }

  private void demandConfirmation(EncryptionKeyId key) {
    if (yes) {
      return;
    }
    if (!Terminal.isInput()) {
      throw new StartRefused("nothing was discarded: say --yes to go on");
    }
    if (!Terminal.asked("There is no way back. Type %s to go on: ".formatted(key))
        .equals(key.value())) {
      throw new StartRefused("nothing was discarded");
    }
  }

  private static Concerned concerned(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Concerns concerns -> concerns.concerned();
      case Outcome.Refused refused -> throw refused(refused.why());
    };
  }

  private static String services(Concerned concerned) {
    return counted(concerned.services(), "service", "services");
  }

  private static String users(Concerned concerned) {
    return counted(concerned.users(), "user", "users");
  }
}
