package io.claviger.stub;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One operation of an API. The operation answers like a healthy provider. */
interface StubOperation {
  StubResponse answer(StubCall call);

  /** Returns the charges for the call; null if the call is free. */
  default @Nullable StubBill bill(StubCall call) {
    return null;
  }

  /** Returns this operation with charges for its calls. The operation must not stream. */
  default StubOperation billed(Function<StubCall, StubBill> bill) {
    StubOperation free = this;
    return new StubOperation() {
      @Override
      public StubResponse answer(StubCall call) {
        return free.answer(call);
      }

      @Override
      public StubBill bill(StubCall call) {
        return bill.apply(call);
      }
    };
  }

  /** Returns the response as a stream; null if the call does not request a stream. */
  default @Nullable TextStream streamed(StubCall call) {
    return null;
  }
}
