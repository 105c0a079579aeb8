package io.claviger.application.demands;

import io.claviger.application.demands.DemandedCall.Answer;
import java.util.SplittableRandom;

/**
 * One of those who call, one call at a time: a person, an agent, or a thread of a program. It is
 * asked for its next call when the last one has been answered or refused, so its demand follows
 * what it gets. The same seed makes the same demand.
 */
public final class DemandingWorker {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /**
   * How many of a thousand calls are answered late, with a repeated usage, without usage, and with
   * an error.
   */
  private static final int LATE = 10;

  private static final int TWICE = 5;
  private static final int NEVER = 5;
  private static final int FAILED = 20;

  private final DemandKind kind;
  private final int caller;
  private final int connection;
  private final SplittableRandom random;

  /**
   * The number of tokens per byte of this worker's texts. Prose has fewer tokens per byte than code
   * or texts in another script.
   */
  private final double tokensInByte;

  /** The calls that are left of the conversation, task or burst. */
  private int left;

  /** The tokens of the conversation or task so far. */
  private double context;

  DemandingWorker(DemandKind kind, int caller, int connection, long seed) {
    this.kind = kind;
    this.caller = caller;
    this.connection = connection;
    random = new SplittableRandom(seed);
    tokensInByte = 0.2 + 0.12 * random.nextDouble();
  }

  /** The call that follows an answer, or a refusal, at this time. */
  public DemandedCall next(long now) {
    boolean begins = left <= 0;
    if (begins) {
      begin();
    }
    left--;
    return switch (kind) {
      case CHAT -> chat(now, begins);
      case AGENTS -> step(now, begins);
      case EMBEDDINGS -> vectors(now, begins);
      case BATCHES -> listed(now, begins);
    };
  }

  private void begin() {
    switch (kind) {
      case CHAT -> {
        left = 1 + random.nextInt(12);
        context = between(300, 2_500);
      }
      case AGENTS -> {
        left = 20 + random.nextInt(130);
        context = between(12_000, 25_000);
      }
      case EMBEDDINGS -> left = 50 + random.nextInt(950);
      case BATCHES -> left = 20 + random.nextInt(180);
    }
  }

  private DemandedCall chat(long now, boolean begins) {
    double before = begins ? 0 : context;
    context += logNormal(120, 1.1);
    int largestOutput = 2_048;
    long output = outputOf(260, 0.9, largestOutput);
    boolean remembered = before > 1_024 && random.nextInt(10) < 7;
    long cached = remembered ? Math.round(before) : 0;
    DemandedUse use = new DemandedUse(Math.round(context) - cached, cached, 0, output);
    DemandedCall call =
        call(
            after(now, begins ? 5 * MINUTE : 40 * SECOND),
            DemandedModel.QUICK,
            context,
            largestOutput,
            use);
    context += output;
    return call;
  }

  private DemandedCall step(long now, boolean begins) {
    double before = begins ? 0 : context;
    context += logNormal(900, 1.2);
    int largestOutput = 16_000;
    boolean wholeFile = random.nextInt(100) < 3;
    long output = outputOf(wholeFile ? 3_500 : 180, wholeFile ? 0.7 : 1.0, largestOutput);
    boolean remembered = random.nextInt(100) < 96;
    long cached = remembered ? Math.round(before) : 0;
    long fresh = 4 + random.nextInt(40);
    DemandedUse use =
        new DemandedUse(fresh, cached, Math.max(0, Math.round(context) - cached - fresh), output);
    DemandedCall call =
        call(
            after(now, begins ? 3 * MINUTE : 4 * SECOND),
            DemandedModel.BROAD,
            context,
            largestOutput,
            use);
    context += output;
    if (context > 150_000) {
      context = between(15_000, 30_000);
    }
    return call;
  }

  private DemandedCall vectors(long now, boolean begins) {
    double input = Math.min(30_000, logNormal(2_500, 1.0));
    DemandedUse use = new DemandedUse(Math.round(input), 0, 0, 0);
    return call(
        begins ? after(now, 10 * MINUTE) : now + random.nextInt(20),
        DemandedModel.VECTORS,
        input,
        0,
        use);
  }

  private DemandedCall listed(long now, boolean begins) {
    double input = 1_200 + Math.min(4_000, logNormal(600, 0.8));
    int largestOutput = 512;
    DemandedUse use =
        new DemandedUse(Math.round(input) - 1_024, 1_024, 0, outputOf(90, 0.8, largestOutput));
    return call(
        begins ? atNight(now) : now + random.nextInt(50),
        DemandedModel.QUICK,
        input,
        largestOutput,
        use);
  }

  private DemandedCall call(
      long at, DemandedModel model, double input, int largestOutput, DemandedUse use) {
    int bytes = (int) Math.round(input / (tokensInByte * (0.92 + 0.16 * random.nextDouble())));
    long lasts = 200 + random.nextInt(400) + (use.fresh() + use.written()) / 20 + use.output() * 14;
    int luck = random.nextInt(1_000);
    Answer answer = Answer.STATED;
    DemandedUse used = use;
    if (luck < LATE) {
      lasts += 30 * SECOND + random.nextLong(10 * MINUTE);
    } else if (luck < LATE + TWICE) {
      answer = Answer.STATED_TWICE;
    } else if (luck < LATE + TWICE + NEVER) {
      answer = Answer.NEVER_STATED;
    } else if (luck < LATE + TWICE + NEVER + FAILED) {
      answer = Answer.FAILED;
      used = DemandedUse.NONE;
      lasts = 100 + lasts / 10;
    }
    return new DemandedCall(
        at, caller, connection, model, bytes, largestOutput, used, lasts, answer);
  }

  /** A time after a pause, which is longer while most people sleep. */
  private long after(long now, long usualPause) {
    long hour = now / HOUR % 24;
    double pause = logNormal(usualPause, 0.8);
    return now + Math.round(hour < 7 || hour > 21 ? 6 * pause : pause);
  }

  /** Half of the lists are worked through at night, the others at once. */
  private long atNight(long now) {
    if (random.nextBoolean()) {
      return now + random.nextLong(10 * MINUTE);
    }
    long day = 24 * HOUR;
    long tonight = now / day * day + 2 * HOUR;
    return (tonight > now ? tonight : tonight + day) + random.nextLong(2 * MINUTE);
  }

  private long outputOf(double median, double spread, int largest) {
    return Math.clamp(Math.round(logNormal(median, spread)), 1, largest);
  }

  private double logNormal(double median, double spread) {
    return median * Math.exp(spread * random.nextGaussian());
  }

  private double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }
}
