package io.claviger.architecture.broken.application.things;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.port.Transactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An implementation that is public, has a framework in it, and begins a transaction for a user. */
public final class ThingOperations implements Things {
  private static final Logger LOG = LoggerFactory.getLogger(ThingOperations.class);

  private final Transactions transactions;

  public ThingOperations(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void attempt(Actor actor) {
    boolean unused = transactions.inTransaction(() -> true);
    LOG.debug("done");
  }
}
