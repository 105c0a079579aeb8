package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link AuditEventStore} promises. */
public abstract class AuditEventsContract extends PortContract {
  private static final UUID THING = new UUID(1, 2);

  private final User alice = AUser.called("alice").build();
  private final User bob = AUser.called("bob").build();

  @Test
  void an_event_is_read_as_it_was_recorded() {
    AuditEvent summed =
        new AuditEvent(
            new UUID(1, 1),
            NOW,
            AuditEvent.Source.unknown("2001:db8::/64", "r-2"),
            AuditAction.TOKEN_REJECTED,
            new AuditTarget("token", none(), "", none()),
            AuditOutcome.REFUSED,
            List.of("a", "b"),
            List.of(),
            57,
            none());
    record(summed);

    assertThat(newest(AuditFilter.NONE)).containsExactly(summed);
  }

  @Test
  void the_newest_come_first_and_of_one_instant_the_greatest_id() {
    AuditEvent old = record(at(0));
    AuditEvent small = record(at(5, 1));
    AuditEvent large = record(at(5, 9));
    AuditEvent between = record(at(3));

    assertThat(newest(AuditFilter.NONE)).containsExactly(large, small, between, old);
  }

  @Test
  void pages_follow_one_another_without_skipping_or_repeating() {
    List<AuditEvent> all = new ArrayList<>();
    for (int n = 0; n < 23; n++) {
      all.add(record(at(n / 4, n)));
    }

    List<AuditEvent> back = new ArrayList<>();
    List<AuditEvent> page = newest(none(), AuditFilter.NONE, none(), 5);
    while (!page.isEmpty()) {
      back.addAll(page);
      page = newest(none(), AuditFilter.NONE, Optional.of(position(page)), 5);
    }

    assertThat(back).isEqualTo(all.reversed());
  }

  /** Old events may have long values. A page of many of them would need much memory. */
  @Test
  void a_page_of_long_events_is_shorter_and_the_next_page_has_the_others() {
    List<AuditEvent> all = new ArrayList<>();
    for (int n = 0; n < 23; n++) {
      all.add(
          record(
              AnEvent.of(AuditAction.SERVICE_SHARE)
                  .at(NOW.plusMillis(n))
                  .showing("x".repeat(n == 20 ? 1_500_000 : 100_000))));
    }
    Actor reader =
        new Actor(alice.id(), alice.handle(), true, Optional.empty(), "192.0.2.1", "request-1");

    List<AuditEvent> back = new ArrayList<>();
    Optional<TimeCursor> after = none();
    boolean more = true;
    while (more) {
      Page<AuditEvent, TimeCursor> page =
          AuditEvents.of(events())
              .list(reader, AuditFilter.NONE, new PageRequest<>(after, 200))
              .orThrow();
      assertThat(page.items()).hasSizeLessThan(11);
      back.addAll(page.items());
      after = page.next();
      more = after.isPresent();
    }

    assertThat(back).isEqualTo(all.reversed());
  }

  @Test
  void an_owner_sees_what_was_theirs() {
    AuditEvent theirs = record(AnEvent.of(AuditAction.SERVICE_SHARE).by(bob).ownedBy(alice));
    AuditEvent others = record(AnEvent.of(AuditAction.SERVICE_SHARE).by(alice).ownedBy(bob));
    AuditEvent nobodys = record(AnEvent.of(AuditAction.TOKEN_REJECTED));

    assertThat(newest(Optional.of(alice.id()), AuditFilter.NONE, none(), 9))
        .containsExactly(theirs);
    assertThat(newest(AuditFilter.NONE)).containsExactlyInAnyOrder(theirs, others, nobodys);
  }

  @Test
  void each_filter_lets_its_own_pass() {
    AuditEvent one =
        record(AnEvent.of(AuditAction.SERVICE_UPDATE).by(alice).about("alice/x").about(THING));
    AuditEvent other = record(AnEvent.of(AuditAction.SERVICE_DELETE).by(bob).about("alice/y"));

    assertThat(newest(filter(Optional.of(alice.handle()), none(), none()))).containsExactly(one);
    assertThat(newest(filter(none(), Optional.of(AuditAction.SERVICE_DELETE), none())))
        .containsExactly(other);
    assertThat(newest(about("alice/y"))).containsExactly(other);
    assertThat(newest(about(THING.toString()))).containsExactly(one);
    assertThat(newest(about("alice/z"))).isEmpty();
    assertThat(newest(about(new UUID(3, 4).toString()))).isEmpty();
  }

  @Test
  void filters_hold_together() {
    AuditEvent both = record(AnEvent.of(AuditAction.SERVICE_UPDATE).by(alice));
    AuditEvent actorOnly = record(AnEvent.of(AuditAction.SERVICE_DELETE).by(alice));
    AuditEvent actionOnly = record(AnEvent.of(AuditAction.SERVICE_UPDATE).by(bob));

    assertThat(
            newest(
                filter(
                    Optional.of(alice.handle()),
                    Optional.of(AuditAction.SERVICE_UPDATE),
                    Optional.of(AuditSubject.of("alice/x")))))
        .containsExactly(both)
        .doesNotContain(actorOnly, actionOnly);
  }

  @Test
  void a_span_begins_with_since_and_ends_before_until() {
    AuditEvent before = record(at(-1));
    AuditEvent first = record(at(0));
    AuditEvent last = record(at(9));
    AuditEvent behind = record(at(10));
    TimeSpan span = new TimeSpan(Optional.of(NOW), Optional.of(NOW.plusMillis(10)));

    assertThat(newest(within(span))).containsExactly(last, first);
    assertThat(newest(within(new TimeSpan(none(), span.since())))).containsExactly(before);
    assertThat(newest(within(new TimeSpan(span.until(), none())))).containsExactly(behind);
  }

