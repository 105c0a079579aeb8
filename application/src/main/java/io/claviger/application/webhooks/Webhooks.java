package io.claviger.application.webhooks;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.webhooks.port.WebhookDestinations;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.util.Optional;

/**
 * The webhooks of users and groups. Each user and each group has at most one webhook. Users manage
 * their own webhooks, managers manage the webhooks of their groups, and administrators manage all
 * webhooks. The webhook of {@code _system} is the installation's webhook.
 *
 * <p>For anybody who may not manage the webhook, the answer is {@code not_found}. Tokens of scope
 * {@code use} are refused with {@code forbidden}.
 */
public interface Webhooks {
  static Webhooks of(
      UserStore users,
      GroupStore groups,
      WebhookStore webhooks,
      CredentialStore credentials,
      WebhookDestinations destinations,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return new WebhookUseCases(
        users, groups, webhooks, credentials, destinations, sealer, random, changes);
  }

  /** Finds the webhook of a user or group, with the state of its deliveries. */
  default Outcome<WebhookStore.StoredWebhook> find(Actor actor, GranteeName receiver) {
    return switch (look(actor, receiver)) {
      case Outcome.Refused<Optional<WebhookStore.StoredWebhook>> refused ->
          Outcome.refused(refused.why());
      case Outcome.Done<Optional<WebhookStore.StoredWebhook>> looked ->
          looked
              .value()
              .map(Outcome::done)
              .orElseGet(() -> Outcome.refused(new Refusal.NotFound()));
    };
  }

  /**
   * Finds a webhook like {@link #find}. If there is no webhook but the actor may create it, the
   * result is empty.
   */
  Outcome<Optional<WebhookStore.StoredWebhook>> look(Actor actor, GranteeName receiver);

  /**
   * Creates a webhook, or replaces the existing webhook. A new webhook gets a secret and an id. If
   * the URL changes, the webhook gets a new secret and a new id, and its waiting messages are
   * deleted. Claviger connects only to addresses that are permitted for users' services, even if an
   * administrator has set the URL. A URL with a forbidden address is invalid. Host names are looked
   * up only when a message is delivered.
   */
  Outcome<SavedWebhook> save(
      Actor actor,
      GranteeName receiver,
      Precondition precondition,
      WebhookUrl url,
      Webhook.Choice choice);

  /**
   * Deletes a webhook, with its undelivered messages. Returns the user or group whose webhook was
   * deleted.
   */
  Outcome<GranteeName> delete(Actor actor, GranteeName receiver, Precondition precondition);

  /**
   * Adds a test message, which is delivered after the messages that are already waiting. While a
   * test message is waiting, no other test message is added. The state of the deliveries shows
   * whether the test message was delivered.
   */
  Outcome<GranteeName> test(Actor actor, GranteeName receiver);

  /**
   * A webhook after a write.
   *
   * @param created whether the receiver had no webhook before
   * @param secret the new secret, which can't be shown again; empty if the secret did not change
   */
  record SavedWebhook(
      Webhook webhook,
      WebhookStore.Deliveries deliveries,
      boolean created,
      Optional<IssuedSecret> secret) {}
}
