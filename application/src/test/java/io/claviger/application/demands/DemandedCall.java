package io.claviger.application.demands;

/**
 * A call as it is demanded, and what its provider will do with it.
 *
 * @param at when it is made, in milliseconds of the simulation
 * @param caller who makes it
 * @param connection by which connection it comes, so that calls can be spread over nodes
 * @param bytes how long its body is
 * @param largestOutput the output maximum that it states
 * @param use what the provider bills
 * @param lasts how long the answer takes, in milliseconds
 */
public record DemandedCall(
    long at,
    int caller,
    int connection,
    DemandedModel model,
    int bytes,
    int largestOutput,
    DemandedUse use,
    long lasts,
    Answer answer) {

  /** How the provider answers. */
  public enum Answer {
    /** With its usage. */
    STATED,
    /** With its usage, which it states once more. */
    STATED_TWICE,
    /** The provider bills the call and never states its usage. */
    NEVER_STATED,
    /** With an error that costs nothing. */
    FAILED
  }

  /** What the provider bills for this call, in nano-dollars. */
  public long cost() {
    return model.price().ofUse(use);
  }

  /**
   * Returns the most that this call could cost. Each byte of the body counts as one token, and
   * 2,000 tokens and the requested output are added.
   */
  public long costAtMost() {
    return model.price().atMost(bytes + 2_000L, largestOutput);
  }
}
