package io.claviger.bootstrap.node;

import io.claviger.application.gateway.FactsMemory;
import io.claviger.application.gateway.Permits;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.wiring.NodeContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a serving node does again and again: it learns what was changed, writes down what was used,
 * and gives back permits. A database that is away is asked again; nothing here ends a node.
 */
final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /** Several looks within the bound of what may be remembered, so that one may be slow. */
  private static final long LOOK_MILLIS = 12;

  private static final long IDLE_MILLIS = 100;
  private static final long FLUSH_MILLIS = 400;
  private static final long AFTER_FAULT_MILLIS = 200;
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final FactsMemory memory;
  private final UsageCounter usage;
  private final Permits permits;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread looking;
  private final Thread flushing;

  private Upkeep(FactsMemory memory, UsageCounter usage, Permits permits) {
    this.memory = memory;
    this.usage = usage;
    this.permits = permits;
    this.looking = thread("upkeep-changes", this::look);
    this.flushing = thread("upkeep-usage", this::flush);
  }

  static Upkeep start(NodeContext context) {
    Upkeep upkeep =
        new Upkeep(context.memory(), context.usage().counter(), context.gateway().permits());
    upkeep.looking.start();
    upkeep.flushing.start();
    return upkeep;
  }

  /**
   * After the last call is over: what was used until then is written down, unless the database does
   * not answer.
   */
  void stop() {
    stopped.countDown();
    try {
      if (!flushing.join(MOST_FOR_THE_END) || !looking.join(MOST_FOR_THE_END)) {
        LOG.warn("the database does not answer; what was used last is not written down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long look() {
    if (!memory.isWanted()) {
      return IDLE_MILLIS;
    }
    memory.refresh();
    return LOOK_MILLIS;
  }

  private long flush() {
    usage.flush();
    permits.sweep();
    return FLUSH_MILLIS;
  }

  /** Does something once, and says how many milliseconds later it is due again. */
  @FunctionalInterface
  private interface Turn {
    long take();
  }

  private Thread thread(String name, Turn turn) {
    return Thread.ofPlatform().name(name).daemon().unstarted(() -> repeat(name, turn));
  }

  /** One turn more after the stop: what was used until then is not lost. */
  private void repeat(String name, Turn turn) {
    boolean faulty = false;
    boolean stopping;
    do {
      stopping = stopped.getCount() == 0;
      long pause = AFTER_FAULT_MILLIS;
      try {
        pause = turn.take();
        faulty = false;
      } catch (StoreUnavailable e) {
        if (!faulty) {
          LOG.warn("{}: the database does not answer; trying again", name);
        }
        faulty = true;
      } catch (RuntimeException e) {
        LOG.error("{} failed", name, e);
      }
      if (!stopping) {
        pause(pause);
      }
    } while (!stopping);
  }

  /** Ends early when stopped. */
  private void pause(long millis) {
    try {
      boolean unused = stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
