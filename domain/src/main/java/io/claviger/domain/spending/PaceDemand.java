package io.claviger.domain.spending;

import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import java.util.OptionalLong;

/**
 * The number of tokens that must be left in the provider's limits before a call is sent.
 *
 * @param expected the numbers of tokens that are expected according to earlier calls
 * @param guessed the numbers of tokens that would be expected if no earlier calls were known
 */
public record PaceDemand(PaceUse expected, PaceUse guessed) {
  /** The demand of a call that uses no tokens. */
  public static final PaceDemand OF_NO_TOKENS = of(PaceUse.NONE);

  /** The demand of a call whose use is known. */
  public static PaceDemand of(PaceUse use) {
    return new PaceDemand(use, use);
  }

  /**
   * Returns how much of a limit the call needs. If the expected use is larger than the limit but
   * the guessed use is not, the call needs the whole limit. The reason is that the call might
   * differ in kind from the earlier calls.
   *
   * @return empty if both the expected and the guessed use are larger than the limit
   */
  public OptionalLong amountFor(PaceMeter meter) {
    long expecting = partOf(meter.kind(), expected);
    return Math.min(expecting, partOf(meter.kind(), guessed)) > meter.most()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(expecting, meter.most()));
  }

  /** Returns the smaller of the expected and the guessed numbers of tokens. */
  public PaceUse least() {
    return PaceUse.ofCall(
        Math.min(expected.input(), guessed.input()), Math.min(expected.output(), guessed.output()));
  }

  /** Returns the part of a call's use that counts against limits of the given kind. */
  public static long partOf(PaceKind kind, PaceUse use) {
    return switch (kind) {
      case TOKENS -> use.input() + use.output();
      case INPUT_TOKENS -> use.input();
      case OUTPUT_TOKENS -> use.output();
      case CONCURRENT -> 1;
    };
  }
}
