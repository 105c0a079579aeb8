package io.claviger.domain.spending;

import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.usage.TokenUsage;
import java.util.OptionalLong;

/**
 * The most that a call can use, provided that its provider obeys the output maximum in the request.
 * If a provider states more use, that is not charged, because owners of services can run providers
 * that state anything. If neither the request nor the model has a bound, the bound of the largest
 * models is assumed.
 *
 * @param input tokens of input, of all rounds together
 * @param output tokens of output, of all answers together
 * @param images how many images are made
 */
public record UseBounds(long input, long output, long images) {
  /** What a provider may add to the text of a body: its own instructions, and those of tools. */
  public static final long TOKENS_BESIDES = 2_000;

  /** The context of the largest models. */
  public static final long ASSUMED_CONTEXT = 1_048_576;

  /** The output of the largest models. */
  public static final long ASSUMED_OUTPUT = 131_072;

  /** How often a provider is assumed to use its tools if the request has no cap for them. */
  static final long ASSUMED_ROUNDS = 32;

  /** How many answers or images are assumed for a request that was not read. */
  static final long ASSUMED_ANSWERS = 32;

  public UseBounds {
    if (input < 0 || output < 0 || images < 0) {
      throw new IllegalArgumentException("bounds are not negative");
    }
  }

  /** The bounds of a request that was read. */
  public static UseBounds of(RequestedUse use, ModelBounds model) {
    if (use.kind() == OperationKind.NOTHING) {
      return new UseBounds(0, 0, 0);
    }
    long rounds = use.roundsAtMost();
    long once =
        use.refersElsewhere() || use.unboundedTools()
            ? elsewhere(use.bodyBytes(), model)
            : ofBody(use.bodyBytes());
    long each = use.statedOutput().orElse(model.maxOutput().orElse(ASSUMED_OUTPUT));
    long output =
        use.kind().answersInTokens()
            ? Amounts.product(each, Amounts.product(use.answers(), rounds))
            : 0;
    return new UseBounds(Amounts.product(once, rounds), output, use.images());
  }

  /**
   * The bounds of a request of which nothing but its size is known.
   *
   * @param bodyBytes the size of the request's body
   */
  public static UseBounds ofUnread(long bodyBytes, ModelBounds model) {
    long each = model.maxOutput().orElse(ASSUMED_OUTPUT);
    return new UseBounds(
        Amounts.product(elsewhere(bodyBytes, model), ASSUMED_ROUNDS),
        Amounts.product(each, ASSUMED_ANSWERS),
        ASSUMED_ANSWERS);
  }

  /** The most that two can use together. */
  UseBounds plus(UseBounds other) {
    return new UseBounds(
        Amounts.sum(input, other.input),
        Amounts.sum(output, other.output),
        Amounts.sum(images, other.images));
  }

  /** Returns the input of a request whose body contains all of it. */
  static long ofBody(long bytes) {
    return Amounts.sum(bytes, TOKENS_BESIDES);
  }

  private static long elsewhere(long bytes, ModelBounds model) {
    OptionalLong context = model.context();
    return Math.max(ofBody(bytes), context.orElse(ASSUMED_CONTEXT));
  }

  /** Returns the part of a usage that is within these bounds. */
  public TokenUsage within(TokenUsage usage) {
    return usage.atMost(input, output, images);
  }
}
