package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.RequestFilter;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * 16 threads make and answer requests to borrow. Their maximum numbers are kept, and each request
 * ends once.
 */
final class RequestRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final BorrowRequests REQUESTS = USE.borrowRequests;

  private final User alice = PORTS.storedFirst(AUser.called("alice").build());
  private final User bob = stored("bob");
  private final Instance x = service("x");

  @BeforeEach
  void begin() {
    lend(x, bob);
  }

  private static User stored(String handle) {
    return PORTS.stored(AUser.called(handle).build());
  }

  private Instance service(String handle) {
    return PORTS.stored(AnInstance.of(alice, handle).build());
  }

  private void lend(Instance service, User user) {
    PORTS.shares().insert(service.id(), AShare.with(user).givenBy(alice).build(), alice.id());
  }

  private static String ask(User asker, Instance service, RequestedTerms terms) {
    return code(
        REQUESTS.ask(RacingUseCases.as(asker), service.ref(), new Wish(terms, Optional.empty())));
  }

  private BorrowRequest open(User asker, RequestedTerms terms) {
    BorrowRequest request = ARequest.of(asker, x).asking(terms).build();
    assertThat(PORTS.borrowRequests().insert(request)).isTrue();
    return request;
  }

  /** The new share does not permit Bob to open his project to everybody, as the former one did. */
  @Test
  void a_grant_waits_for_the_project_that_it_closes_before_it_locks_the_service() {
    int lent =
        PORTS.sql().sql("update shares set may_reshare = true, to_everybody = true").update();
    assertThat(lent).isEqualTo(1);
    PORTS.projects().insert(AProject.of(bob, "open").using(x).openToEverybody().build());
    BorrowRequest request = open(bob, RequestedTerms.of(Role.WRITER));

    assertThat(
            ConcurrentAttempts.behind(
                PORTS,
                "select id from projects where handle = 'open' for update",
                "select id from instances for update nowait",
                () -> grant(request)))
        .isEqualTo(DONE);
  }

  /** A share locks all open requests of its holder, in the order of their ids. */
  @Test
  void the_removal_of_old_requests_waits_for_nobody() {
    BorrowRequest request = open(bob, RequestedTerms.of(Role.WRITER));

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                PORTS,
                () -> assertThat(PORTS.borrowRequests().lock(request.id())).isPresent(),
                () ->
                    assertThat(PORTS.borrowRequests().deleteOlderThan(Duration.ofDays(-9)))
                        .isZero()))
        .isFalse();

    assertThat(PORTS.borrowRequests().deleteOlderThan(Duration.ofDays(-9))).isEqualTo(1);
  }

  @Race.Repeated
  void the_same_is_asked_for_once_a_day() {
    List<String> outcomes = many(n -> ask(bob, x, RequestedTerms.of(Role.WRITER)));

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(outcomes).isSubsetOf(DONE, "already_asked");
  }

  @Race.Repeated
  void one_asker_has_ten_open_requests() {
    List<Instance> services = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      Instance service = service("s-" + n);
      lend(service, bob);
      services.add(service);
    }

    List<String> outcomes = many(n -> ask(bob, services.get(n), RequestedTerms.of(Role.WRITER)));

    assertThat(count(outcomes, DONE)).isEqualTo(BorrowRequest.MOST_OPEN_OF_ASKER);
    assertThat(outcomes).isSubsetOf(DONE, "too_many_requests");
  }

  @Race.Repeated
  void one_owner_has_fifty_open_requests() {
    for (int n = 0; n < 45; n++) {
      BorrowRequest unused = open(stored("before-" + n), RequestedTerms.of(Role.WRITER));
    }
    List<User> askers = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      User asker = stored("asker-" + n);
      lend(x, asker);
      askers.add(asker);
    }

    List<String> outcomes = many(n -> ask(askers.get(n), x, RequestedTerms.of(Role.WRITER)));

    assertThat(count(outcomes, DONE)).isEqualTo(5);
    assertThat(outcomes).isSubsetOf(DONE, "too_many_requests");
  }

  @Race.Repeated
  void a_request_is_granted_or_declined_or_withdrawn() {
    BorrowRequest request = open(bob, RequestedTerms.of(Role.WRITER));

    List<String> outcomes =
        many(
            n ->
                switch (n % 3) {
                  case 0 -> "grant " + grant(request);
                  case 1 ->
                      "decline " + code(REQUESTS.decline(RacingUseCases.as(alice), request.id()));
                  default ->
                      "withdraw " + code(REQUESTS.withdraw(RacingUseCases.as(bob), request.id()));
                });

    assertThat(outcomes.stream().filter(said -> said.endsWith(DONE))).hasSize(1);
    assertThat(outcomes.stream().map(said -> said.replaceAll(".* ", "")))
        .containsOnly(DONE, "not_open");
    boolean granted = outcomes.contains("grant done");
    assertThat(role()).isEqualTo(granted ? Role.WRITER : Role.READER);
    assertThat(PORTS.borrowRequests().find(request.id()).orElseThrow().state())
        .matches(state -> (state == RequestState.GRANTED) == granted);
  }

  /** Whoever comes first, the request ends once, and the other requests of the asker with it. */
  @Race.Repeated
  void grants_and_the_same_share_given_otherwise_leave_no_request_open() {
    BorrowRequest one = open(bob, RequestedTerms.of(Role.WRITER));
    BorrowRequest other = open(bob, RequestedTerms.of(new ModelPattern("m")));

    List<String> outcomes =
        many(
            n ->
                switch (n % 3) {
                  case 0 -> "grant " + grant(one);
                  case 1 -> "grant " + grant(other);
                  default -> "share " + share(bob.handle(), Share.Terms.writer());
                });

    assertThat(outcomes).isSubsetOf("grant done", "grant not_open", "share done");
    assertThat(outcomes).contains("share done");
    assertThat(List.of(one, other)).allSatisfy(each -> assertEnded(each, alice));
    assertThat(role()).isEqualTo(Role.WRITER);
  }

  @Race.Repeated
  void who_asks_while_they_get_it_is_told_so_or_granted() {
    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? "ask " + ask(bob, x, RequestedTerms.of(Role.WRITER))
                    : "share " + share(bob.handle(), Share.Terms.writer()));

    assertThat(outcomes)
        .isSubsetOf("ask done", "ask already_asked", "ask nothing_missing", "share done");
    assertThat(
            REQUESTS
                .list(
                    RacingUseCases.as(bob),
                    RequestFilter.NONE,
                    new PageRequest<>(Optional.empty(), 99))
                .orThrow()
                .items())
        .allSatisfy(each -> assertEnded(each, alice));
  }

  @Race.Repeated
  void a_share_of_a_group_ends_what_its_members_asked_for() {
    User carol = stored("carol");
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    PORTS.groups().putMember(team.id(), member(bob));
    PORTS.groups().putMember(team.id(), member(carol));
    assertThat(PORTS.shares().delete(x.id(), bob.id())).isTrue();
    BorrowRequest ofBob = open(bob, RequestedTerms.of(Role.WRITER));
    BorrowRequest ofCarol = open(carol, RequestedTerms.of(Role.WRITER));
    BorrowRequest more = open(carol, RequestedTerms.of(Role.OWNER));

    List<String> outcomes =
        many(
            n ->
                n % 2 == 0
                    ? "grant " + grant(n % 4 == 0 ? ofBob : ofCarol)
                    : "share "
                        + code(
                            USE.sharing.share(
                                RacingUseCases.as(alice),
                                x.ref(),
                                GranteeName.group(team.handle()),
                                Precondition.NONE,
                                Share.Terms.writer())));

    assertThat(outcomes).isSubsetOf("grant done", "grant not_open", "share done");
    assertThat(List.of(ofBob, ofCarol)).allSatisfy(each -> assertEnded(each, alice));
    assertThat(PORTS.borrowRequests().find(more.id()).orElseThrow().state())
        .isEqualTo(RequestState.OPEN);
  }

  private static GroupMember member(User user) {
    return new GroupMember(user.id(), user.handle(), GroupRole.MEMBER, Instant.now());
  }

  private String share(Handle user, Share.Terms terms) {
    return code(
        USE.sharing.share(
            RacingUseCases.as(alice), x.ref(), GranteeName.user(user), Precondition.NONE, terms));
  }

  private static void assertEnded(BorrowRequest request, User by) {
    BorrowRequest ended = PORTS.borrowRequests().find(request.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(RequestState.GRANTED);
    assertThat(ended.endedBy()).contains(by.handle());
  }

  @Race.Repeated
  void a_grant_and_the_deletion_of_the_service_end_one_after_the_other() {
    BorrowRequest request = open(bob, RequestedTerms.of(new ModelPattern("m")));

    List<String> outcomes =
        oneAgainstMany(
            () ->
                "delete "
                    + code(
                        USE.instances.delete(RacingUseCases.as(alice), x.ref(), Precondition.NONE)),
            n -> grant(request));

    assertThat(outcomes).contains("delete done");
    assertThat(outcomes).isSubsetOf("delete done", DONE, "not_open", "not_found");
    assertThat(PORTS.borrowRequests().find(request.id())).isEmpty();
  }

  private String grant(BorrowRequest request) {
    return code(REQUESTS.grant(RacingUseCases.as(alice), request.id(), RequestGrant.AS_ASKED));
  }

  private Role role() {
    return PORTS.shares().find(x.id(), bob.id()).map(Share::terms).orElseThrow().role();
  }
}
