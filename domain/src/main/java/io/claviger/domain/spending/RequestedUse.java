package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The use that a request can make of a provider, read from the request's path and body. If a body
 * is ambiguous, the more expensive meaning is assumed.
 *
 * @param model the provider's name for the model; unknown if the request names no model
 * @param kind the kinds of tokens that the operation uses
 * @param bodyBytes the size of the request's body, an upper bound of the body's tokens. A part that
 *     the provider reads several times, such as the query of a ranking, counts each time
 * @param others the models that the request names in addition to the called model, for example for
 *     tools of the provider; at most {@value #MOST_OTHERS}
 * @param substitutes the models in {@code others} that could answer in place of the called model;
 *     these can include the called model itself, for a further attempt
 * @param tiers the service tiers whose prices the provider may charge for the call; {@link
 *     #ANY_TIER} if the provider may choose any tier
 * @param feesAtMost the maximum numbers of uses that the request allows and that cost a fee
 * @param unstated what the request says about those uses that the answer might not state
 */
public record RequestedUse(
    UsageModel model,
    OperationKind kind,
    long bodyBytes,
    Reading reading,
    Writing writing,
    Set<UsageModel> others,
    Set<UsageModel> substitutes,
    Set<ServiceTier> tiers,
    FeesUsed feesAtMost,
    Asked unstated) {
  /** The tiers of a request that lets the provider choose the tier. */
  public static final Set<ServiceTier> ANY_TIER = Set.of(ServiceTier.OTHER);

  /** The tiers of a request that names the usual tier. */
  public static final Set<ServiceTier> USUAL_TIER = Set.of(ServiceTier.STANDARD);

  /**
   * Tiers that never count as more expensive than the usual tier, even if a price states higher
   * rates for them.
   */
  private static final Set<ServiceTier> NOT_DEARER =
      Set.of(
          ServiceTier.STANDARD,
          ServiceTier.FLEX,
          ServiceTier.BATCH,
          ServiceTier.SCALE,
          ServiceTier.OTHER);

  /** The maximum number of models that a request may name in addition to the called model. */
  public static final int MOST_OTHERS = 8;

  /**
   * The largest number of answers with which this class computes, and also the largest number of
   * times that the input is read.
   */
  public static final int MOST = 1_000_000;

  public RequestedUse {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("sizes must not be negative");
    }
    others = Set.copyOf(others);
    substitutes = Set.copyOf(substitutes);
    tiers = Set.copyOf(tiers);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("at least one tier is needed");
    }
    if (others.size() > MOST_OTHERS) {
      throw new IllegalArgumentException("at most " + MOST_OTHERS + " other models");
    }
    if (!substitutes.isEmpty() && !others.containsAll(substitutes)) {
      throw new IllegalArgumentException("the substitutes must be among the other models");
    }
  }

  /** Creates the use of a request that only the called model can answer. */
  public RequestedUse(
      UsageModel model,
      OperationKind kind,
      long bodyBytes,
      Reading reading,
      Writing writing,
      Set<UsageModel> others,
      Set<ServiceTier> tiers,
      FeesUsed feesAtMost,
      Asked unstated) {
    this(model, kind, bodyBytes, reading, writing, others, Set.of(), tiers, feesAtMost, unstated);
  }

  /**
   * How the provider reads the input.
   *
   * @param elsewhere whether the input contains more than the text in the body, for example stored
   *     conversations, files or media. For media, the number of bytes is no upper bound of the
   *     number of tokens
   * @param rounds the maximum number of times that the provider reads the input: once for the call
   *     itself, and once for each allowed use of a provider's tool
   * @param unboundedTools whether the provider may use its own tools any number of times
   */
  public record Reading(boolean elsewhere, int rounds, boolean unboundedTools) {
    /** The body contains all input, and the provider reads it once. */
    public static final Reading ONCE = new Reading(false, 1, false);

    public Reading {
      demandCount(rounds);
    }
  }

  /**
   * The output that is requested.
   *
   * @param stated the maximum number of output tokens of one answer; empty if the request states no
   *     maximum
   * @param field the body's field for this maximum; empty if the operation has no such field
   * @param answers the number of requested answers, 1 or more. The number is the value of {@code
   *     n}, {@code best_of} or {@code candidateCount}, multiplied by the number of prompts
   * @param streams whether the answer is streamed
   */
  public record Writing(OptionalLong stated, Optional<String> field, int answers, boolean streams) {
    public Writing {
      if (stated.orElse(0) < 0) {
        throw new IllegalArgumentException("sizes must not be negative");
      }
      demandCount(answers);
    }
  }

  private static void demandCount(int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("the number must be at least 1 and at most " + MOST);
    }
  }

  /**
   * Returns the use of a request for one answer. The body of such a request contains all input, and
   * the provider reads the body once.
   */
  public static RequestedUse once(
      UsageModel model,
      OperationKind kind,
      long bodyBytes,
      OptionalLong statedOutput,
      Optional<String> outputField) {
    return new RequestedUse(
        model,
        kind,
        bodyBytes,
        Reading.ONCE,
        new Writing(statedOutput, outputField, 1, false),
        Set.of(),
        ANY_TIER,
        FeesUsed.NONE,
        Asked.NOTHING);
  }

  /** Returns the use of a request that uses no tokens. */
  public static RequestedUse nothing(UsageModel model) {
    return once(model, OperationKind.NOTHING, 0, OptionalLong.empty(), Optional.empty());
  }

  /** Returns this request for another model. */
  public RequestedUse of(UsageModel other) {
    return new RequestedUse(
        other, kind, bodyBytes, reading, writing, others, substitutes, tiers, feesAtMost, unstated);
  }

  /**
   * Returns this request, with the memory sizes of the containers that its tools name by their ids.
   */
  public RequestedUse inContainers(Collection<String> memories) {
    return memories.isEmpty()
        ? this
        : with(tiers, RequestedFees.inContainers(feesAtMost, memories, answers()));
  }

  /** Returns this request with the given tiers and fees. */
  public RequestedUse with(Set<ServiceTier> allowed, FeesUsed most) {
    return new RequestedUse(
        model, kind, bodyBytes, reading, writing, others, substitutes, allowed, most, unstated);
  }

  /**
   * Returns this request for a stream.
   *
   * @param elsewhere whether the input contains more than the text in the body
   */
  public RequestedUse streamed(boolean elsewhere) {
    return new RequestedUse(
        model,
        kind,
        bodyBytes,
        new Reading(elsewhere, rounds(), unboundedTools()),
        new Writing(statedOutput(), outputField(), answers(), true),
        others,
        substitutes,
        tiers,
        feesAtMost,
        unstated);
  }

  /**
   * Returns the use of one of the other models that the request names. A substitute gets the same
   * request as the called model, together with the unfinished answers of earlier attempts. For any
   * other model, the request does not state how much the model reads and writes. So this method
   * assumes that the model reads as much as its context limit each time, and writes as much as its
   * output maximum.
   */
  public RequestedUse ofOther(UsageModel other) {
    if (substitutes.contains(other)) {
      long earlier = Amounts.product(statedOutputInAll().orElse(0), substitutes.size());
      return new RequestedUse(
          other,
          kind,
          Amounts.sum(bodyBytes, earlier),
          reading,
          writing,
          Set.of(),
          tiers,
          feesAtMost,
          unstated);
    }
    return new RequestedUse(
        other,
        kind,
        bodyBytes,
        new Reading(true, rounds(), unboundedTools()),
        new Writing(OptionalLong.empty(), Optional.empty(), answers(), streams()),
        Set.of(),
        ANY_TIER,
        FeesUsed.NONE,
        Asked.NOTHING);
  }

  /** Whether this model could answer in place of the called model. */
  public boolean mayAnswer(UsageModel other) {
    return substitutes.contains(other);
  }

  public OptionalLong statedOutput() {
    return writing.stated();
  }

  public Optional<String> outputField() {
    return writing.field();
  }

  public int answers() {
    return writing.answers();
  }

  public boolean streams() {
    return writing.streams();
  }

  public boolean refersElsewhere() {
    return reading.elsewhere();
  }

  public int rounds() {
    return reading.rounds();
  }

  public boolean unboundedTools() {
    return reading.unboundedTools();
  }

  /**
   * Returns the maximum number of output tokens in all answers together; empty if the request
   * states no maximum.
   */
  public OptionalLong statedOutputInAll() {
    if (!kind.answersInTokens()) {
      return OptionalLong.of(0);
    }
    OptionalLong each = statedOutput();
    return each.isEmpty()
        ? each
        : OptionalLong.of(Amounts.product(each.getAsLong(), answersInAll()));
  }

  /**
   * Returns the tiers for which the request asks, without the usual tier, because every request can
   * be processed in the usual tier. Empty if the request names the usual tier, or lets the provider
   * choose the tier. If the provider chooses the tier of a request that asks to be faster than
   * usual, the request asks for the tier that is faster.
   */
  Set<ServiceTier> tierAsked() {
    return tierAsked(tiers);
  }

  /**
   * Returns the tier that the request names; empty if the request lets the provider choose the
   * tier.
   */
  public Optional<ServiceTier> tier() {
    Set<ServiceTier> asked = tierAsked();
    return asked.size() == 1 ? Optional.of(asked.iterator().next()) : Optional.empty();
  }

  /**
   * @see #tierAsked()
   */
  static Set<ServiceTier> tierAsked(Set<ServiceTier> allowed) {
    boolean isAny = allowed.contains(ServiceTier.OTHER);
    if ((isAny && !allowed.contains(ServiceTier.STANDARD)) || allowed.equals(USUAL_TIER)) {
      return Set.of();
    }
    Set<ServiceTier> asked = new HashSet<>(allowed);
    boolean unused = asked.remove(ServiceTier.STANDARD);
    unused = asked.remove(ServiceTier.OTHER);
    unused = asked.removeIf(tier -> isSettingOfProject(tier, allowed));
    return asked;
  }

  /**
   * Whether a tier is allowed only because a setting at the provider might determine in which
   * country calls are processed. If a tier is allowed for this reason, the request also allows the
   * same tier without a country.
   */
  private static boolean isSettingOfProject(ServiceTier tier, Set<ServiceTier> allowed) {
    return tier.elsewhere().filter(allowed::contains).isPresent();
  }

  /** Whether the request names a tier that could cost more than the usual tier. */
  public boolean asksForDearerTier() {
    return !NOT_DEARER.containsAll(tierAsked());
  }

  /**
   * Whether the request names a tier for which the price has no rates and which could cost more
   * than the usual tier.
   */
  boolean asksForTierWithoutPrice(Price price) {
    if (price.dearestInput() == 0 && price.dearestOutput() == 0) {
      return false;
    }
    for (ServiceTier tier : tiers) {
      if (!NOT_DEARER.contains(tier)
          && !price.tiers().containsKey(tier)
          && !isSettingOfProject(tier, tiers)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the kinds of the provider's tools that the request allows and that could have a fee;
   * all kinds if a tool's kind is unknown. Empty for an operation that makes images, because images
   * can be charged as tokens.
   */
  public Set<FeeKind> tools() {
    if (kind == OperationKind.IMAGES || feesAtMost.isNone()) {
      return Set.of();
    }
    Set<FeeKind> tools = EnumSet.noneOf(FeeKind.class);
    for (FeePiece piece : feesAtMost.counts().keySet()) {
      boolean unused = FeeKind.OF_TOOLS.contains(piece.what()) && tools.add(piece.what());
    }
    return tools;
  }

  /**
   * The maximum number of times that the provider reads the input. If the provider may use its own
   * tools without a limit, a number is assumed.
   */
  public long roundsAtMost() {
    return unboundedTools() ? Math.max(rounds(), UseBounds.ASSUMED_ROUNDS) : rounds();
  }

  /** Whether the provider might read the input more than once, because it may use its own tools. */
  boolean mayReadAgain() {
    return unboundedTools() || rounds() > 1;
  }

  /**
   * Returns how many answers the provider can write, including answers before and between uses of
   * its own tools.
   */
  long answersInAll() {
    return (long) answers() * rounds();
  }

  /**
   * Returns what one use of each allowed tool of the provider can cause. If the provider charges a
   * web search by its results, one use counts as several searches.
   */
  FeesUsed feesOnce() {
    return RequestedFees.withSearchesAs(unstated.searches(), RequestedFees.once(feesAtMost));
  }

  /**
   * Returns the uses that cost a fee and that are expected if an unfinished answer does not show
   * them. The result contains one use of each allowed tool of the provider, all images, and a part
   * of the pages and recordings.
   *
   * @param part the fraction of the allowed pages and recordings that recent calls used, at most 1;
   *     1 if no recent calls are known
   */
  FeesUsed expectedFees(double part) {
    return switch (kind) {
      case TEXT -> feesOnce();
      case IMAGES -> feesAtMost;
      case MEDIA -> RequestedFees.partOf(feesAtMost, part);
      case NOTHING, INPUT, VERDICTS -> FeesUsed.NONE;
    };
  }

  /** The number of requested images. */
  long images() {
    return kind == OperationKind.IMAGES ? answers() : 0;
  }
}
