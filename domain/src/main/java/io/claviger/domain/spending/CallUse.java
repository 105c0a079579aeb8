package io.claviger.domain.spending;

import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;

/**
 * What a call that was sent to its provider has used, as far as is known when it has ended.
 *
 * @param usage the usage that the provider stated, with estimates for the rest
 * @param evidence how the usage became known
 * @param answeredBy the model that the answer names; {@link UsageModel#UNKNOWN} if it names none
 */
public record CallUse(TokenUsage usage, Evidence evidence, UsageModel answeredBy) {
  /** How the usage of a call became known. */
  public enum Evidence {
    /**
     * The provider answered with an error. The call costs no more than is stated, which is usually
     * nothing.
     */
    REFUSED,
    /** The provider stated the usage of the whole answer. */
    STATED,
    /** The answer broke off, was abandoned, never came or states nothing. */
    UNKNOWN
  }

  /** The use of a call whose answer names no other model. */
  public static CallUse of(TokenUsage usage, Evidence evidence) {
    return new CallUse(usage, evidence, UsageModel.UNKNOWN);
  }

  public CallUse by(UsageModel model) {
    return new CallUse(usage, evidence, model);
  }
}
