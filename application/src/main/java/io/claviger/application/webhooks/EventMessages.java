package io.claviger.application.webhooks;

import io.claviger.application.shared.port.AuditTrail;
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

  @Override
  public void recordAll(List<AuditEvent> all) {
    List<AuditEvent> told = all.stream().filter(EventMessages::concernsPeople).toList();
    if (told.isEmpty()) {
      trail.recordAll(all);
      return;
    }
    boolean unused =
        transactions.inTransaction(
            () -> {
              trail.recordAll(all);
              told.forEach(this::tell);
              return true;
            });
  }

  private static boolean concernsPeople(AuditEvent event) {
    boolean done = event.outcome() == AuditOutcome.DONE && event.target().id().isPresent();
    return switch (event.action()) {
      case AuditAction.REQUEST_ASK, AuditAction.REQUEST_GRANT, AuditAction.TRANSFER_OFFER -> done;
      case AuditAction.USER_CREATE, AuditAction.USER_UPDATE ->
          done && event.fields().contains("administrator");
      case AuditAction.TOKEN_LEAKED -> done && event.target().owner().isPresent();
      case AuditAction.SCIM_TOKEN_DELETE -> done && event.fields().contains(ScimToken.LEAKED);
      case AuditAction.TOKEN_BOUND -> event.target().owner().isPresent();
      default -> false;
    };
  }

  private void tell(AuditEvent event) {
    UUID id = event.target().id().orElseThrow();
    String ref = event.target().ref();
    Fact by = new Fact("by", event.actorHandle().map(Handle::value).orElse("the installation"));
    switch (event.action()) {
      case AuditAction.REQUEST_ASK ->
          write(
              event,
              new Notice(
                  EventType.REQUEST_CREATED,
                  List.of(new Fact("service", ref), by),
                  "/console/requests"),
              new Parties(
                  event.target().owner(),
                  Optional.empty(),
                  events.holdersOfRequested(id, event.at())));
      case AuditAction.REQUEST_GRANT ->
          write(
              event,
              new Notice(
                  EventType.REQUEST_GRANTED,
                  List.of(new Fact("service", ref), by),
                  "/console/services/" + ref),
              concerned(events.asker(id)));
      case AuditAction.TRANSFER_OFFER ->
          write(
              event,
              new Notice(
                  EventType.TRANSFER_OFFERED,
                  List.of(by, new Fact("offered", String.join(", ", event.fields()))),
                  "/console/transfers/" + id),
              concerned(events.receiver(id)));
      case AuditAction.USER_CREATE, AuditAction.USER_UPDATE -> {
        boolean administrator = events.isAdministrator(new User.Id(id));
        if (administrator || event.action() == AuditAction.USER_UPDATE) {
          write(
              event,
              new Notice(
                  EventType.ADMINISTRATOR_CHANGED,
                  List.of(
                      new Fact("user", ref),
                      new Fact("administrator", Boolean.toString(administrator)),
                      by),
                  "/console/people/" + ref),
              Parties.concerned(new User.Id(id)));
        }
      }
      case AuditAction.TOKEN_LEAKED ->
          write(
              event,
              new Notice(
                  EventType.TOKEN_LEAKED,
                  List.of(
                      new Fact("user", ref),
                      new Fact("token", event.fields().stream().findFirst().orElse(""))),
                  "/console/account"),
              ofToken(event));
      case AuditAction.SCIM_TOKEN_DELETE ->
          write(
              event,
              new Notice(
                  EventType.TOKEN_LEAKED,
                  List.of(
                      new Fact("user", Handle.SYSTEM.value()), new Fact("token", id.toString())),
                  "/console/audit?action=scim_token.delete"),
              Parties.owner(User.Id.SYSTEM));
      case AuditAction.TOKEN_BOUND ->
          write(
              event,
              new Notice(
                  EventType.TOKEN_BOUND,
                  List.of(
                      new Fact("user", ref),
                      new Fact("token", event.token().map(t -> t.value().toString()).orElse("")),
                      new Fact("from", event.address()),
                      new Fact("attempts", Integer.toString(event.count()))),
                  "/console/account"),
              ofToken(event));
      default -> throw new IllegalArgumentException(event.action().wireName());
    }
  }

  private Parties ofToken(AuditEvent event) {
    Optional<User.Id> user = event.target().owner();
    return new Parties(
        user, Optional.empty(), List.of(), user.map(events::responsible).orElse(List.of()));
  }

  private static Parties concerned(Optional<User.Id> whom) {
    return new Parties(Optional.empty(), whom.map(GranteeId.class::cast), List.of());
  }

  private void write(AuditEvent event, Notice notice, Parties parties) {
    events.write(notice, EventReceivers.of(notice.type(), parties), event.at());
  }
}
