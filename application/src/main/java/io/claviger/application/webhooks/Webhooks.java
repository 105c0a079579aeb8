package io.claviger.application.webhooks;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.webhooks.port.WebhookDestinations;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.util.Optional;

/**
 * The webhooks of users, at most one for each. Users manage their own, administrators anybody's.
 * The webhook of {@code _system} gets the messages about budgets that administrators set.
 *
 * <p>All methods are refused as {@code not_found} to others, and as {@code forbidden} to tokens of
 * scope use.
 */
public interface Webhooks {
  static Webhooks of(
      UserStore users,
      WebhookStore webhooks,
      WebhookDestinations destinations,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return new WebhookUseCases(users, webhooks, destinations, sealer, random, changes);
  }

  /** Finds the webhook of a user, with the state of its deliveries. */
  Outcome<WebhookStore.StoredWebhook> find(Actor actor, Handle user);

  /**
   * Creates the webhook of a user, or replaces it. A new webhook, and a webhook that gets another
   * URL, gets a new secret and a new id. The messages that wait for the former URL are deleted.
   * Whoever sets the URL, Claviger connects only to addresses that are permitted for users'
   * services. A URL with another address is refused as invalid; a name in a URL is looked up only
   * for deliveries.
   */
  Outcome<SavedWebhook> save(
      Actor actor, Handle user, Precondition precondition, WebhookUrl url, Thresholds thresholds);

  /** Deletes the webhook of a user, with its undelivered messages. Returns the user. */
  Outcome<Handle> delete(Actor actor, Handle user, Precondition precondition);

  /**
   * A webhook after a write.
   *
   * @param created whether there was none before
   * @param secret the new secret, which can't be shown again; empty if the former secret is still
   *     valid
   */
  record SavedWebhook(
      Webhook webhook,
      WebhookStore.Deliveries deliveries,
      boolean created,
      Optional<IssuedSecret> secret) {}
}
