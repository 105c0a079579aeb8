package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a rotation on standard error: a bar, or a line for each tenth. */
interface RotationProgress extends EncryptionKeys.Progress, AutoCloseable {
  static RotationProgress on(PrintWriter err) {
    return StandardStreams.isErrorTerminal() ? new Bar() : new Lines(err);
  }

  @Override
  void close();

  /** Shows a bar, for a terminal. */
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

  /** Prints lines, for a file. */
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
