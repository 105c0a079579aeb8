package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The maximum that a call can use if its provider obeys the output maximum in the request. If a
 * provider states more use than this maximum, the excess is not charged. Owners of services can run
 * their own providers, which can state any use. If neither the request nor the model has a bound, a
 * bound is assumed that only a few models exceed.
 *
 * @param input tokens of input; if the provider reads the input several times, each time counts
 * @param output tokens of output, in all answers together
 * @param images the number of images
 * @param tiers the service tiers whose prices may be charged for the call
 * @param fees the maximum number of uses that cost a fee, for each kind of use
 */
public record UseBounds(
    long input, long output, long images, Set<ServiceTier> tiers, FeesUsed fees) {
  /**
   * The tokens that a provider can add to the text of a body, for the provider's own instructions
   * and those of its tools.
   */
  public static final long TOKENS_BESIDES = 2_000;

  /** The context limit of the largest models, in tokens. */
  public static final long ASSUMED_CONTEXT = 1_050_000;

  /**
   * The largest output of most models, in tokens. A few models can write more, up to their context
   * limit; the published prices state how much. For other models, a higher bound would mainly
   * permit a provider to use up budgets with false figures.
   */
  public static final long ASSUMED_OUTPUT = 131_072;

  /**
   * The assumed number of uses of the provider's tools if the request does not limit these uses.
   */
  public static final long ASSUMED_ROUNDS = 32;

  /** The assumed number of answers or images for a request that was not read. */
  static final long ASSUMED_ANSWERS = 32;

  /** The assumed maximum numbers of uses that cost a fee, for a call whose request was not read. */
  private static final FeesUsed ASSUMED_FEES =
      Stream.of(
              FeesUsed.of(FeeKind.WEB_SEARCH, ASSUMED_ROUNDS),
              FeesUsed.of(FeeKind.FILE_SEARCH, ASSUMED_ROUNDS),
              FeesUsed.of(FeeKind.CODE_INTERPRETER, ASSUMED_ROUNDS),
              FeesUsed.of(FeeKind.COMPUTER_USE, ASSUMED_ROUNDS),
              FeesUsed.of(FeeKind.GROUNDING, ASSUMED_ROUNDS),
              FeesUsed.of(FeeKind.IMAGE, ASSUMED_ANSWERS),
              RequestedFees.ofRecordingElsewhere(),
              FeesUsed.of(FeeKind.CHARACTER, ASSUMED_CONTEXT),
              RequestedFees.ofDocument(0, true),
              FeesUsed.of(FeeKind.SEARCH, ASSUMED_ANSWERS))
          .reduce(FeesUsed.NONE, FeesUsed::plus);

  /**
   * The bounds of operations without use, such as listing models, counting tokens, and operations
   * on stored objects. An operation without use costs nothing, even if the model has a price per
   * request, because providers do not charge for the operation.
   */
  public static final UseBounds NOTHING = new UseBounds(0, 0, 0);

  public UseBounds {
    if (input < 0 || output < 0 || images < 0) {
      throw new IllegalArgumentException("bounds must not be negative");
    }
  }

  /** Creates bounds for tokens and images only. */
  public UseBounds(long input, long output, long images) {
    this(input, output, images, RequestedUse.ANY_TIER, FeesUsed.NONE);
  }

  /** Returns the bounds of a request that was read. */
  public static UseBounds of(RequestedUse use, ModelBounds model) {
    if (use.kind() == OperationKind.NOTHING) {
      return NOTHING;
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
    return new UseBounds(
        Amounts.product(once, rounds), output, use.images(), use.tiers(), use.feesAtMost());
  }

  /**
   * Returns the bounds of a request that was not read, and of which only the size is known.
   *
   * @param bodyBytes the size of the request's body
   */
  public static UseBounds ofUnread(long bodyBytes, ModelBounds model) {
    long each = model.maxOutput().orElse(ASSUMED_OUTPUT);
    return new UseBounds(
        Amounts.product(elsewhere(bodyBytes, model), ASSUMED_ROUNDS),
        Amounts.product(each, ASSUMED_ANSWERS),
        ASSUMED_ANSWERS,
        RequestedUse.ANY_TIER,
        ASSUMED_FEES);
  }

  /** Whether the call can't use anything that is charged. */
  boolean areNothing() {
    return input == 0 && output == 0 && images == 0 && fees.isNone();
  }

  /** The most that this use can cost in any of the tiers; 0 if the call uses nothing. */
  long dearest(Price price) {
    return areNothing() ? 0 : Cost.atMost(price.dearestOf(tiers), input, output, images, fees);
  }

  /** The most that the tokens of this use can cost in any of the tiers, without images and fees. */
  long dearestTokens(Price price) {
    return areNothing() ? 0 : Cost.atMost(price.dearestOf(tiers), input, output, 0);
  }

  /** Returns the sum of these bounds and the other bounds. */
  UseBounds plus(UseBounds other) {
    return new UseBounds(
        Amounts.sum(input, other.input),
        Amounts.sum(output, other.output),
        Amounts.sum(images, other.images),
        tiers,
        fees.plus(other.fees));
  }

  /** Returns the maximum number of input tokens of a request whose body contains all input. */
  static long ofBody(long bytes) {
    return Amounts.sum(bytes, TOKENS_BESIDES);
  }

  private static long elsewhere(long bytes, ModelBounds model) {
    OptionalLong context = model.context();
    return Math.max(ofBody(bytes), context.orElse(ASSUMED_CONTEXT));
  }

  /** Whether the request allows charging the call at the prices of this tier. */
  boolean allows(ServiceTier tier) {
    return tiers.contains(tier) || tiers.contains(ServiceTier.OTHER);
  }

  /** Returns the given usage, with each number that exceeds these bounds reduced to its bound. */
  public TokenUsage within(TokenUsage usage) {
    return usage.atMost(input, output, images);
  }
}
