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

/** Finds what people have to be told, and stores it for their webhooks. */
public interface EventStore {
  /**
   * What is told.
   *
   * @param page the path of the page of the console that answers
   */
  record Notice(EventType type, List<Fact> facts, String page) {
    public Notice {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A state of which nobody was told yet.
   *
   * @param concerned whose share or own key it is
   * @param state when the key was set, or when the share ends
   * @param facts in addition to the service
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

  /** A service by which somebody is told of it. */
  record NamedService(Instance.Ref ref, User.Id owner) {}

  /** Whether there is any webhook. */
  boolean hasWebhooks();

  /** Finds who asked for something. */
  Optional<User.Id> asker(UUID request);

  /** Finds to whom a transfer is offered. */
  Optional<User.Id> receiver(UUID transfer);

  /** Finds who is responsible for a service account: a user, or the managers of a group. */
  List<User.Id> responsible(User.Id account);

  boolean isAdministrator(User.Id user);

  Optional<NamedService> service(Instance.Id service);

  /** Lists the users and groups that hold an unexpired share of a service and have a webhook. */
  List<Holder> holders(Instance.Id service, Instant now);

  /** Lists the same of the service that a request is about. */
  List<Holder> holdersOfRequested(UUID request, Instant now);

  /**
   * Lists keys that are rejected, keys of services that were set before a time, and shares that end
   * before a time and were given at least a day ago, of which nobody was told yet.
   *
   * @param most the most of each kind
   */
  List<Sighting> sightings(Instant now, Instant setBefore, Instant endsBefore, int most);

  /**
   * Notes that somebody is told of a state.
   *
   * @param other whose share or own key it is; the service again where it is nobody's
   * @return whether nobody was told of it yet
   */
  boolean mark(EventType type, Instance.Id service, UUID other, Instant state, Instant now);

  /**
   * Writes a message for each webhook of these receivers that selects the event and for which fewer
   * than 1,000 messages wait, in the transaction of the caller; none for a suspended user.
   */
  void write(Notice notice, Set<GranteeId> receivers, Instant now);

  /** Forgets what was told before a time. Returns how much it was. */
  int forget(Instant before);
}