  @Test
  void a_span_holds_on_every_page() {
    for (int n = -2; n < 12; n++) {
      AuditEvent unused = record(at(n));
    }
    TimeSpan span = new TimeSpan(Optional.of(NOW), Optional.of(NOW.plusMillis(10)));
    AuditFilter filter = new AuditFilter(none(), none(), none(), span);

    List<AuditEvent> first = newest(none(), filter, none(), 6);
    List<AuditEvent> second = newest(none(), filter, Optional.of(position(first)), 6);

    assertThat(first).hasSize(6);
    assertThat(second).hasSize(4);
  }

  @Test
  void a_position_outside_the_span_does_not_widen_it() {
    AuditEvent unused = record(at(-5));
    AuditEvent within = record(at(5));
    AuditEvent behind = record(at(15));
    TimeSpan span = new TimeSpan(Optional.of(NOW), Optional.of(NOW.plusMillis(10)));

    assertThat(
            newest(
                none(),
                new AuditFilter(none(), none(), none(), span),
                Optional.of(position(List.of(behind))),
                9))
        .containsExactly(within);
  }

  @Test
  void who_is_responsible_for_service_accounts_finds_the_newest_event_of_each() {
    ports.users().insert(alice);
    ports.users().insert(bob);
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    ports
        .groups()
        .putMember(team.id(), new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, NOW));
    User first = AUser.called("a-bot").serviceAccountOf(alice).build();
    User second =
        AUser.called("b-bot")
            .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle()))
            .build();
    User bobs = AUser.called("c-bot").serviceAccountOf(bob).build();
    List.of(first, second, bobs).forEach(ports.users()::insert);
    ports
        .groups()
        .putMember(team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, NOW));
    ports
        .groups()
        .putMember(team.id(), new GroupMember(first.id(), first.handle(), GroupRole.MANAGER, NOW));
    AuditEvent unused = leaked(first, 1);
    AuditEvent newer = leaked(first, 2);
    AuditEvent older = leaked(second, 0);
    AuditEvent others = leaked(bobs, 3);
    AuditEvent own = leaked(alice, 3);
    record(AnEvent.of(AuditAction.TOKEN_BOUND).at(time(4)).about(first.id().value()));

    assertThat(leakedOf(alice, time(0), 9)).containsExactly(newer, older);
    assertThat(leakedOf(alice, time(0), 1)).containsExactly(newer);
    assertThat(leakedOf(alice, time(1), 9)).containsExactly(newer);
    assertThat(leakedOf(bob, time(0), 9)).containsExactly(others).doesNotContain(own);
    assertThat(leakedOf(first, time(0), 9)).as("no person").isEmpty();
  }

  private AuditEvent leaked(User user, int millis) {
    return record(
        AnEvent.of(AuditAction.TOKEN_LEAKED).at(time(millis)).about(user.id().value()).build());
  }

  private List<AuditEvent> leakedOf(User responsible, Instant since, int limit) {
    return events().newestOfAccounts(responsible.id(), AuditAction.TOKEN_LEAKED, since, limit);
  }

  private static AuditFilter within(TimeSpan span) {
    return new AuditFilter(none(), none(), none(), span);
  }

  private AuditEventStore events() {
    return ports.auditEventStore();
  }

  private List<AuditEvent> newest(AuditFilter filter) {
    return newest(none(), filter, none(), 9);
  }

  private List<AuditEvent> newest(
      Optional<User.Id> owner, AuditFilter filter, Optional<TimeCursor> after, int limit) {
    List<AuditEvent> newest = new ArrayList<>();
    events().newest(owner, filter, after, limit, newest::add);
    return newest;
  }

  private AuditEvent record(AnEvent event) {
    return record(event.build());
  }

  private AuditEvent record(AuditEvent event) {
    ports.auditTrail().record(event);
    return event;
  }

  private static AnEvent at(int millis) {
    return AnEvent.of(AuditAction.USER_UPDATE).at(time(millis));
  }

  private static AnEvent at(int millis, int id) {
    return at(millis).id(new UUID(7, id));
  }

  private static Instant time(int millis) {
    return NOW.plusMillis(millis);
  }

  private static TimeCursor position(List<AuditEvent> page) {
    AuditEvent last = page.getLast();
    return new TimeCursor(last.at(), last.id());
  }

  @Test
  void what_was_refused_is_found_by_its_outcome() {
    AuditEvent done = record(at(0));
    AuditEvent refused = record(at(1).refused());

    assertThat(newest(of(AuditOutcome.REFUSED))).containsExactly(refused);
    assertThat(newest(of(AuditOutcome.DONE))).containsExactly(done);
    assertThat(newest(of(AuditOutcome.FAILED))).isEmpty();
  }

  private static AuditFilter of(AuditOutcome outcome) {
    return new AuditFilter(none(), none(), none(), Optional.of(outcome), TimeSpan.ALWAYS);
  }

  private static AuditFilter about(String text) {
    return filter(none(), none(), Optional.of(AuditSubject.of(text)));
  }

  private static AuditFilter filter(
      Optional<Handle> actor, Optional<AuditAction> action, Optional<AuditSubject> target) {
    return new AuditFilter(actor, action, target, TimeSpan.ALWAYS);
  }
}
