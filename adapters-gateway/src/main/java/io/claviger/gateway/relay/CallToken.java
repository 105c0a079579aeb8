package io.claviger.gateway.relay;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.CredentialErrors;
import io.claviger.gateway.wire.GuardedTask;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /**
   * The tokens for which the call waits. A call that lists objects may wait for the tokens of
   * several services.
   */
  private final Set<Asking> waiting = new HashSet<>();

  CallToken(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  /**
   * Adds the token to the call's permission, and prepares the request with the token.
   *
   * @param then an action that continues the call
   * @param otherwise an action that receives the reason why there is no token
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
   * @param then an action that receives the token, and has to erase it
   * @param otherwise an action that receives the reason why there is no token
   */
  void ask(TokenSource from, Consumer<Secret> then, Consumer<CallError> otherwise) {
    CallPhase before = call.phase();
    call.enter(CallPhase.MINTING);
    Asking asking = new Asking(before, then, otherwise);
    Answer now = from.ask(answer -> onLoop(asking, answer));
    if (now instanceof Answer.Waits waits) {
      asking.place = waits.place();
      waiting.add(asking);
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
      answer.close(); // the gateway has ended the event loop, and so the call
    }
  }

  /** Stops waiting for tokens. This method can be called repeatedly. */
  void leave() {
    List<Asking> left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(Asking::leave);
  }

  private final class Asking extends CallStep<Answer> {
    private final CallPhase before;
    private final Consumer<Secret> then;
    private final Consumer<CallError> otherwise;

    /** The call's place in the queue for the token; null if the call did not have to wait. */
    private TokenSource.@Nullable Place place;

    Asking(CallPhase before, Consumer<Secret> then, Consumer<CallError> otherwise) {
      super(call);
      this.before = before;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    void next(Answer answer) {
      if (!waiting.remove(this) && place != null) {
        answer.close(); // the call no longer waits for this token
        return;
      }
      call.enter(before);
      switch (answer) {
        case Answer.Token token -> then.accept(token.copy());
        case Answer.Failed failed -> otherwise.accept(CredentialErrors.of(failed.why()));
        case Answer.Waits waits ->
            throw new IllegalStateException(
                "a call that has waited for its token must not wait again");
      }
    }

    private void leave() {
      Objects.requireNonNull(place).leave();
    }

    @Override
    void drop(Answer late) {
      late.close();
    }
  }
}
