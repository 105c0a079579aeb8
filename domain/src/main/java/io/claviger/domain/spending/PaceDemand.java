package io.claviger.domain.spending;

import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import java.util.OptionalLong;

/**
 * What a call takes of the limits on its pace before it is made.
 *
 * @param expected the tokens that it is expected to use, as earlier calls did
 * @param guessed the tokens that are guessed when nothing is known of earlier calls
 */
public record PaceDemand(PaceUse expected, PaceUse guessed) {
  /** The demand of a call that uses no tokens. */
  public static final PaceDemand OF_NO_TOKENS = of(PaceUse.NONE);

  /** The demand of a call of which it is known what it uses. */
  public static PaceDemand of(PaceUse use) {
    return new PaceDemand(use, use);
  }

  /**
   * How much the call takes of a limit. If only earlier calls let it seem larger than the limit, it
   * takes all of it, because it may be of another kind than they were.
   *
   * @return empty if the call is larger than the limit itself
   */
  public OptionalLong amountFor(PaceMeter meter) {
    long expecting = partOf(meter.kind(), expected);
    return Math.min(expecting, partOf(meter.kind(), guessed)) > meter.most()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(expecting, meter.most()));
  }

  /** What the call is expected to use in any case. */
  public PaceUse least() {
    return PaceUse.ofCall(
        Math.min(expected.input(), guessed.input()), Math.min(expected.output(), guessed.output()));
  }

  /** The part of the use of one call that counts against limits of a kind. */
  public static long partOf(PaceKind kind, PaceUse use) {
    return switch (kind) {
      case TOKENS -> use.input() + use.output();
      case INPUT_TOKENS -> use.input();
      case OUTPUT_TOKENS -> use.output();
      case CONCURRENT -> 1;
    };
  }
}
