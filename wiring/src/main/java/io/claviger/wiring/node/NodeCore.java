package io.claviger.wiring.node;

import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.host.Build;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.NodeContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without listeners: its features, its heartbeat and its periodic tasks. */
public final class NodeCore implements AutoCloseable {
  private final NodeContext context;
  private final Heartbeat heartbeat;
  private final SelfReport report;
  private final BackgroundTasks upkeep;
  private final SignInUpkeep signIn;
  private final WebhookUpkeep webhooks;
  private final PartitionUpkeep partitions;

  private NodeCore(
      NodeContext context,
      Heartbeat heartbeat,
      SelfReport report,
      BackgroundTasks upkeep,
      SignInUpkeep signIn,
      WebhookUpkeep webhooks,
      PartitionUpkeep partitions) {
    this.context = context;
    this.heartbeat = heartbeat;
    this.report = report;
    this.upkeep = upkeep;
    this.signIn = signIn;
    this.webhooks = webhooks;
    this.partitions = partitions;
  }

  /** Starts a node that keeps usage and the audit trail for ever. */
  public static NodeCore start(NodeContext context) {
    return start(context, () -> {});
  }

  /**
   * Starts a node on a database whose schema is current.
   *
   * @param context is closed together with the node, and when the start is refused
   * @param retention removes usage and audit events that are not to be kept any more; called every
   *     hour
   * @throws io.claviger.host.StartRefused when the encryption keys don't match the database
   */
  public static NodeCore start(NodeContext context, Runnable retention) {
    try {
      StartupKeyCheck.demand(context.get(KeyringAdmission.class));
      return new NodeCore(
          context,
          Heartbeat.start(context),
          SelfReport.start(context),
          BackgroundTasks.start(context),
          SignInUpkeep.start(context),
          WebhookUpkeep.start(context),
          PartitionUpkeep.start(context, retention));
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  public NodeContext context() {
    return context;
  }

  /** Stores what was counted, and reports that the node is gone. Waits 25 seconds at most. */
  @Override
  public void close() {
    partitions.stop();
    webhooks.stop();
    signIn.stop();
    upkeep.stop();
    report.stop();
    heartbeat.stop();
    context.close();
  }

  /** Refuses to start when this node's encryption keys do not match the database. */
  private static final class StartupKeyCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartupKeyCheck.class);

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

  /**
   * Records once a minute the version of this node, and how long it took to learn of changes. The
   * record is itself a change that reaches all nodes as a revocation does, so they have something
   * to measure even if nobody revokes anything. It takes one statement.
   */
  private static final class SelfReport {
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
          context.get(KeyringAdmission.class),
          context.get(RevocationTimes.class),
          context.get(TaskRecords.class));
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
}
