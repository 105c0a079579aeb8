package io.claviger.application.webhooks;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.webhooks.port.EventStore;
import io.claviger.application.webhooks.port.EventStore.Notice;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.webhooks.EventReceivers;
import io.claviger.domain.webhooks.EventReceivers.Parties;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Records audit events, and writes messages about them for users' webhooks in the same transaction.
 * So a message is stored if and only if its event is recorded.
 */
public final class EventMessages implements AuditTrail {
  private final AuditTrail trail;
  private final EventStore events;
  private final Transactions transactions;

  public EventMessages(AuditTrail trail, EventStore events, Transactions transactions) {
    this.trail = trail;
    this.events = events;
    this.transactions = transactions;
  }

  @Override
  public void record(AuditEvent event) {
    recordAll(List.of(event));
  }

  /** Nobody gets a message about such an event. */
  @Override
  public void recordFrequent(AuditEvent event) {
    trail.recordFrequent(event);
  }

  @Override
  public void recordSums(Ids ids) {
    trail.recordSums(ids);
  }

  @Override
  public void recordAll(List<AuditEvent> all) {
    List<Runnable> messages = all.stream().flatMap(event -> message(event).stream()).toList();
    if (messages.isEmpty()) {
      trail.recordAll(all);
      return;
    }
    boolean unused =
        transactions.inTransaction(
            () -> {
              trail.recordAll(all);
              messages.forEach(Runnable::run);
              return true;
            });
  }

  /**
   * Returns the action that writes the message about an event; empty if nobody gets a message about
   * the event.
   */
  private Optional<Runnable> message(AuditEvent event) {
    boolean done = event.outcome() == AuditOutcome.DONE && event.target().id().isPresent();
    boolean isOwned = event.target().owner().isPresent();
    return switch (event.action()) {
      case AuditAction.REQUEST_ASK -> when(done, () -> requestCreated(event));
      case AuditAction.REQUEST_GRANT -> when(done, () -> requestGranted(event));
      case AuditAction.TRANSFER_OFFER -> when(done, () -> transferOffered(event));
      case AuditAction.USER_CREATE, AuditAction.USER_UPDATE ->
          when(done && event.fields().contains("administrator"), () -> administratorChanged(event));
      case AuditAction.TOKEN_LEAKED -> when(done && isOwned, () -> tokenLeaked(event));
      case AuditAction.SCIM_TOKEN_DELETE ->
          when(done && event.fields().contains(ScimToken.LEAKED), () -> scimTokenLeaked(event));
      case AuditAction.TOKEN_BOUND -> when(isOwned, () -> tokenBound(event));
      default -> Optional.empty();
    };
  }

  private static Optional<Runnable> when(boolean isTold, Runnable message) {
    return isTold ? Optional.of(message) : Optional.empty();
  }

  private void requestCreated(AuditEvent event) {
    write(
        event,
        EventType.REQUEST_CREATED,
        "/console/requests",
        new Parties(
            event.target().owner(),
            Optional.empty(),
            events.holdersOfRequested(id(event), event.at())),
        new Fact("service", event.target().ref()),
        by(event));
  }

  private void requestGranted(AuditEvent event) {
    String service = event.target().ref();
    write(
        event,
        EventType.REQUEST_GRANTED,
        "/console/services/" + service,
        concerned(events.asker(id(event))),
        new Fact("service", service),
        by(event));
  }

  private void transferOffered(AuditEvent event) {
    write(
        event,
        EventType.TRANSFER_OFFERED,
        "/console/transfers/" + id(event),
        concerned(events.receiver(id(event))),
        by(event),
        new Fact("offered", String.join(", ", event.fields())));
  }

  private void administratorChanged(AuditEvent event) {
    User.Id user = new User.Id(id(event));
    boolean administrator = events.isAdministrator(user);
    if (administrator || event.action() == AuditAction.USER_UPDATE) {
      write(
          event,
          EventType.ADMINISTRATOR_CHANGED,
          "/console/people/" + event.target().ref(),
          Parties.concerned(user),
          new Fact("user", event.target().ref()),
          new Fact("administrator", Boolean.toString(administrator)),
          by(event));
    }
  }

  private void tokenLeaked(AuditEvent event) {
    write(
        event,
        EventType.TOKEN_LEAKED,
        "/console/account",
        ofToken(event),
        new Fact("user", event.target().ref()),
        new Fact("token", event.fields().stream().findFirst().orElse("")));
  }

  private void scimTokenLeaked(AuditEvent event) {
    write(
        event,
        EventType.TOKEN_LEAKED,
        "/console/audit?action=scim_token.delete",
        Parties.owner(User.Id.SYSTEM),
        new Fact("user", Handle.SYSTEM.value()),
        new Fact("token", id(event).toString()));
  }

  private void tokenBound(AuditEvent event) {
    write(
        event,
        EventType.TOKEN_BOUND,
        "/console/account",
        ofToken(event),
        new Fact("user", event.target().ref()),
        new Fact("token", event.token().map(t -> t.value().toString()).orElse("")),
        new Fact("from", event.address()),
        new Fact("attempts", Integer.toString(event.count())));
  }

  private static UUID id(AuditEvent event) {
    return event.target().id().orElseThrow();
  }

  private static Fact by(AuditEvent event) {
    return new Fact("by", event.actorHandle().map(Handle::value).orElse("the installation"));
  }

  private Parties ofToken(AuditEvent event) {
    Optional<User.Id> user = event.target().owner();
    return new Parties(
        user, Optional.empty(), List.of(), user.map(events::responsible).orElse(List.of()));
  }

  private static Parties concerned(Optional<User.Id> whom) {
    return new Parties(Optional.empty(), whom.map(GranteeId.class::cast), List.of());
  }

  /**
   * @param path the path of the page about the event
   */
  private void write(
      AuditEvent event, EventType type, String path, Parties parties, Fact... facts) {
    Notice notice = new Notice(type, List.of(facts), path);
    events.write(notice, EventReceivers.of(type, parties), event.at());
  }
}
