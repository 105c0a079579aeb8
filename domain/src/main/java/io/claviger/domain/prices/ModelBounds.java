package io.claviger.domain.prices;

import java.util.OptionalLong;

/**
 * The maximum numbers of tokens that a model accepts and that it generates in one answer, if these
 * numbers are known.
 *
 * @param maxOutput the maximum number of tokens in one answer; empty if unknown
 * @param context the maximum number of input tokens or, depending on how the provider counts, of
 *     input and output tokens together; empty if unknown
 */
public record ModelBounds(OptionalLong maxOutput, OptionalLong context) {
  /** The largest bound. */
  public static final long MOST = 100_000_000;

  public static final ModelBounds UNKNOWN =
      new ModelBounds(OptionalLong.empty(), OptionalLong.empty());

  public ModelBounds {
    if (outside(maxOutput) || outside(context)) {
      throw new IllegalArgumentException("bounds must be 1 to " + MOST);
    }
  }

  private static boolean outside(OptionalLong bound) {
    return bound.isPresent() && (bound.getAsLong() < 1 || bound.getAsLong() > MOST);
  }
}
