package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request asks a provider to use, according to its path and body. If two readers could
 * understand a body differently, the more expensive reading counts.
 *
 * @param model the provider's name of the model; unknown if the request names none
 * @param kind the kinds of tokens that the operation uses
 * @param bodyBytes the size of the request's body, which has no more tokens than bytes. What a
 *     provider reads more than once, such as the query of a ranking, counts as often as it is read
 * @param others models that the request names besides its own, for tools of the provider for
 *     example; at most {@value #MOST_OTHERS}
 * @param tiers the tiers by which the provider may charge the call; {@link #ANY_TIER} if it may
 *     choose any
 * @param feesAtMost the most that the request lets the provider use of what has a fee
 * @param unstated what it says about use that answers may leave out
 */
public record RequestedUse(
    UsageModel model,
    OperationKind kind,
    long bodyBytes,
    Reading reading,
    Writing writing,
    Set<UsageModel> others,
    Set<ServiceTier> tiers,
    FeesUsed feesAtMost,
    Asked unstated) {
  /** The tiers of a request that leaves the choice to the provider. */
  public static final Set<ServiceTier> ANY_TIER = Set.of(ServiceTier.OTHER);

  /** The tiers of a request that asks for the usual one. */
  public static final Set<ServiceTier> USUAL_TIER = Set.of(ServiceTier.STANDARD);

  /** Tiers that cost no more than the usual one, whatever a price states. */
  private static final Set<ServiceTier> NOT_DEARER =
      Set.of(
          ServiceTier.STANDARD,
          ServiceTier.FLEX,
          ServiceTier.BATCH,
          ServiceTier.SCALE,
          ServiceTier.OTHER);

  /** The most models that a request names besides its own. */
  public static final int MOST_OTHERS = 8;

  /** The most answers or rounds that are counted. */
  public static final int MOST = 1_000_000;

  public RequestedUse {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("sizes are not negative");
    }
    others = Set.copyOf(others);
    tiers = Set.copyOf(tiers);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("some tier is charged");
    }
    if (others.size() > MOST_OTHERS) {
      throw new IllegalArgumentException("at most " + MOST_OTHERS + " other models");
    }
  }

  /**
   * How the provider reads the input.
   *
   * @param elsewhere whether the input is more than what the body holds as text: stored
   *     conversations and files, or media, whose tokens are not bounded by their bytes
   * @param rounds how often the provider may read it: once, and again for each use of a server's
   *     tool that the request allows
   * @param unboundedTools whether the provider may use tools of its own as often as it likes
   */
  public record Reading(boolean elsewhere, int rounds, boolean unboundedTools) {
    /** The body contains everything that is read, once. */
    public static final Reading ONCE = new Reading(false, 1, false);

    public Reading {
      demandCount(rounds);
    }
  }

  /**
   * What the provider is asked to write.
   *
   * @param stated the most output tokens of one answer; empty if the request does not state it
   * @param field the member of a body that states it; empty if the operation has none
   * @param answers how many answers are asked for, 1 or more: by {@code n}, {@code best_of} or
   *     {@code candidateCount}, and for each prompt of several
   * @param streams whether the answer is to be streamed
   */
  public record Writing(OptionalLong stated, Optional<String> field, int answers, boolean streams) {
    public Writing {
      if (stated.orElse(0) < 0) {
        throw new IllegalArgumentException("sizes are not negative");
      }
      demandCount(answers);
    }
  }

  private static void demandCount(int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("at least one, at most " + MOST);
    }
  }

  /** A request for one answer whose body contains everything that is read, once. */
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

  /** A request that uses no tokens. */
  public static RequestedUse nothing(UsageModel model) {
    return once(model, OperationKind.NOTHING, 0, OptionalLong.empty(), Optional.empty());
  }

  /** Returns the same request for another model. */
  public RequestedUse of(UsageModel other) {
    return new RequestedUse(
        other, kind, bodyBytes, reading, writing, others, tiers, feesAtMost, unstated);
  }

  /** Returns the same request with these tiers and fees. */
  public RequestedUse with(Set<ServiceTier> allowed, FeesUsed most) {
    return new RequestedUse(
        model, kind, bodyBytes, reading, writing, others, allowed, most, unstated);
  }

  /**
   * Returns the same request for a stream.
   *
   * @param elsewhere whether the input is more than what the body holds as text
   */
  public RequestedUse streamed(boolean elsewhere) {
    return new RequestedUse(
        model,
        kind,
        bodyBytes,
        new Reading(elsewhere, rounds(), unboundedTools()),
        new Writing(statedOutput(), outputField(), answers(), true),
        others,
        tiers,
        feesAtMost,
        unstated);
  }

  /**
   * What the request may use of one of the other models. The request does not say how much that
   * model reads and writes, so its context limit and output maximum count in each round.
   */
  public RequestedUse ofOther(UsageModel other) {
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

  /** The most output tokens of all answers; empty if the request does not state it. */
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
   * The tiers of which the request asks for one, besides the usual tier, which it may always get.
   * Empty if it asks for that one, or leaves the choice to the provider.
   */
  Set<ServiceTier> tierAsked() {
    return tierAsked(tiers);
  }

  /** The tier that the request asks for; empty if it leaves the choice to the provider. */
  public Optional<ServiceTier> tier() {
    Set<ServiceTier> asked = tierAsked();
    return asked.size() == 1 ? Optional.of(asked.iterator().next()) : Optional.empty();
  }

  /**
   * @see #tierAsked()
   */
  static Set<ServiceTier> tierAsked(Set<ServiceTier> allowed) {
    if (allowed.contains(ServiceTier.OTHER) || allowed.equals(USUAL_TIER)) {
      return Set.of();
    }
    Set<ServiceTier> asked = new HashSet<>(allowed);
    boolean unused = asked.remove(ServiceTier.STANDARD);
    unused = asked.removeIf(tier -> isSettingOfProject(tier, allowed));
    return asked;
  }

  /** Whether a request does not say where it is processed, and so did not ask for the country. */
  private static boolean isSettingOfProject(ServiceTier tier, Set<ServiceTier> allowed) {
    return tier.elsewhere().filter(allowed::contains).isPresent();
  }

  /** Whether the request asks for a tier that may be dearer than the usual one. */
  public boolean asksForDearerTier() {
    return !NOT_DEARER.containsAll(tierAsked());
  }

  /** Whether the request asks for a tier that may be dearer and for which a price has no rates. */
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
   * The kinds of tools that the request lets the provider use and that may have a fee; all kinds
   * for a tool of an unknown kind. There are none in an operation that makes images, which may be
   * charged as tokens.
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
   * How often the provider may read the input. If it may use tools of its own as often as it likes,
   * an assumed number counts.
   */
  public long roundsAtMost() {
    return unboundedTools() ? Math.max(rounds(), UseBounds.ASSUMED_ROUNDS) : rounds();
  }

  /** Whether the provider may read the input more than once, because it may use its own tools. */
  boolean mayReadAgain() {
    return unboundedTools() || rounds() > 1;
  }

  /** How many answers the provider may write, including those between uses of its own tools. */
  long answersInAll() {
    return (long) answers() * rounds();
  }

  /**
   * What is expected to be used that has a fee, and is not known from what has passed: a use of
   * each tool of the provider that the request allows, all images, and of pages and recordings the
   * part that such calls used of late.
   *
   * @param part at most 1; 1 if nothing is known of such calls
   */
  FeesUsed expectedFees(double part) {
    return switch (kind) {
      case TEXT -> RequestedFees.once(feesAtMost);
      case IMAGES -> feesAtMost;
      case MEDIA -> RequestedFees.partOf(feesAtMost, part);
      case NOTHING, INPUT, VERDICTS -> FeesUsed.NONE;
    };
  }

  /** How many images are asked for. */
  long images() {
    return kind == OperationKind.IMAGES ? answers() : 0;
  }
}
