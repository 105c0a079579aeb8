package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Arrays;
import java.util.List;

/**
 * The type of the event that a message to a webhook is about, such as {@code request.created}. The
 * stored names of types never change.
 */
public enum EventType implements WireNamed {
  /** Somebody asked to borrow more of a service. */
  REQUEST_CREATED,
  REQUEST_GRANTED,
  TRANSFER_OFFERED,
  /** A provider no longer accepts a stored key. */
  KEY_REJECTED,
  /** The key of a service was set 90 days ago. */
  KEY_OLD,
  /** No token could be minted from a service's credential. */
  CREDENTIAL_FAILED,
  /** A budget was used up to a threshold. */
  BUDGET_CROSSED,
  /** A share ends within a week. */
  SHARE_EXPIRING,
  /** A large part of a provider's bill is unexplained. */
  BILL_DIFFERS,
  /** Somebody became an administrator or stopped being one. */
  ADMINISTRATOR_CHANGED,
  /** A token was revoked because it leaked. */
  TOKEN_LEAKED,
  /** Somebody presented a bound token from a wrong address, or without the right certificate. */
  TOKEN_BOUND,
  /** Somebody tries out a webhook. A webhook can't select this event type. */
  WEBHOOK_TEST;

  /** The event types that a webhook can select, in the order in which they are shown. */
  public static List<EventType> selectable() {
    return Arrays.stream(values()).filter(type -> type != WEBHOOK_TEST).toList();
  }

  /** The name in messages, in JSON and in the database. */
  @Override
  public String wireName() {
    return WireNamed.super.wireName().replace('_', '.');
  }

  /** Finds the type with the given name, or throws {@link InvalidValue}. */
  public static EventType of(String wireName) {
    return WireNamed.find(values(), wireName)
        .orElseThrow(() -> new InvalidValue("events", "a known event, such as key.rejected"));
  }
}
