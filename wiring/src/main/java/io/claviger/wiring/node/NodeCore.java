package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.upkeep.Upkeep;
import io.claviger.wiring.upkeep.UpkeepThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without listeners: its features, its heartbeat and its periodic tasks. */
public final class NodeCore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCore.class);
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(15);

  private final NodeContext context;
  private final Heartbeat heartbeat;
  private final UpkeepThreads upkeep;

  private NodeCore(NodeContext context, Heartbeat heartbeat, UpkeepThreads upkeep) {
    this.context = context;
    this.heartbeat = heartbeat;
    this.upkeep = upkeep;
  }

  /** Starts a node that keeps usage and the audit trail forever. */
  public static NodeCore start(NodeContext context) {
    return start(context, () -> Duration.ofHours(1));
  }

  /**
   * Starts a node on a database whose schema is current.
   *
   * @param context is closed together with the node, and when the start is refused
   * @param retention removes usage and audit events that need not be kept any longer
   * @throws io.claviger.host.StartRefused when the encryption keys don't match the database
   */
  public static NodeCore start(NodeContext context, Upkeep.Turn retention) {
    try {
      StartupKeyCheck.demand(context.get(KeyringAdmission.class));
      Heartbeat heartbeat = Heartbeat.start(context);
      List<Upkeep> tasks = new ArrayList<>(context.all(Upkeep.class));
      tasks.add(new Upkeep("upkeep-partitions", "retention", retention, () -> {}));
      return new NodeCore(
          context, heartbeat, UpkeepThreads.start(tasks, context.get(TaskRecords.class)));
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  public NodeContext context() {
    return context;
  }

  /** Stores what was counted, and reports that the node is gone. Waits 20 seconds at most. */
  @Override
  public void close() {
    if (!upkeep.stop(MOST_FOR_THE_END)) {
      LOG.warn("tasks have not ended; the most recent usage and refusals may not be stored");
    }
    heartbeat.stop();
    context.close();
  }

  /** Refuses to start when this node's encryption keys do not match the database. */
  private static final class StartupKeyCheck {
    private StartupKeyCheck() {}

    static void demand(KeyringAdmission keyring) {
      KeyringAdmission.AdmissionOutcome outcome = keyring.admit();
      if (!(outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted admitted)) {
        throw new StartRefused(KeyringSentence.of(outcome));
      }
      if (!admitted.lackedBy().isEmpty()) {
        LOG.warn(
            "values that this node seals can't be used at {}, which lack the encryption key {}: a"
                + " new key is added last on every node before it is put first",
            String.join(", ", admitted.lackedBy()),
            admitted.sealing());
      }
    }
  }
}
