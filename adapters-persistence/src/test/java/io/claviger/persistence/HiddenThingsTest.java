package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.transfers.Transfer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A thing that an actor can't see gets the same answer as a thing that does not exist. The same
 * statements run, and none of them finds the hidden thing.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class HiddenThingsTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final PostgresPorts RECORDED = PORTS.through(STATEMENTS);
  private static final RacingUseCases USE = new RacingUseCases(RECORDED);
  private static final Transferring T = new Transferring(RECORDED, USE);

  private static final UUID NONE = new UUID(7, 7);
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  private User root;
  private User alice;
  private User reader;
  private User former;
  private User stranger;
  private Instance service;
  private Instance other;
  private Project project;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = PORTS.stored(AUser.called("root").administrator().build());
    alice = PORTS.stored(AUser.called("alice").build());
    reader = PORTS.stored(AUser.called("reader").build());
    former = PORTS.stored(AUser.called("former").build());
    stranger = PORTS.stored(AUser.called("stranger").build());
    service = PORTS.stored(AnInstance.of(alice, "x").build());
    other = PORTS.stored(AnInstance.of(alice, "other").build());
    share(AShare.with(reader));
    share(AShare.with(former).expiresAt(LONG_AGO));
    project = AProject.of(alice, "x").using(service).build();
    PORTS.projects().insert(project);
    PORTS
        .projectShares()
        .insert(project.id(), AShare.with(reader).givenBy(alice).build(), alice.id());
  }

  @Test
  void services_are_hidden_without_a_share_and_outside_of_a_restriction() {
    for (Actor actor :
        List.of(
            as(stranger),
            as(former),
            with(AToken.of(alice).onlyFor(other).build(), alice),
            with(AToken.of(reader).onlyFor(project).build(), reader))) {
      assertThat(PORTS.instances().find(service.ref(), actor.sight(), Instant.now())).isEmpty();
      assertSame(actor, "alice/x", "alice/none", services());
    }
    for (Actor actor :
        List.of(
            as(root),
            as(alice),
            as(reader),
            with(AToken.of(alice).onlyFor(service).build(), alice))) {
      assertThat(PORTS.instances().find(service.ref(), actor.sight(), Instant.now())).isPresent();
    }
  }

  private static List<BiFunction<Actor, String, Outcome<?>>> services() {
    Precondition none = Precondition.NONE;
    return List.of(
        (actor, ref) -> USE.instances.find(actor, Instance.Ref.of(ref)),
        (actor, ref) -> USE.instances.delete(actor, Instance.Ref.of(ref), none),
        (actor, ref) -> USE.sharing.list(actor, Instance.Ref.of(ref), first()),
        (actor, ref) ->
            USE.sharing.end(actor, Instance.Ref.of(ref), GranteeName.of("reader"), none),
        (actor, ref) -> USE.userKeys.find(actor, Instance.Ref.of(ref)),
        (actor, ref) -> USE.userKeys.delete(actor, Instance.Ref.of(ref)),
        (actor, ref) ->
            USE.borrowRequests.ask(
                actor,
                Instance.Ref.of(ref),
                new Wish(RequestedTerms.of(Role.READER), Optional.empty())));
  }

  @Test
  void who_had_a_share_may_still_end_it_and_others_learn_nothing() {
    assertSame(
        as(stranger),
        "alice/x",
        "alice/none",
        List.of(
            (actor, ref) ->
                USE.sharing.end(
                    actor, Instance.Ref.of(ref), GranteeName.of("stranger"), Precondition.NONE)));
    assertThat(
            USE.sharing.end(as(former), service.ref(), GranteeName.of("former"), Precondition.NONE))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void projects_are_hidden_from_who_is_no_member_and_outside_of_a_restriction() {
    for (Actor actor :
        List.of(
            as(stranger),
            with(AToken.of(alice).onlyFor(service).build(), alice),
            with(AToken.of(reader).onlyFor(service).build(), reader))) {
      assertThat(PORTS.projects().find(project.ref(), actor.sight())).isEmpty();
      assertSame(
          actor,
          "alice/x",
          "alice/none",
          List.of(
              (a, ref) -> USE.projects.find(a, Project.Ref.of(ref)),
              (a, ref) -> USE.projects.delete(a, Project.Ref.of(ref), Precondition.NONE),
              (a, ref) -> USE.projects.listShares(a, Project.Ref.of(ref), first()),
              (a, ref) ->
                  USE.projects.endShare(
                      a, Project.Ref.of(ref), GranteeName.of("reader"), Precondition.NONE)));
    }
    for (Actor actor :
        List.of(
            as(root),
            as(alice),
            as(reader),
            with(AToken.of(reader).onlyFor(project).build(), reader))) {
      assertThat(PORTS.projects().find(project.ref(), actor.sight())).isPresent();
    }
  }

  @Test
  void requests_are_hidden_from_who_neither_asked_nor_may_share_the_service() {
    User owner = PORTS.stored(AUser.called("owner").build());
    share(AShare.with(owner).role(Role.OWNER));
    BorrowRequest request =
        ARequest.of(former, service).asking(RequestedTerms.of(Role.READER)).build();
    assertThat(PORTS.borrowRequests().insert(request)).isTrue();
    String id = request.id().value().toString();
    for (User user : List.of(stranger, reader)) {
      assertSame(
          as(user),
          id,
          NONE.toString(),
          List.of(
              (a, text) -> USE.borrowRequests.find(a, request(text)),
              (a, text) -> USE.borrowRequests.proposal(a, request(text)),
              (a, text) -> USE.borrowRequests.grant(a, request(text), RequestGrant.AS_ASKED),
              (a, text) -> USE.borrowRequests.decline(a, request(text)),
              (a, text) -> USE.borrowRequests.withdraw(a, request(text))));
    }
    for (User user : List.of(root, alice, owner, former)) {
      assertThat(USE.borrowRequests.find(as(user), request.id())).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void transfers_are_hidden_from_who_neither_gives_nor_receives() {
    Transfer offer = T.offered(alice, reader, List.of("alice/other"));
    assertSame(
        as(stranger),
        offer.id().value().toString(),
        NONE.toString(),
        List.of(
            (a, text) -> T.transfers.find(a, transfer(text)),
            (a, text) -> T.transfers.accept(a, transfer(text), NewHandles.NONE),
            (a, text) -> T.transfers.decline(a, transfer(text)),
            (a, text) -> T.transfers.withdraw(a, transfer(text))));
    for (User user : List.of(root, alice, reader)) {
      assertThat(T.transfers.find(as(user), offer.id())).isInstanceOf(Outcome.Done.class);
    }
  }

  /** Asserts that each operation does the same for a hidden thing and for a missing one. */
  private static void assertSame(
      Actor actor,
      String hidden,
      String missing,
      List<BiFunction<Actor, String, Outcome<?>>> operations) {
    for (BiFunction<Actor, String, Outcome<?>> operation : operations) {
      Attempt ofHidden = attempt(actor, hidden, operation);
      Attempt ofMissing = attempt(actor, missing, operation);
      assertThat(ofHidden).isEqualTo(ofMissing);
    }
  }

  private record Attempt(Refusal refusal, List<String> statements) {}

  private static Attempt attempt(
      Actor actor, String target, BiFunction<Actor, String, Outcome<?>> operation) {
    STATEMENTS.forget();
    Outcome<?> outcome = operation.apply(actor, target);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return new Attempt(
        ((Outcome.Refused<?>) outcome).why(),
        STATEMENTS.all().stream().map(StatementRecorder.RecordedStatement::sql).toList());
  }

  private static Actor as(User user) {
    return RacingUseCases.as(user);
  }

  private static Actor with(AccessToken token, User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.of(token), "192.0.2.1", "r");
  }

  private static BorrowRequest.Id request(String id) {
    return new BorrowRequest.Id(UUID.fromString(id));
  }

  private static Transfer.Id transfer(String id) {
    return new Transfer.Id(UUID.fromString(id));
  }

  private static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), 10);
  }

  private void share(AShare share) {
    PORTS.shares().insert(service.id(), share.givenBy(alice).build(), alice.id());
  }
}
