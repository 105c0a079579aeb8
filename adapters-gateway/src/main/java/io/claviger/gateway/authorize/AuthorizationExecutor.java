package io.claviger.gateway.authorize;

import io.claviger.domain.accounts.AddressBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs questions to the database, each on a thread of its own. Who has no token can ask some too,
 * so they are bounded: in all, and for each caller's addresses. What is waited for no longer counts
 * until it has really ended.
 */
public final class AuthorizationExecutor {
  static final int MOST = 1_024;
  static final int MOST_FROM_ONE_ADDRESS = 256;

  private final Executor threads;
  private final Map<AddressBlock, Integer> underWay = new HashMap<>();
  private int all;

  /**
   * @param threads as many as are wanted
   */
  public AuthorizationExecutor(Executor threads) {
    this.threads = threads;
  }

  /**
   * @param address the caller's
   * @throws RejectedExecutionException when too many are under way, or the gateway is closed
   */
  void ask(String address, Runnable question) {
    AddressBlock block = AddressBlock.of(address);
    take(block);
    try {
      threads.execute(
          () -> {
            try {
              question.run();
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
    int ofBlock = underWay.getOrDefault(block, 0);
    if (all >= MOST || ofBlock >= MOST_FROM_ONE_ADDRESS) {
      throw new RejectedExecutionException("too many calls wait for the database");
    }
    all++;
    underWay.put(block, ofBlock + 1);
  }

  private synchronized void giveBack(AddressBlock block) {
    all--;
    underWay.computeIfPresent(block, (b, count) -> count == 1 ? null : count - 1);
  }
}
