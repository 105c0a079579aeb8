package io.claviger.architecture.broken.application.things;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shown to everybody, and with a framework in it. */
public final class ThingService {
  private static final Logger LOG = LoggerFactory.getLogger(ThingService.class);

  public void doThings() {
    LOG.debug("done");
  }
}
