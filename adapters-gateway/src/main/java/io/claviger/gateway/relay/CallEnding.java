package io.claviger.gateway.relay;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.wire.GuardedTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a call, in any of the possible ways, and charges the call. Only used on the event loop of
 * the call.
 */
final class CallEnding {
  private static final Logger LOG = LoggerFactory.getLogger(CallEnding.class);

  private final GatewayCall call;
  private final CallParts parts;

  /**
   * The object that reads the rest of the answer to find the usage; null unless the caller has left
   * and the usage is needed.
   */
  private @Nullable ReadingOn readingOn;

  CallEnding(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  /** Called at the end of the provider's answer. */
  void answerEnded() {
    if (call.phase() == CallPhase.READING_ON) {
      stopReadingOn(true);
    } else if (parts.body().isComplete()) {
      end();
    } else {
      // the provider answered before the request was complete, and does not need the rest of the
      // request
      parts.provider().drop();
      discardRest(parts.body().canBeDiscarded());
    }
  }

  /** Sends an answer by the gateway itself, without a call to the provider. */
  void answer(byte[] json) {
    boolean discards = parts.body().canBeDiscarded();
    parts.record().setOwnAnswer(parts.response().own(json, discards));
    discardRest(discards);
  }

  /** Answers with an error. If the caller's answer has already begun, breaks it off instead. */
  void fail(CallError why) {
    if (call.phase() == CallPhase.READING_ON) {
      stopReadingOn(false);
      return;
    }
    if (call.phase().isAnswered()) {
      return;
    }
    try {
      answerInstead(why);
    } catch (Throwable e) {
      LOG.error("{}: the call could not be ended properly", parts.headers().requestId(), e);
      cutOff();
    }
  }

  private void answerInstead(CallError why) {
    parts.provider().drop();
    if (parts.response().isBegun()) {
      parts.record().setFailure(why);
      if (why.isOfCaller()) {
        parts.record().markLeft();
      }
      parts.response().breakOff(why);
      over();
      parts.caller().brokenOff();
    } else {
      refuse(why, true);
    }
  }

  /**
   * Answers the caller with an error. Called if nothing was sent to the provider, or if the
   * connection to the provider was closed.
   *
   * @param isEndKnown whether the gateway knows where the caller's request ends on the connection
   */
  void refuse(CallError why, boolean isEndKnown) {
    parts.record().setFailure(why);
    CallError error = parts.permission().linkRequest(why);
    boolean discards = isEndKnown && parts.body().canBeDiscarded();
    parts.record().setOwnAnswer(parts.response().error(error, discards));
    discardRest(discards);
  }

  private void discardRest(boolean discards) {
    call.enter(CallPhase.DISCARDING);
    parts.body().beginDiscarding();
    release();
    if (parts.body().isComplete() || !discards || !parts.response().keepsAlive()) {
      end();
    } else {
      parts.caller().advance();
    }
  }

  /** Ends a call after an unexpected exception in the gateway. */
  void broken(Throwable why) {
    LOG.error("{}: the call failed in the gateway itself", parts.headers().requestId(), why);
    if (call.phase() == CallPhase.READING_ON) {
      stopReadingOn(false);
    } else if (call.phase().isAnswered()) {
      cutOff();
    } else {
      fail(CallError.INTERNAL);
    }
  }

  /** Closes the caller's connection if nothing else remains to do. */
  @SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
  private void cutOff() {
    try {
      release();
    } finally {
      parts.caller().channel().close();
    }
  }

  void callerStalled() {
    parts.body().loseRest();
    if (call.phase() == CallPhase.DISCARDING) {
      end();
    } else {
      fail(CallError.REQUEST_INCOMPLETE);
    }
  }

  /**
   * Breaks off a call that has not ended, because the gateway stops. If only the end of a streamed
   * answer is missing, the call goes on until its connection is closed, and counts as successful.
   */
  void gatewayStops() {
    if (!call.phase().isAnswered() && !parts.provider().isOnlyEndMissing(parts.body())) {
      call.fail(CallError.NODE_STOPPED);
    }
    if (call.phase() == CallPhase.DISCARDING) {
      parts.body().loseRest();
      end();
    }
  }

  void callerGone() {
    if (call.phase() == CallPhase.OVER) {
      return;
    }
    ProviderConnection ending = parts.provider().takeIfOnlyEndIsMissing(parts.body());
    if (ending == null) {
      parts.record().setCallerGone();
      if (readsOn()) {
        return;
      }
      parts.provider().drop();
    }
    try {
      over();
    } finally {
      if (ending != null) {
        ending.releaseOnceEnded();
      }
    }
  }

  /**
   * Continues to read the provider's answer if a strict budget counts the call, if the answer might
   * contain a new object whose holder has to be recorded, or if it might say that an object has
   * ended.
   *
   * @return whether the gateway continues to read
   */
  private boolean readsOn() {
    if (call.phase() != CallPhase.FORWARDING
        || !parts.body().isComplete()
        || !parts.provider().isConnected()
        || !(parts.permission().call().spending().isStrict()
            || call.leavesObject()
            || call.endsObject())) {
      return false;
    }
    ReadingOn begun =
        ReadingOn.ifCounted(parts, GuardedTask.of(() -> stopReadingOn(false), this::broken));
    if (begun == null) {
      return false;
    }
    call.enter(CallPhase.READING_ON);
    parts.response().forget();
    readingOn = begun;
    begun.begin();
    return true;
  }

  /**
   * @param whole whether the whole answer has arrived
   */
  private void stopReadingOn(boolean whole) {
    ReadingOn was = readingOn;
    if (was == null) {
      return;
    }
    readingOn = null;
    try {
      if (whole) {
        was.complete(parts.body().isBufferEmpty());
      } else {
        was.giveUp();
      }
    } finally {
      over();
    }
  }

  /**
   * Ends the call. Called when the answer has been written and nothing of the request remains to be
   * discarded.
   */
  void end() {
    // An idle connection must not hold unsent parts of a body that no longer counts as buffered.
    parts.provider().end(parts.body().isBufferEmpty());
    boolean whole = parts.body().isComplete();
    try {
      over();
    } finally {
      parts.caller().finished(parts.response().keepsAlive() && whole);
    }
  }

  private void over() {
    call.enter(CallPhase.OVER);
    try {
      release();
    } finally {
      parts.response().forget();
      parts.record().finish(parts.response().status(), parts.body(), parts.provider().answer());
    }
  }

  /**
   * Charges the call, erases its secrets and frees its buffers, as soon as nothing more has to be
   * sent. This method can be called repeatedly.
   */
  private void release() {
    try {
      parts.permission().settle(parts.body(), parts.provider().answer());
    } finally {
      forget();
    }
  }

  /** Called when the caller's connection closes after a WebSocket session. */
  void conversationEnded() {
    try {
      over();
    } finally {
      parts.caller().brokenOff();
    }
  }

  /** Frees all resources of the call, even if freeing one of them throws an exception. */
  private void forget() {
    try {
      call.endListing();
    } finally {
      try {
        call.endTurn();
      } finally {
        try {
          parts.permission().close();
        } finally {
          forgetRequest();
        }
      }
    }
  }

  private void forgetRequest() {
    try {
      parts.provider().forgetRequest();
    } finally {
      try {
        parts.body().close();
      } finally {
        parts.provider().detachAnswer();
      }
    }
  }
}
