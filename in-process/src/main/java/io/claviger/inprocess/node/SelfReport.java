package io.claviger.inprocess.node;

import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.inprocess.wiring.NodeContext;
import io.claviger.operator.Build;
import java.time.Duration;

/**
 * Records once a minute the version of this node, and how long it took to learn of changes. The
 * record is itself a change that reaches all nodes as a revocation does, so they have something to
 * measure even if nobody revokes anything. It takes one statement.
 */
final class SelfReport {
  private static final long EACH_MILLIS = 60_000;
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final KeyringAdmission node;
  private final RevocationTimes times;
  private final String version = Build.current().version();
  private final PeriodicTask telling;
  private volatile boolean ending;

  private SelfReport(KeyringAdmission node, RevocationTimes times, TaskRecords records) {
    this.node = node;
    this.times = times;
    this.telling = PeriodicTask.start("self-report", records, this::tell);
  }

  static SelfReport start(NodeContext context) {
    return new SelfReport(
        context.keyringAdmission(), context.revocationTimes(), context.taskRecords());
  }

  void stop() {
    ending = true;
    telling.askToStop();
    boolean unused = telling.join(MOST_FOR_THE_END);
  }

  private long tell() {
    if (!ending) {
      node.tell(new NodeStore.About(version, times.longest()));
    }
    return EACH_MILLIS;
  }
}
