package io.claviger.wiring.node;

import io.claviger.application.health.TaskRecords;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.wiring.NodeContext;
import java.time.Duration;

/**
 * The periodic task that delivers the messages of webhooks. It has a thread of its own, because
 * endpoints may take their time.
 */
final class WebhookUpkeep {
  private static final long PAUSE_MILLIS = 2_000;
  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  /** Leaves time to record the answers. */
  private static final Duration MOST_FOR_ANSWERS = Duration.ofSeconds(3);

  private final WebhookDelivery delivery;
  private final PeriodicTask delivering;
  private volatile boolean ending;

  private WebhookUpkeep(WebhookDelivery delivery, TaskRecords records) {
    this.delivery = delivery;
    this.delivering = PeriodicTask.start("upkeep-webhooks", records, this::deliver);
  }

  static WebhookUpkeep start(NodeContext context) {
    return new WebhookUpkeep(context.get(WebhookDelivery.class), context.get(TaskRecords.class));
  }

  /**
   * Asks the task to stop. A message may still be on its way; where its delivery can't be recorded
   * any more, it is delivered again.
   */
  void stop() {
    ending = true;
    delivering.askToStop();
    boolean unused = delivering.join(MOST_FOR_THE_END);
  }

  private long deliver() {
    while (!ending && delivery.deliverDue() > 0) {
      // More may be due.
    }
    if (ending) {
      delivery.finish(MOST_FOR_ANSWERS);
    }
    return PAUSE_MILLIS;
  }
}
