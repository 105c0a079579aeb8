package io.claviger.persistence.webhooks;

/** Decides whether a webhook accepts another message. */
public final class MessageRoom {
  private static final int MOST_WAITING = 1_000;

  /**
   * The condition that webhook {@code w} has room for another waiting message, and that the
   * webhook's user is not suspended.
   */
  public static final String CONDITION =
      """
      (select count(*) from webhook_messages m where m.webhook_id = w.id) < %s
        and not exists (
          select from users u where u.id = w.user_id and u.suspended_at is not null)
      """
          .formatted(MOST_WAITING);

  private MessageRoom() {}
}
