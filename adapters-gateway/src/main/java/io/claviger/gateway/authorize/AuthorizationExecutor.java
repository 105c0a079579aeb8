package io.claviger.gateway.authorize;

import io.claviger.application.shared.LogRate;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs authorizations that have to query the database, each on a separate thread. Even callers
 * without a token cause authorizations. So the number of concurrent authorizations has three
 * limits: one for the whole gateway, one for each caller's address and the IPv6 networks that
 * contain the address, and one for each token. A quarter of the gateway's limit is reserved for
 * addresses that have only a few authorizations running. A task counts against the limits until the
 * task has ended, even if nobody waits for its result any longer.
 */
public final class AuthorizationExecutor {
  static final int MOST = 1_024;

  /**
   * The maximum number of concurrent authorizations for one address. For a /56 network of IPv6
   * addresses, the limit is 1.5 times as high; for a /48 network, it is twice as high. The same
   * factors apply to {@link #MOST_WHEN_CROWDED} and {@link #MOST_AFTER_BAD_TOKENS}.
   */
  static final int MOST_FROM_ONE_ADDRESS = 256;

  /**
   * The maximum number of concurrent authorizations for one address while at least three quarters
   * of the gateway's limit {@link #MOST} are used up.
   */
  static final int MOST_WHEN_CROWDED = 8;

  /**
   * The maximum number of concurrent authorizations for an address that has presented too many
   * invalid tokens in the current minute.
   */
  static final int MOST_AFTER_BAD_TOKENS = 16;

  static final int MOST_OF_ONE_TOKEN = 128;
  private static final int CROWDED = 768;

  private final Executor threads;
  private final Predicate<String> presentsBadTokens;
  private final Map<AddressBlock, Integer> byNetwork = new HashMap<>();
  private final Map<TokenHash, Integer> byToken = new HashMap<>();
  private final LogRate unanswered = new LogRate(Duration.ofMinutes(1));
  private int all;

  /**
   * @param threads the executor that runs each task on a separate thread
   * @param presentsBadTokens a function that says whether an address has presented too many invalid
   *     tokens in the current minute
   */
  public AuthorizationExecutor(Executor threads, Predicate<String> presentsBadTokens) {
    this.threads = threads;
    this.presentsBadTokens = presentsBadTokens;
  }

  /** The networks and the token against whose limits a task counts. */
  private record Origin(List<AddressBlock> networks, @Nullable TokenHash token) {
    static Origin of(String address, @Nullable TokenText presented) {
      List<AddressBlock> networks = AddressBlock.around(address).stream().distinct().toList();
      return new Origin(networks, presented == null ? null : presented.hash());
    }
  }

  /**
   * @param address the caller's address
   * @param presented the token that has yet to be checked; null if the caller's identity is already
   *     known
   * @param authorization the task, which returns an action that runs when the task no longer counts
   *     against the limits. So the action may lead to another task of the same call
   * @throws RejectedExecutionException if too many tasks are running, or if the gateway is closed
   */
  void execute(String address, @Nullable TokenText presented, Supplier<Runnable> authorization) {
    Origin origin = Origin.of(address, presented);
    take(
        origin,
        presented != null && presentsBadTokens.test(address)
            ? MOST_AFTER_BAD_TOKENS
            : MOST_FROM_ONE_ADDRESS);
    try {
      threads.execute(
          () -> {
            Runnable then;
            try {
              then = authorization.get();
            } finally {
              giveBack(origin);
            }
            then.run();
          });
    } catch (Throwable e) {
      giveBack(origin);
      throw e;
    }
  }

  /**
   * Whether to log now that a call is refused because the node got no answer from the database.
   * Returns true at most once a minute.
   */
  boolean logsUnanswered() {
    return unanswered.allows();
  }

  private synchronized void take(Origin origin, int most) {
    if (all >= MOST || !hasRoom(origin, all >= CROWDED ? MOST_WHEN_CROWDED : most)) {
      throw new RejectedExecutionException("too many calls wait for the database");
    }
    all++;
    for (AddressBlock network : origin.networks()) {
      byNetwork.merge(network, 1, Integer::sum);
    }
    if (origin.token() != null) {
      byToken.merge(origin.token(), 1, Integer::sum);
    }
  }

  private boolean hasRoom(Origin origin, int most) {
    for (int level = 0; level < origin.networks().size(); level++) {
      int taken = byNetwork.getOrDefault(origin.networks().get(level), 0);
      if (2 * taken >= (2 + level) * most) {
        return false;
      }
    }
    return origin.token() == null || byToken.getOrDefault(origin.token(), 0) < MOST_OF_ONE_TOKEN;
  }

  private synchronized void giveBack(Origin origin) {
    all--;
    for (AddressBlock network : origin.networks()) {
      byNetwork.computeIfPresent(network, (n, count) -> count == 1 ? null : count - 1);
    }
    if (origin.token() != null) {
      byToken.computeIfPresent(origin.token(), (t, count) -> count == 1 ? null : count - 1);
    }
  }
}
