package io.claviger.architecture.broken.application.things;

import io.claviger.application.shared.Actor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An implementation that is public, and has a framework in it. */
public final class ThingOperations implements Things {
  private static final Logger LOG = LoggerFactory.getLogger(ThingOperations.class);

  @Override
  public void attempt(Actor actor) {
    LOG.debug("done");
  }
}
