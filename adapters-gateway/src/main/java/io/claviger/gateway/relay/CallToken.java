package io.claviger.gateway.relay;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.CredentialErrors;
import io.claviger.gateway.wire.GuardedTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token to send with a call. If the node has no token yet, the call waits for one. Only used on
 * the event loop of the call.
 */
final class CallToken {
  private final GatewayCall call;
  private final CallParts parts;

  /** The call's place in the queue for a token; null while the call does not wait. */
  private TokenSource.@Nullable Place place;

  CallToken(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  /**
   * Adds the token to the call's permission, and prepares the request with the token.
   *
   * @param then continues the call
   * @param otherwise receives the reason why there is no token
   */
  void take(Runnable then, Consumer<CallError> otherwise) {
    ask(
        parts.permission().call().token().orElseThrow(),
        token -> {
          parts.permission().attach(token);
          try {
            parts
                .provider()
                .prepare(
                    parts.permission().call(),
                    parts.permission().authorizer().parsed(),
                    parts.body().length());
          } catch (CallRefused e) {
            call.fail(e.error());
            return;
          }
          then.run();
        },
        otherwise);
  }

  /**
   * Requests a token. If the call ends first, neither {@code then} nor {@code otherwise} is called.
   *
   * @param then receives the token, which the receiver has to erase
   * @param otherwise receives the reason why there is no token
   */
  void ask(TokenSource from, Consumer<Secret> then, Consumer<CallError> otherwise) {
    CallPhase before = call.phase();
    call.enter(CallPhase.MINTING);
    Asking asking = new Asking(before, then, otherwise);
    Answer now = from.ask(answer -> onLoop(asking, answer));
    if (now instanceof Answer.Waits waits) {
      place = waits.place();
    } else {
      asking.done(now);
    }
  }

  private void onLoop(Asking asking, Answer answer) {
    try {
      parts
          .caller()
          .channel()
          .eventLoop()
          .execute(GuardedTask.of(() -> asking.done(answer), call::broken));
    } catch (RejectedExecutionException closed) {
      answer.close(); // the call has ended with the gateway
    }
  }

  /** Stops waiting for a token. This method can be called repeatedly. */
  void leave() {
    TokenSource.Place left = place;
    place = null;
    if (left != null) {
      left.leave();
    }
  }

  private final class Asking extends CallStep<Answer> {
    private final CallPhase before;
    private final Consumer<Secret> then;
    private final Consumer<CallError> otherwise;

    Asking(CallPhase before, Consumer<Secret> then, Consumer<CallError> otherwise) {
      super(call);
      this.before = before;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    void next(Answer answer) {
      place = null;
      call.enter(before);
      switch (answer) {
        case Answer.Token token -> then.accept(token.copy());
        case Answer.Failed failed -> otherwise.accept(CredentialErrors.of(failed.why()));
        case Answer.Waits waits -> throw new IllegalStateException("nobody waits twice");
      }
    }

    @Override
    void drop(Answer late) {
      late.close();
    }
  }
}
