package io.claviger.wiring.node;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.upkeep.Upkeep;
import io.claviger.wiring.upkeep.UpkeepThreads;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports every few seconds that this node is live and which encryption keys it holds. If a
 * rotation took place while the node could not report, its keys may no longer be valid. The node
 * then clears its cache, so that each call is decided by the database, and is refused if it needs
 * an encryption key that this node lacks.
 */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** The interval: several times shorter than the time after which a node is not live. */
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final KeyringAdmission keyring;
  private final AuthorizationCache cache;
  private final UpkeepThreads beating;
  private boolean right = true;

  private Heartbeat(KeyringAdmission keyring, AuthorizationCache cache, TaskRecords records) {
    this.keyring = keyring;
    this.cache = cache;
    this.beating = UpkeepThreads.start(List.of(Upkeep.of("heartbeat", this::beat)), records);
  }

  /** Starts the heartbeat of a node whose keyring was admitted. */
  static Heartbeat start(NodeContext context) {
    return new Heartbeat(
        context.get(KeyringAdmission.class),
        context.get(AuthorizationCache.class),
        context.get(TaskRecords.class));
  }

  /** Stops the heartbeat. The node no longer counts as live. */
  void stop() {
    if (!beating.stop(MOST_FOR_THE_END)) {
      return;
    }
    try {
      boolean unused = keyring.unregister();
    } catch (StoreUnavailable e) {
      LOG.info("the database does not answer; this node counts as live for a few seconds longer");
    }
  }

  private Duration beat() {
    KeyringAdmission.AdmissionOutcome outcome = keyring.heartbeat();
    boolean rightNow = outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted;
    if (!rightNow) {
      cache.forgetEverything();
    }
    if (right && !rightNow) {
      LOG.error(
          "{}; calls that need them are refused until a restart", KeyringSentence.of(outcome));
    }
    right = rightNow;
    return PAUSE;
  }
}
