package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyringSentence;
import java.io.PrintWriter;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rotate",
    description =
        "Reencrypt all stored secrets with the first key of ENCRYPTION_KEY, while nodes serve. Can"
            + " be interrupted and started again.")
final class KeysRotateCommand extends KeyCommand {
  @Option(
      names = "--to-unwrapped",
      description = "Continue even if the first key is not wrapped but other keys are.")
  private boolean toUnwrapped;

  KeysRotateCommand(KeyCommand.Program keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    if (opened.given().isEmpty()) {
      throw new StartRefused(
          "ENCRYPTION_KEY or ENCRYPTION_KEY_FILE must be set: the new key first, then the others");
    }
    demandWrapped(opened);
    EncryptionKeys.RotationOutcome outcome;
    try (RotationProgress progress = RotationProgress.on(err)) {
      outcome = opened.encryptionKeys().rotate(progress);
    }
    return switch (outcome) {
      case EncryptionKeys.RotationOutcome.Done done -> done(done, out);
      case EncryptionKeys.RotationOutcome.NotAdmitted not ->
          throw new StartRefused(KeyringSentence.of(not.why()));
      case EncryptionKeys.RotationOutcome.Refused refused -> {
        if (refused.resealed() > 0) {
          out.printf(
              "%s reencrypted before the rotation was refused%n",
              counted(refused.resealed(), "value was", "values were"));
        }
        throw refused(refused.why());
      }
    };
  }

  /**
   * Refuses an unwrapped first key if other keys are wrapped. Operators whose wrapping keys are
   * outside Claviger might change to an unwrapped key in a file by mistake.
   */
  private void demandWrapped(OpenKeys opened) {
    EncryptionKeyId first = opened.given().orElseThrow().sealing();
    if (!toUnwrapped && !opened.wrappings().isEmpty() && !opened.wrappings().containsKey(first)) {
      throw new StartRefused(
          ("the first encryption key, %s, is not wrapped, though others are: make the new one with"
                  + " `keys generate --with URI`, or use --to-unwrapped")
              .formatted(first));
    }
  }

  private static int done(EncryptionKeys.RotationOutcome.Done done, PrintWriter out) {
    out.printf(
        "%s reencrypted with the key %s%n",
        counted(done.resealed(), "value was", "values were"), done.under());
    if (done.unopened() == 0) {
      return ExitCode.DONE;
    }
    out.printf(
        "%s can't be opened and %s left as %s:%n",
        counted(done.unopened(), "value", "values"),
        done.unopened() == 1 ? "was" : "were",
        done.unopened() == 1 ? "it is" : "they are");
    done.named().forEach(value -> out.println("  " + named(value)));
    if (done.unopened() > done.named().size()) {
      out.printf("  and %,d more%n", done.unopened() - done.named().size());
    }
    return ExitCode.SOMETHING_LEFT_OUT;
  }

  private static String named(EncryptionKeys.Unopened value) {
    String service = value.service().map(Instance.Ref::toString).orElse("");
    String user = value.user().map(GranteeName::toString).orElse("?");
    String what =
        switch (value.kind()) {
          case INSTANCE_API_KEY -> "the API key of " + service;
          case INSTANCE_HEADERS -> "the headers of " + service;
          case USER_KEY -> "the key of the user %s for %s".formatted(user, service);
          case REFRESH_TOKEN -> "the refresh token of the user " + user;
          case ISSUER_KEY -> "a key of the issuer";
          case AUDIT_KEY -> "a key of the audit trail";
          case WAITING_CHANGE -> "a change of %s that waits for consent".formatted(service);
          case NAMING_KEY -> "the naming key of " + service;
          case BILLING_CREDENTIAL -> "the billing credential of " + service;
          case WEBHOOK_SECRET ->
              "the secret of the webhook of the %s %s"
                  .formatted(
                      value.user().filter(GranteeName::isGroup).isPresent() ? "group" : "user",
                      user);
        };
    return what + ", sealed with " + value.under();
  }

  /**
   * Shows a rotation's progress on standard error, either as a bar or as a line for each tenth of
   * the work.
   */
  private interface RotationProgress extends EncryptionKeys.Progress, AutoCloseable {
    static RotationProgress on(PrintWriter err) {
      return StandardStreams.isErrorTerminal() ? new Bar() : new Lines(err);
    }

    @Override
    void close();

    /** Shows the progress as a bar, if standard error is a terminal. */
    final class Bar implements RotationProgress {
      private final ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName("sealing again")
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" values", 1)
              .showSpeed()
              .setInitialMax(-1)
              .build();

      @Override
      public void begin(long values) {
        bar.maxHint(values);
      }

      @Override
      public void advance(long more) {
        bar.stepBy(more);
      }

      @Override
      public void close() {
        bar.close();
      }
    }

    /** Reports the progress as lines of text, if standard error is a file. */
    final class Lines implements RotationProgress {
      private static final int PARTS = 10;

      private final PrintWriter err;
      private long all;
      private long done;
      private long said;

      Lines(PrintWriter err) {
        this.err = err;
      }

      @Override
      public void begin(long values) {
        all = values;
        say("%,d values to reencrypt".formatted(values));
      }

      @Override
      public void advance(long more) {
        done += more;
        long part = all == 0 ? 0 : done * PARTS / all;
        if (part > said) {
          said = part;
          say("%,d of %,d values reencrypted".formatted(done, all));
        }
      }

      private void say(String line) {
        err.println(line);
        err.flush();
      }

      @Override
      public void close() {
        err.flush();
      }
    }
  }
}
