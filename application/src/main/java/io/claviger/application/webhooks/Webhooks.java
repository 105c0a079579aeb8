package io.claviger.application.webhooks;

import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.webhooks.port.WebhookDestinations;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.util.Optional;

/**
 * The webhooks of users, at most one for each. Users have theirs, and administrators anybody's. The
 * webhook of {@code _system} gets the messages about budgets that administrators give.
 *
 * <p>Everything here is refused as {@code not_found} to others, and as {@code forbidden} to tokens
 * of scope use.
 */
public interface Webhooks {
  static Webhooks of(
      UserStore users,
      WebhookStore webhooks,
      WebhookDestinations destinations,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return new WebhookOperations(users, webhooks, destinations, sealer, random, changes);
  }

  /** Finds the webhook of a user, with how its deliveries go. */
  Outcome<WebhookStore.StoredWebhook> find(Actor actor, Handle user);

  /**
   * Creates the webhook of a user, or replaces it. A new webhook, and a webhook that gets another
   * URL, gets a new secret and a new id. The messages that wait for the former URL are deleted.
   * Whoever sets a URL, only addresses that are permitted to users' services are connected to. A
   * URL with another address is refused as invalid; names are looked up by deliveries alone.
   */
  Outcome<SavedWebhook> save(
      Actor actor, Handle user, Precondition precondition, WebhookUrl url, Thresholds thresholds);

  /**
   * Deletes the webhook of a user, with the messages that wait.
   *
   * @return the user
   */
  Outcome<Handle> delete(Actor actor, Handle user, Precondition precondition);

  /**
   * A webhook after a write.
   *
   * @param created whether there was none before
   * @param secret the new secret, which can't be shown again; empty if the former one still holds
   */
  record SavedWebhook(
      Webhook webhook,
      WebhookStore.Deliveries deliveries,
      boolean created,
      Optional<IssuedSecret> secret) {}
}
