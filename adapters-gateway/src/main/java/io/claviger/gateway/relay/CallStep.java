package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;

/**
 * Continues a call with the outcome of a step. Does nothing if the call entered another phase
 * during the step, usually because the call ended.
 */
abstract class CallStep<T> implements Continuation<T> {
  private final GatewayCall call;
  private final CallPhase phase;

  /** Begins a step in the call's current phase. */
  CallStep(GatewayCall call) {
    this.call = call;
    this.phase = call.phase();
  }

  @Override
  public final void done(T outcome) {
    if (call.phase() == phase) {
      next(outcome);
    } else {
      drop(outcome);
    }
  }

  @Override
  public final void refused(CallError why) {
    if (call.phase() == phase) {
      stop(why);
    }
  }

  @Override
  public final void failed(Throwable why) {
    call.broken(why);
  }

  /**
   * @param outcome the outcome of the step; the callee has to release it
   */
  abstract void next(T outcome);

  /** Frees an outcome that nobody needs any longer. */
  void drop(T late) {}

  void stop(CallError why) {
    call.fail(why);
  }
}
