package io.claviger.inprocess.node;

import io.claviger.inprocess.wiring.NodeContext;

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
   * @throws io.claviger.operator.StartRefused when the encryption keys don't match the database
   */
  public static NodeCore start(NodeContext context, Runnable retention) {
    try {
      StartupKeyCheck.demand(context.keyringAdmission());
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
}
