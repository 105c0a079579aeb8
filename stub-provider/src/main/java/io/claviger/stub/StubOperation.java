package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** One operation of an API, answered like a healthy provider. */
interface StubOperation {
  StubResponse answer(StubCall call);

  /** Whether the account is billed for the tokens of the response. */
  default boolean isBilled() {
    return false;
  }

  /** The response as a stream. Null if the call does not ask for one. */
  default @Nullable TextStream streamed(StubCall call) {
    return null;
  }
}
