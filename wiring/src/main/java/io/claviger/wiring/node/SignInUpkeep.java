package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.identity.SignInFeature;
import io.claviger.wiring.NodeContext;
import java.time.Duration;

/**
 * The periodic task that asks the identity provider about the people who are due. It has a thread
 * of its own, because the provider may take its time.
 */
final class SignInUpkeep {
  private static final long ASK_MILLIS = 15_000;
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final NodeContext context;
  private final PeriodicTask asking;
  private volatile boolean ending;

  private SignInUpkeep(NodeContext context) {
    this.context = context;
    this.asking =
        PeriodicTask.start("upkeep-identities", context.get(TaskRecords.class), this::ask);
  }

  static SignInUpkeep start(NodeContext context) {
    return new SignInUpkeep(context);
  }

  /** Asks the task to stop. A question to the identity provider may still wait for its answer. */
  void stop() {
    ending = true;
    asking.askToStop();
    boolean unused = asking.join(MOST_FOR_THE_END);
  }

  private long ask() {
    if (!ending) {
      int unused =
          context.all(SignInFeature.class).stream()
              .mapToInt(one -> one.refresh().refreshDue())
              .sum();
    }
    return ASK_MILLIS;
  }
}
