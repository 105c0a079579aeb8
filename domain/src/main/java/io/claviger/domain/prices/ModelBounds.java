package io.claviger.domain.prices;

import java.util.OptionalLong;

/**
 * The greatest number of tokens that a model accepts, and the greatest number that it writes in one
 * answer, if these numbers are known.
 *
 * @param maxOutput the greatest number of tokens of one answer; empty if it is unknown
 * @param context the greatest number of input tokens, or of input and output tokens together,
 *     depending on how the provider counts; empty if it is unknown
 */
public record ModelBounds(OptionalLong maxOutput, OptionalLong context) {
  /** The largest bound. */
  public static final long MOST = 100_000_000;

  public static final ModelBounds UNKNOWN =
      new ModelBounds(OptionalLong.empty(), OptionalLong.empty());

  public ModelBounds {
    if (outside(maxOutput) || outside(context)) {
      throw new IllegalArgumentException("bounds are 1 to " + MOST);
    }
  }

  private static boolean outside(OptionalLong bound) {
    return bound.isPresent() && (bound.getAsLong() < 1 || bound.getAsLong() > MOST);
  }
}
