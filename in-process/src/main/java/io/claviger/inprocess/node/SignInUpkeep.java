package io.claviger.inprocess.node;

import io.claviger.inprocess.wiring.NodeContext;
import java.time.Duration;

/**
 * The periodic tasks for people who sign in. One asks the identity provider about those who are
 * due, the other removes sessions that have ended and sign-ins that nobody finished.
 */
final class SignInUpkeep {
  private static final long ASK_MILLIS = 15_000;
  private static final long CLEAN_MILLIS = 600_000;
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final NodeContext context;
  private final PeriodicTask asking;
  private final PeriodicTask cleaning;
  private volatile boolean ending;

  private SignInUpkeep(NodeContext context) {
    this.context = context;
    this.asking = PeriodicTask.start("upkeep-identities", this::ask);
    this.cleaning = PeriodicTask.start("upkeep-sessions", this::clean);
  }

  static SignInUpkeep start(NodeContext context) {
    return new SignInUpkeep(context);
  }

  /** Asks the tasks to stop. A question to the identity provider may still wait for its answer. */
  void stop() {
    ending = true;
    asking.askToStop();
    cleaning.askToStop();
    boolean unused = cleaning.join(MOST_FOR_THE_END) && asking.join(MOST_FOR_THE_END);
  }

  private long ask() {
    if (!ending) {
      int unused = context.openIdSignIn().map(one -> one.refresh().refreshDue()).orElse(0);
    }
    return ASK_MILLIS;
  }

  private long clean() {
    if (!ending) {
      int unused = context.sessions().removeEnded();
      int unusedToo = context.openIdSignIn().map(one -> one.signIn().removeAbandoned()).orElse(0);
    }
    return CLEAN_MILLIS;
  }
}
