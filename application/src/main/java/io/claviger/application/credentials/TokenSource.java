package io.claviger.application.credentials;

import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives calls to one service the token that they are sent with. */
@FunctionalInterface
public interface TokenSource {
  /** Longer than any exchange lasts. */
  Duration MOST = Duration.ofSeconds(12);

  /**
   * Asks for the token. Never blocks.
   *
   * @param waiter is called once if the answer is {@link Answer.Waits}, perhaps before this returns
   */
  Answer ask(Waiter waiter);

  /** Says that the provider did not accept the token. Never blocks. */
  default void rejected() {
    // Whoever gives tokens may make another one.
  }

  /** Asks for the token, and blocks until it is there or can't be had. */
  default Answer await() {
    CompletableFuture<Answer> later = new CompletableFuture<>();
    Answer now =
        ask(
            answer -> {
              if (!later.complete(answer)) {
                answer.close();
              }
            });
    if (!(now instanceof Answer.Waits waits)) {
      return now;
    }
    try {
      return later.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      waits.place().leave();
      Answer late = new Answer.Failed(MintedCredentials.LATE);
      return later.complete(late) ? late : later.join();
    }
  }

  /** A token, or why there is none. */
  sealed interface Answer extends AutoCloseable {
    /**
     * @param copy owned by the receiver from now on
     * @param steps what was done to mint it
     */
    record Token(Secret copy, List<CheckStep> steps) implements Answer {
      @Override
      public void close() {
        copy.close();
      }
    }

    record Failed(CredentialFailure why) implements Answer {}

    /** The token is being made. */
    record Waits(Place place) implements Answer {}

    /** Wipes a token that nobody needs. */
    @Override
    default void close() {
      // Most answers hold no secret.
    }
  }

  /** Waits for a token. Called on any thread; returns soon and throws nothing. */
  @FunctionalInterface
  interface Waiter {
    /**
     * @param answer a token or a failure, owned by the callee from now on
     */
    void answered(Answer answer);
  }

  /** The place of one waiter. */
  @FunctionalInterface
  interface Place {
    /** Waits no longer. The waiter may just be being called on another thread. Can be repeated. */
    void leave();
  }
}
