package io.claviger.domain.spending;

import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The known use of a call that was sent to its provider and has ended.
 *
 * @param usage the usage that the provider stated; parts that the provider did not state are
 *     estimated
 * @param evidence what is known about the usage
 * @param answeredBy the model that the answer names; {@link UsageModel#UNKNOWN} if the answer names
 *     no model
 * @param tier the tier that the answer states; empty if the answer states no tier
 * @param fees the uses that the answer states and for which a fee is charged
 * @param isAbandoned whether the caller left before the answer was complete. A call that its caller
 *     left might have used more than the answer shows
 * @param others the use of models other than the answering model, such as models that advise it.
 *     {@code usage} does not include this use. The map is empty if the answer does not state each
 *     model's use
 * @param statedCost the provider's stated charge for the whole call, in nano-dollars. Present only
 *     if the call could have used things that cost a fee, and if the provider is known to state
 *     this charge
 * @param includesFees whether {@code statedCost} includes all fees of the call. If it does not
 *     include them, the fees can be higher than this charge, because another account pays a part of
 *     the call
 */
public record CallUse(
    TokenUsage usage,
    Evidence evidence,
    UsageModel answeredBy,
    Optional<ServiceTier> tier,
    FeesUsed fees,
    boolean isAbandoned,
    Optional<Map<UsageModel, TokenUsage>> others,
    OptionalLong statedCost,
    boolean includesFees) {
  /** What is known about the usage of a call. */
  public enum Evidence {
    /**
     * The provider answered with an error, and does not bill the prompt. Only the usage that the
     * error states is charged; most errors state none.
     */
    REFUSED,
    /** The provider stated the usage of the whole answer. */
    STATED,
    /** The answer broke off, was abandoned, never arrived, or does not state the usage. */
    UNKNOWN
  }

  public CallUse {
    others = others.map(Map::copyOf);
  }

  /** Creates the use of a call whose caller stayed until the answer ended. */
  public CallUse(
      TokenUsage usage,
      Evidence evidence,
      UsageModel answeredBy,
      Optional<ServiceTier> tier,
      FeesUsed fees) {
    this(
        usage,
        evidence,
        answeredBy,
        tier,
        fees,
        false,
        Optional.empty(),
        OptionalLong.empty(),
        true);
  }

  /** Creates the use of a call whose answer states neither a tier nor fees. */
  public CallUse(TokenUsage usage, Evidence evidence, UsageModel answeredBy) {
    this(usage, evidence, answeredBy, Optional.empty(), FeesUsed.NONE);
  }

  /** Returns the use of a call whose answer names no other model. */
  public static CallUse of(TokenUsage usage, Evidence evidence) {
    return new CallUse(usage, evidence, UsageModel.UNKNOWN);
  }

  public CallUse by(UsageModel model) {
    return new CallUse(
        usage, evidence, model, tier, fees, isAbandoned, others, statedCost, includesFees);
  }

  public CallUse at(ServiceTier stated) {
    return new CallUse(
        usage,
        evidence,
        answeredBy,
        Optional.of(stated),
        fees,
        isAbandoned,
        others,
        statedCost,
        includesFees);
  }

  public CallUse with(FeesUsed stated) {
    return new CallUse(
        usage, evidence, answeredBy, tier, stated, isAbandoned, others, statedCost, includesFees);
  }

  /**
   * Returns this use together with the use of other models.
   *
   * @param stated the use of each other model; empty if the answer does not state this use
   */
  public CallUse withOthers(Optional<Map<UsageModel, TokenUsage>> stated) {
    return new CallUse(
        usage, evidence, answeredBy, tier, fees, isAbandoned, stated, statedCost, includesFees);
  }

  /**
   * Returns this use with the charge that the provider states for the call, in nano-dollars.
   *
   * @param isWhole whether this charge includes all fees of the call
   */
  public CallUse costing(OptionalLong stated, boolean isWhole) {
    return new CallUse(
        usage, evidence, answeredBy, tier, fees, isAbandoned, others, stated, isWhole);
  }

  /**
   * Returns this use, but with the other models under the names that the request uses. An answer
   * can name a version of a model instead of the requested model. If the answer states the use of a
   * model that the request does not name, that use counts as use of the answering model.
   *
   * @param asked the models that the request names in addition to the called model
   */
  public CallUse of(Set<UsageModel> asked) {
    return others.isEmpty() || asked.containsAll(others.get().keySet())
        ? this
        : apart(UsageModel.UNKNOWN, asked);
  }

  /**
   * Does the same as {@link #of(Set)} for the models of a request. If a substitute of the called
   * model has answered, and the answer states the substitute's use, then {@code usage} is the use
   * of the called model.
   */
  public CallUse of(RequestedUse asked) {
    if (others.isEmpty() || others.get().isEmpty() || asked.substitutes().isEmpty()) {
      return of(asked.others());
    }
    CallUse apart = apart(asked.model(), asked.others());
    Map<UsageModel, TokenUsage> known = apart.others().orElseThrow();
    return meant(asked.model(), asked.others(), answeredBy)
            .filter(by -> asked.mayAnswer(by) && known.containsKey(by))
            .isPresent()
        ? apart.by(UsageModel.UNKNOWN)
        : apart;
  }

  /**
   * Whether the model that answered is one that the request names as a substitute of the called
   * model.
   */
  public boolean isBySubstitute(RequestedUse asked) {
    return meant(asked.model(), asked.others(), answeredBy).filter(asked::mayAnswer).isPresent();
  }

  private CallUse apart(UsageModel called, Set<UsageModel> asked) {
    TokenUsage own = usage;
    Map<UsageModel, TokenUsage> known = new HashMap<>();
    for (Map.Entry<UsageModel, TokenUsage> each : others.orElseThrow().entrySet()) {
      Optional<UsageModel> model = meant(called, asked, each.getKey()).filter(asked::contains);
      if (model.isPresent()) {
        TokenUsage unused = known.merge(model.get(), each.getValue(), TokenUsage::plus);
      } else {
        own = own.plus(each.getValue());
      }
    }
    return with(own).withOthers(Optional.of(known));
  }

  /**
   * Finds the requested model that an answer means by a name. If the name could be a version of
   * several models, the model with the longest name is returned.
   */
  private static Optional<UsageModel> meant(
      UsageModel called, Set<UsageModel> asked, UsageModel stated) {
    if (stated.equals(called) || asked.contains(stated)) {
      return Optional.of(stated);
    }
    return Stream.concat(Stream.of(called), asked.stream())
        .filter(one -> AnswerPrices.isVersion(stated.name(), one.name()))
        .max(Comparator.comparingInt(one -> one.name().length()));
  }

  CallUse with(TokenUsage known) {
    return new CallUse(
        known, evidence, answeredBy, tier, fees, isAbandoned, others, statedCost, includesFees);
  }

  /**
   * Returns the use of a call whose caller has left. If the answer states the whole use, returns
   * this object.
   */
  public CallUse abandoned() {
    return evidence == Evidence.UNKNOWN
        ? new CallUse(
            usage, evidence, answeredBy, tier, fees, true, others, statedCost, includesFees)
        : this;
  }
}
