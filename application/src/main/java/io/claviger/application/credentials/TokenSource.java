package io.claviger.application.credentials;

import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Provides the token that calls to a service send. */
@FunctionalInterface
public interface TokenSource {
  /** The maximum time that a call waits for a token. Every exchange ends earlier. */
  Duration MOST = Duration.ofSeconds(12);

  /**
   * Requests the token. Never blocks.
   *
   * @param waiter the task that is called once if the answer is {@link Answer.Waits}, possibly
   *     before this method returns
   */
  Answer ask(Waiter waiter);

  /** Reports that the provider did not accept the token. Never blocks. */
  default void rejected() {
    // A source that mints tokens can mint another token after such a report.
  }

  /**
   * Reports an answer of the provider that might have been caused by the token. Callers can cause
   * such answers. Never blocks.
   */
  default void doubted() {
    // A source that mints tokens can renew its token after such a report.
  }

  /** Returns the provider that issues the token in exchange for a signed statement, if one does. */
  default Optional<FederationProvider> federation() {
    return Optional.empty();
  }

  /**
   * Requests the token. Never blocks. The future completes with the token or with the reason for
   * its absence, no later than {@link #MOST} after the request. To stop waiting for the token, a
   * caller completes the future earlier.
   */
  default CompletableFuture<Answer> request() {
    CompletableFuture<Answer> later = new CompletableFuture<>();
    Answer now =
        ask(
            answer -> {
              if (!later.complete(answer)) {
                answer.close();
              }
            });
    if (now instanceof Answer.Waits waits) {
      CompletableFuture<Answer> unused =
          later
              .completeOnTimeout(
                  new Answer.Failed(MintedCredentials.LATE), MOST.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete((answer, fault) -> waits.place().leave());
      return later;
    }
    return CompletableFuture.completedFuture(now);
  }

  /** Requests the token. Blocks until the token was made or the attempt failed. */
  default Answer await() {
    return await(MOST);
  }

  /** Does the same as {@link #await()}, but stops waiting after the given time. */
  default Answer await(Duration atMost) {
    CompletableFuture<Answer> later = request();
    try {
      return later.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      Answer late = new Answer.Failed(MintedCredentials.LATE);
      return later.complete(late) ? late : later.join();
    }
  }

  /** A token, or the reason for its absence. */
  sealed interface Answer extends AutoCloseable {
    /**
     * @param copy the copy of the token that the receiver owns from now on
     * @param steps the steps in which the token was minted
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

    /** Wipes the token, if the answer contains a token. */
    @Override
    default void close() {
      // Most kinds of answers contain no secret that must be wiped.
    }
  }

  /**
   * A task that continues when the token was made or could not be made. The task is called on any
   * thread, returns quickly and throws nothing.
   */
  @FunctionalInterface
  interface Waiter {
    /**
     * @param answer a token or a failure, which the callee owns from now on
     */
    void answered(Answer answer);
  }

  /** The place that a waiter takes while it waits for a token. */
  @FunctionalInterface
  interface Place {
    /**
     * Stops waiting. Another thread might be calling the waiter at the same time, so the waiter
     * might still be called once. This method can be called repeatedly.
     */
    void leave();
  }
}
