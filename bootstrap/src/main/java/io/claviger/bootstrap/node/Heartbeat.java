package io.claviger.bootstrap.node;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.wiring.KeyringSentence;
import io.claviger.bootstrap.wiring.NodeContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again and again that this node lives and which encryption keys it holds. Where these are not
 * right any more, since a rotation took place while it was not heard of, it forgets what it
 * remembers: each call is decided on what stands in the database, and refused where it takes a key
 * that is not here.
 */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** Several within the bound after which a node does not count as live. */
  private static final long BEAT_MILLIS = 3_000;

  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final KeyringAdmission keyring;
  private final AuthorizationCache memory;
  private final PeriodicTask beating;
  private boolean right = true;

  private Heartbeat(KeyringAdmission keyring, AuthorizationCache memory) {
    this.keyring = keyring;
    this.memory = memory;
    this.beating = PeriodicTask.start("heartbeat", this::beat);
  }

  /** Of a node that was admitted. */
  static Heartbeat start(NodeContext context) {
    return new Heartbeat(context.keyringAdmission(), context.memory());
  }

  /** From here on this node counts no more. */
  void stop() {
    beating.askToStop();
    if (!beating.join(MOST_FOR_THE_END)) {
      return;
    }
    try {
      boolean unused = keyring.unregister();
    } catch (StoreUnavailable e) {
      LOG.info("the database does not answer; this node counts as live for a moment longer");
    }
  }

  private long beat() {
    KeyringAdmission.AdmissionOutcome outcome = keyring.heartbeat();
    boolean rightNow = outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted;
    if (!rightNow) {
      memory.forgetEverything();
    }
    if (right && !rightNow) {
      LOG.error(
          "{}; calls that take them are refused until a restart", KeyringSentence.of(outcome));
    }
    right = rightNow;
    return BEAT_MILLIS;
  }
}
