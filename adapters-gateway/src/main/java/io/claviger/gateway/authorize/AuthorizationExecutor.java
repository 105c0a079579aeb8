package io.claviger.gateway.authorize;

import io.claviger.domain.accounts.AddressBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs authorizations that have to ask the database, each on a thread of its own. Even callers
 * without a token cause some, so their number is limited, in all and for each caller's network. A
 * task that nobody waits for any more still counts until it has ended.
 */
public final class AuthorizationExecutor {
  static final int MOST = 1_024;
  static final int MOST_FROM_ONE_ADDRESS = 256;

  private final Executor threads;
  private final Map<AddressBlock, Integer> running = new HashMap<>();
  private int all;

  /**
   * @param threads runs each task on a thread of its own
   */
  public AuthorizationExecutor(Executor threads) {
    this.threads = threads;
  }

  /**
   * @param address the caller's
   * @throws RejectedExecutionException when too many are running, or the gateway is closed
   */
  void execute(String address, Runnable authorization) {
    AddressBlock block = AddressBlock.of(address);
    take(block);
    try {
      threads.execute(
          () -> {
            try {
              authorization.run();
            } finally {
              giveBack(block);
            }
          });
    } catch (Throwable e) {
      giveBack(block);
      throw e;
    }
  }

  private synchronized void take(AddressBlock block) {
    int ofBlock = running.getOrDefault(block, 0);
    if (all >= MOST || ofBlock >= MOST_FROM_ONE_ADDRESS) {
      throw new RejectedExecutionException("too many calls wait for the database");
    }
    all++;
    running.put(block, ofBlock + 1);
  }

  private synchronized void giveBack(AddressBlock block) {
    all--;
    running.computeIfPresent(block, (b, count) -> count == 1 ? null : count - 1);
  }
}
