package io.claviger.bootstrap.cli;

import io.claviger.application.keys.RotateKeys.Outcome;
import io.claviger.application.keys.RotateKeys.Unopened;
import io.claviger.bootstrap.cli.Programs.OpenKeys;
import io.claviger.bootstrap.wiring.KeyringSentence;
import io.claviger.operator.StartRefused;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
    name = "rotate",
    description =
        "Seal everything anew under the first key of ENCRYPTION_KEY, while nodes serve. Can be"
            + " broken off and started again.")
final class KeysRotateCommand extends KeyCommand {
  KeysRotateCommand(Programs.Keys keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    if (opened.given().isEmpty()) {
      throw new StartRefused(
          "ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is needed: with the new key first, the others behind it");
    }
    Outcome outcome;
    try (RotationProgress progress = RotationProgress.on(err)) {
      outcome = opened.rotation().rotateKeys().rotate(progress);
    }
    return switch (outcome) {
      case Outcome.Done done -> done(done, out);
      case Outcome.NotAdmitted not -> throw new StartRefused(KeyringSentence.of(not.why()));
      case Outcome.Refused refused -> {
        if (refused.resealed() > 0) {
          out.printf(
              "%s sealed anew, then it could not go on%n",
              counted(refused.resealed(), "value was", "values were"));
        }
        throw refused(refused.why());
      }
    };
  }

  private static int done(Outcome.Done done, PrintWriter out) {
    out.printf(
        "%s sealed anew under %s%n",
        counted(done.resealed(), "value was", "values were"), done.under());
    if (done.unopened() == 0) {
      return ExitCode.DONE;
    }
    out.printf(
        "%s not open and %s left as %s:%n",
        counted(done.unopened(), "value does", "values do"),
        done.unopened() == 1 ? "was" : "were",
        done.unopened() == 1 ? "it is" : "they are");
    done.named().forEach(value -> out.println("  " + named(value)));
    if (done.unopened() > done.named().size()) {
      out.printf("  and %,d more%n", done.unopened() - done.named().size());
    }
    return ExitCode.SOMETHING_LEFT_OUT;
  }

  private static String named(Unopened value) {
    String what =
        switch (value.kind()) {
          case INSTANCE_API_KEY -> "the API key of " + value.service();
          case INSTANCE_HEADERS -> "the headers of " + value.service();
          case USER_KEY ->
              "the key of the user %s for %s"
                  .formatted(value.user().map(u -> u.value()).orElse("?"), value.service());
        };
    return what + ", under " + value.under();
  }
}
