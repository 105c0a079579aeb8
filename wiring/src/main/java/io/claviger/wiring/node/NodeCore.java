package io.claviger.wiring.node;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.shared.TransientFailure;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.upkeep.Upkeep;
import io.claviger.wiring.upkeep.UpkeepThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node without its listeners: the node's features, heartbeat and periodic tasks. */
public final class NodeCore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCore.class);
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(15);

  /**
   * The time for which the tasks' final actions are tried again while the database does not answer.
   * An attempt can wait for a connection for up to five seconds.
   */
  private static final Duration RETRYING = Duration.ofSeconds(10);

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
    return start(context, Optional.empty(), () -> Duration.ofHours(1));
  }

  /**
   * Starts a node on a database. The database's schema must already be migrated to the current
   * version.
   *
   * @param context the application; it is closed together with the node, or if the start is refused
   * @param runs how the names of this node's runs begin; if present, the node warns of an earlier
   *     run that ended without stopping
   * @param retention the object that removes usage and audit events after the time for which they
   *     are kept
   * @throws io.claviger.host.StartRefused if the encryption keys do not match the recorded keys in
   *     the database
   */
  public static NodeCore start(NodeContext context, Optional<String> runs, Upkeep.Turn retention) {
    try {
      StartupKeyCheck.demand(context.get(KeyringAdmission.class));
      Heartbeat heartbeat = Heartbeat.start(context, runs);
      List<Upkeep> tasks = new ArrayList<>(context.all(Upkeep.class));
      tasks.add(new Upkeep("upkeep-partitions", "retention", retention, () -> {}, false));
      tasks.replaceAll(heartbeat::withRightKeys);
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

  /**
   * Stores the counted usage, and reports that the node has stopped. Waits at most 20 seconds, even
   * if the calling thread is interrupted. The thread's interrupt status stays set.
   */
  @Override
  public void close() {
    close(RETRYING);
  }

  /** Closes the node like {@link #close()}, without waiting for a database that does not answer. */
  public void closeWithoutDatabase() {
    close(Duration.ZERO);
  }

  private void close(Duration retrying) {
    // An interrupted thread would get no connection from a pool, and would not wait for the tasks.
    boolean interrupted = Thread.interrupted();
    try {
      end(retrying);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end(Duration retrying) {
    if (!upkeep.stop(MOST_FOR_THE_END, retrying)) {
      LOG.warn("tasks have not ended; the most recent usage and refusals might not be stored");
    }
    heartbeat.stop();
    context.close();
  }

  /**
   * Refuses to start if this node's encryption keys do not match the recorded keys in the database.
   */
  private static final class StartupKeyCheck {
    private StartupKeyCheck() {}

    static void demand(KeyringAdmission keyring) {
      KeyringAdmission.AdmissionOutcome outcome = keyring.admit();
      if (!(outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted admitted)) {
        throw new StartRefused(KeyringSentence.of(outcome));
      }
      if (!admitted.lackedBy().isEmpty()) {
        LOG.warn(
            "the nodes {} can't use values that this node seals, because they lack the encryption"
                + " key {}: add a new key last on every node before you put it first on a node",
            String.join(", ", admitted.lackedBy()),
            admitted.sealing());
      }
    }
  }

  /**
   * Every few seconds, reports that this node is live, and which encryption keys it has. If keys
   * were rotated while the node could not report, its keys might be outdated. A node with outdated
   * keys clears its cache, so that the database's content decides each call. A call that needs a
   * missing encryption key is refused. Tasks that open sealed values do nothing, and leave their
   * work to other nodes.
   */
  static final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    /**
     * The interval between two heartbeats. Without heartbeats, a node counts as live for several
     * times this interval.
     */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

    private final KeyringAdmission keyring;
    private final AuthorizationCache cache;
    private final UpkeepThreads beating;
    private final long started = System.nanoTime();
    private volatile boolean right = true;

    /** How the names of this node's runs begin; empty if no earlier run is looked for any more. */
    private Optional<String> runs;

    Heartbeat(
        KeyringAdmission keyring,
        AuthorizationCache cache,
        TaskRecords records,
        Optional<String> runs) {
      this.keyring = keyring;
      this.cache = cache;
      this.runs = runs;
      this.beating = UpkeepThreads.start(List.of(Upkeep.of("heartbeat", this::beat)), records);
    }

    /** Starts the heartbeat of a node whose keyring was admitted. */
    static Heartbeat start(NodeContext context, Optional<String> runs) {
      return new Heartbeat(
          context.get(KeyringAdmission.class),
          context.get(AuthorizationCache.class),
          context.get(TaskRecords.class),
          runs);
    }

    /**
     * Returns the task with a check, so that the task opens sealed values only while this node has
     * the right keys. The check queries the database before each run of the task, because a node
     * that was paused might run the task before its next heartbeat.
     */
    Upkeep withRightKeys(Upkeep task) {
      return task.opensValues()
          ? task.onlyWhile(() -> right && keyring.isStillAdmitted(), PAUSE)
          : task;
    }

    /** Stops the heartbeat. Reports that the node is no longer live. */
    void stop() {
      if (!beating.stop(MOST_FOR_THE_END)) {
        return;
      }
      try {
        boolean unused = keyring.unregister();
      } catch (TransientFailure e) {
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
      if (runs.isPresent() && System.nanoTime() - started > NodeStore.BOUND.toNanos()) {
        keyring.takeBrokenRuns(runs.get()).forEach(Heartbeat::warn);
        runs = Optional.empty();
      }
      return PAUSE;
    }

    private static void warn(NodeStore.NodeStatus run) {
      LOG.warn(
          "an earlier run of this node ({}) ended without stopping: it was last seen {} seconds"
              + " ago. Perhaps it was killed, or had no memory left.",
          run.keys().name(),
          run.ago().toSeconds());
    }
  }
}
