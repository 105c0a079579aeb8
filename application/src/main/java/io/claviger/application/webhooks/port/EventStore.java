package io.claviger.application.webhooks.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.EventReceivers.Holder;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Finds the states and events to report to people, and stores the messages for their webhooks. */
public interface EventStore {
  /**
   * What is reported.
   *
   * @param page the path of the console's page on which the receiver can react
   */
  record Notice(EventType type, List<Fact> facts, String page) {
    public Notice {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A state that was not reported yet.
   *
   * @param concerned the user or group whose share or own key the state concerns; empty if the
   *     state concerns the service itself
   * @param state when the key was set, when the share ends, or the day on which the credential
   *     failed
   * @param facts the reported facts other than the service
   */
  record Sighting(
      EventType type,
      Instance.Id service,
      Instance.Ref ref,
      User.Id owner,
      Optional<GranteeId> concerned,
      Instant state,
      List<Fact> facts) {
    public Sighting {
      facts = List.copyOf(facts);
    }
  }

  /** The names by which a report refers to a service. */
  record NamedService(Instance.Ref ref, User.Id owner) {}

  /** Returns whether at least one webhook exists. */
  boolean hasWebhooks();

  /** Finds the user who made a request to borrow. */
  Optional<User.Id> asker(UUID request);

  /** Finds the user to whom a transfer is offered. */
  Optional<User.Id> receiver(UUID transfer);

  /**
   * Finds the users who are responsible for a service account: one user, or the managers of a
   * group.
   */
  List<User.Id> responsible(User.Id account);

  boolean isAdministrator(User.Id user);

  Optional<NamedService> service(Instance.Id service);

  /** Lists the users and groups that have a webhook and hold an unexpired share of a service. */
  List<Holder> holders(Instance.Id service, Instant now);

  /**
   * Lists the users and groups that have a webhook and hold an unexpired share of a service. The
   * service is the requested service of a request to borrow.
   */
  List<Holder> holdersOfRequested(UUID request, Instant now);

  /**
   * Lists states that were not reported yet. These states are: rejected keys; services' keys that
   * were set before {@code setBefore}; and shares that end before {@code endsBefore} and were given
   * at least a day ago.
   *
   * @param most the greatest number of states of each kind
   */
  List<Sighting> sightings(Instant now, Instant setBefore, Instant endsBefore, int most);

  /**
   * Records that a state is reported.
   *
   * @param other the id of the user or group to whose share or own key the state applies; if the
   *     state concerns the service itself, the id of the service
   * @return whether the state was not reported before
   */
  boolean mark(EventType type, Instance.Id service, UUID other, Instant state, Instant now);

  /**
   * Writes a message for each webhook of these receivers, if the webhook selects the event and
   * fewer than 1,000 messages wait for it. Suspended users get no messages. This method runs in the
   * transaction of the caller.
   */
  void write(Notice notice, Set<GranteeId> receivers, Instant now);

  /**
   * Deletes the record of the states that were reported before a time and have ended. So a state
   * that lasts, such as that of an old key, is not reported again. Returns how many states were
   * removed.
   */
  int forget(Instant before);
}
