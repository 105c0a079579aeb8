package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/** One operation of an API, answered as a provider in good health would. */
interface StubOperation {
  StubResponse answer(StubCall call);

  /** The answer as a stream, where the call asks for one. */
  default @Nullable TextStream streamed(StubCall call) {
    return null;
  }
}
