package io.claviger.application.webhooks.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.EventReceivers.Holder;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Finds states and events to report to users, and stores messages for their webhooks. */
public interface EventStore {
  /**
   * A report for users' webhooks.
   *
   * @param page the path of the console's page where the receiver can act
   */
  record Notice(EventType type, List<Fact> facts, String page) {
    public Notice {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A state that was not reported yet.
   *
   * @param concerned the user or group whose share or user key the state is about; empty if the
   *     state is about the service itself
   * @param state the time that identifies the state: when the key was set, when the share ends, or
   *     the day on which the credential failed
   * @param facts the facts to report in addition to the service
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

  /** A service, with the data by which a report names it. */
  record NamedService(Instance.Ref ref, User.Id owner) {}

  /** Returns whether there is any webhook. */
  boolean hasWebhooks();

  /** Finds the user who made a request to borrow a service. */
  Optional<User.Id> asker(UUID request);

  /** Finds the user to whom a transfer is offered. */
  Optional<User.Id> receiver(UUID transfer);

  /**
   * Finds the users who are responsible for a service account. The responsible users are a single
   * user or the managers of a group.
   */
  List<User.Id> responsible(User.Id account);

  boolean isAdministrator(User.Id user);

  Optional<NamedService> service(Instance.Id service);

  /** Lists the users and groups that have a webhook and an unexpired share of a service. */
  List<Holder> holders(Instance.Id service, Instant now);

  /**
   * Lists the users and groups that have a webhook and an unexpired share of the service that
   * somebody has requested to borrow.
   */
  List<Holder> holdersOfRequested(UUID request, Instant now);

  /**
   * Lists states that were not reported yet. These states are rejected keys, services' keys that
   * were set before {@code setBefore}, and shares that end before {@code endsBefore} and are at
   * least a day old.
   *
   * @param most the maximum number of states of each kind
   */
  List<Sighting> sightings(Instant now, Instant setBefore, Instant endsBefore, int most);

  /**
   * Records that a state was reported.
   *
   * @param other the id of the user or group whose share or user key the state is about; if the
   *     state is about the service itself, the id of the service
   * @return whether the state was not reported before
   */
  boolean mark(EventType type, Instance.Id service, UUID other, Instant state, Instant now);

  /**
   * Writes a message for each of the given receivers' webhooks that selects the event and has fewer
   * than 1,000 waiting messages. Suspended users get no messages. This method runs in the caller's
   * transaction.
   */
  void write(Notice notice, Set<GranteeId> receivers, Instant now);

  /**
   * Deletes the records of states that have ended and were reported longer ago than the given time,
   * by the database's clock. The record of a lasting state, such as an old key, is kept, so that
   * the state is not reported again. Returns the number of deleted records.
   */
  int forget(Duration ago);
}
