package io.claviger.domain.spending;

import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import java.util.OptionalLong;

/**
 * The amount of the limits on its pace that a call needs, as estimated before it is sent.
 *
 * @param expected the tokens that the call is expected to use, judging by earlier calls
 * @param guessed the tokens that would be assumed without any knowledge of earlier calls
 */
public record PaceDemand(PaceUse expected, PaceUse guessed) {
  /** The demand of a call that uses no tokens. */
  public static final PaceDemand OF_NO_TOKENS = of(PaceUse.NONE);

  /** The demand of a call whose use is known. */
  public static PaceDemand of(PaceUse use) {
    return new PaceDemand(use, use);
  }

  /**
   * How much the call needs of a limit. If it is larger than the limit only because of the
   * experience with earlier calls, it needs the whole limit: it may be of another kind than those
   * calls.
   *
   * @return empty if the call is larger than the limit itself
   */
  public OptionalLong amountFor(PaceMeter meter) {
    long expecting = partOf(meter.kind(), expected);
    return Math.min(expecting, partOf(meter.kind(), guessed)) > meter.most()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(expecting, meter.most()));
  }

  /** The lower of the expected and the guessed tokens. */
  public PaceUse least() {
    return PaceUse.ofCall(
        Math.min(expected.input(), guessed.input()), Math.min(expected.output(), guessed.output()));
  }

  /** The part of one call's use that counts against limits of a kind. */
  public static long partOf(PaceKind kind, PaceUse use) {
    return switch (kind) {
      case TOKENS -> use.input() + use.output();
      case INPUT_TOKENS -> use.input();
      case OUTPUT_TOKENS -> use.output();
      case CONCURRENT -> 1;
    };
  }
}
