package io.claviger.domain.budgets;

import java.util.OptionalLong;

/**
 * The most tokens that a model takes and gives in one answer, as far as they are known.
 *
 * @param maxOutput tokens of one answer
 * @param context tokens of input and output together
 */
public record ModelBounds(OptionalLong maxOutput, OptionalLong context) {
  public static final ModelBounds UNKNOWN =
      new ModelBounds(OptionalLong.empty(), OptionalLong.empty());
}
