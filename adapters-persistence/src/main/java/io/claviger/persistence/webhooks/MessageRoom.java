package io.claviger.persistence.webhooks;

/**
 * Decides whether a webhook accepts another message. The trigger {@code webhook_messages_place}
 * drops a message if 1,000 messages wait for its webhook.
 */
public final class MessageRoom {
  /** The condition that the user of webhook {@code w} is not suspended. */
  public static final String CONDITION =
      """
      not exists (
        select from users u where u.id = w.user_id and u.suspended_at is not null)
      """;

  private MessageRoom() {}
}
