package io.claviger.domain.policy;

import io.claviger.domain.WireNamed;

/** The things that a pace limit can count, apart from requests. */
public enum PaceKind implements WireNamed {
  /** Input and output tokens together, in any 60 seconds. */
  TOKENS("tokens_per_minute", 1_000_000_000),
  INPUT_TOKENS("input_tokens_per_minute", 1_000_000_000),
  OUTPUT_TOKENS("output_tokens_per_minute", 1_000_000_000),
  /** Calls that have begun and have not ended. */
  CONCURRENT("concurrent_calls", 100_000);

  private final String wireName;
  private final int most;

  PaceKind(String wireName, int most) {
    this.wireName = wireName;
    this.most = most;
  }

  /** The name of the limit in the API. */
  @Override
  public String wireName() {
    return wireName;
  }

  /** The largest limit of this kind. The smallest possible limit is 1. */
  public int most() {
    return most;
  }

  public boolean countsTokens() {
    return this != CONCURRENT;
  }
}
