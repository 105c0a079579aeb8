package io.claviger.domain.prices;

import java.util.OptionalInt;

/**
 * How much one call of a model can use, in tokens, as far as it is known.
 *
 * @param maxOutput the most output of one answer
 * @param contextLimit the most input
 */
public record ModelBounds(OptionalInt maxOutput, OptionalInt contextLimit) {
  public static final ModelBounds UNKNOWN =
      new ModelBounds(OptionalInt.empty(), OptionalInt.empty());
}
