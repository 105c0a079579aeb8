package io.claviger.application.requests;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Asking for more of a service, and what becomes of that. */
class BorrowRequestsTest {
  private static final RequestedTerms WRITER = RequestedTerms.of(Role.WRITER);

  private final Wiring w = new Wiring();
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final User carol = w.user("carol");
  private final Instance x = w.stored(AnInstance.of(alice, "x").build());

  private Outcome<BorrowRequest> ask(User asker, RequestedTerms terms) {
    return w.borrowRequests.ask(w.as(asker), x.ref(), new Wish(terms, Optional.empty()));
  }

  private void lend(User user, Role role) {
    Share unused = w.stored(x, AShare.with(user).role(role).givenBy(alice).build());
  }

  private Share share(User user) {
    return w.claviger.shares().find(x.id(), user.id()).orElseThrow();
  }

  @Test
  void a_request_that_is_granted_changes_the_share_and_is_recorded() {
    lend(bob, Role.READER);
    BorrowRequest asked = ask(bob, WRITER).orThrow();
    w.forget();

    var granted =
        w.borrowRequests
            .grant(w.as(alice), asked.id(), BorrowRequests.RequestGrant.AS_ASKED)
            .orThrow();

    assertThat(granted.request().state()).isEqualTo(RequestState.GRANTED);
    assertThat(share(bob)).isEqualTo(granted.share());
    assertThat(share(bob).terms().role()).isEqualTo(Role.WRITER);
    assertThat(w.recorded())
        .anySatisfy(line -> assertThat(line).contains("service.share"))
        .anySatisfy(line -> assertThat(line).contains("request.grant"));
  }

  @Test
  void a_request_whose_end_has_passed_takes_away_nothing() {
    lend(bob, Role.READER);
    Instant end = w.claviger.clock().instant().plusSeconds(60);
    BorrowRequest asked =
        ask(
                bob,
                new RequestedTerms(
                    Optional.of(Role.WRITER),
                    Set.of(),
                    Set.of(),
                    Optional.empty(),
                    Optional.of(end)))
            .orThrow();
    Share.Terms shown = w.borrowRequests.proposal(w.as(alice), asked.id()).orThrow().terms();
    w.claviger.clock().advance(Duration.ofSeconds(60));

    for (RequestGrant grant : List.of(RequestGrant.AS_ASKED, RequestGrant.on(shown))) {
      assertThat(because(w.borrowRequests.grant(w.as(alice), asked.id(), grant)))
          .isEqualTo("end_passed");
    }

    assertThat(share(bob).terms()).isEqualTo(Share.Terms.reader());
    assertThat(w.borrowRequests.find(w.as(bob), asked.id()).orThrow().state())
        .isEqualTo(RequestState.OPEN);
    assertThat(
            w.borrowRequests
                .grant(w.as(alice), asked.id(), RequestGrant.on(Share.Terms.writer()))
                .orThrow()
                .request()
                .state())
        .isEqualTo(RequestState.GRANTED);
  }

  @Test
  void another_share_can_be_given_instead() {
    lend(bob, Role.READER);
    BorrowRequest asked = ask(bob, WRITER).orThrow();
    Share.Terms other =
        new Share.Terms(
            Role.READER,
            false,
            Optional.empty(),
            new Limits(
                Optional.of(5), Optional.of(Set.of(new ModelPattern("m"))), Optional.empty()));

    assertThat(
            w.borrowRequests
                .grant(w.as(alice), asked.id(), BorrowRequests.RequestGrant.on(other))
                .orThrow()
                .share()
                .terms())
        .isEqualTo(other);
  }

  @Test
  void a_request_ends_as_granted_when_its_asker_gets_the_same_in_another_way() {
    lend(bob, Role.READER);
    lend(carol, Role.READER);
    BorrowRequest writer = ask(bob, WRITER).orThrow();
    BorrowRequest owner = ask(bob, RequestedTerms.of(Role.OWNER)).orThrow();
    BorrowRequest other = ask(carol, WRITER).orThrow();
    w.forget();

    GivenShare unused =
        w.sharing
            .share(
                w.as(alice),
                x.ref(),
                GranteeName.user(bob.handle()),
                Precondition.NONE,
                Share.Terms.writer())
            .orThrow();

    BorrowRequest ended = w.borrowRequests.find(w.as(bob), writer.id()).orThrow();
    assertThat(ended.state()).isEqualTo(RequestState.GRANTED);
    assertThat(ended.endedBy()).contains(alice.handle());
    assertThat(w.recorded()).anySatisfy(line -> assertThat(line).contains("request.grant"));
    assertThat(w.borrowRequests.find(w.as(bob), owner.id()).orThrow().state())
        .isEqualTo(RequestState.OPEN);
    assertThat(w.borrowRequests.find(w.as(carol), other.id()).orThrow().state())
        .isEqualTo(RequestState.OPEN);
  }

  @Test
  void who_does_not_see_the_service_can_not_ask() {
    assertThat(because(ask(bob, WRITER))).isEqualTo("not_found");
    Share unused =
        w.stored(
            x,
            AShare.with(carol)
                .expiresAt(w.claviger.clock().instant().minusSeconds(1))
                .givenBy(alice)
                .build());
    assertThat(because(ask(carol, WRITER))).isEqualTo("not_found");
  }

  @Test
  void what_nobody_could_lend_is_invalid() {
    lend(bob, Role.WRITER);
    assertThat(because(ask(alice, WRITER))).isEqualTo(" not_shareable");
    assertThat(because(ask(bob, WRITER))).isEqualTo(" nothing_missing");
    RequestedTerms past =
        new RequestedTerms(
            Optional.empty(),
            Set.of(),
            Set.of(),
            Optional.empty(),
            Optional.of(w.claviger.clock().instant()));
    assertThat(because(ask(bob, past))).isEqualTo("/until invalid_value");
  }

  @Test
  void a_token_of_scope_use_asks_for_nothing() {
    lend(bob, Role.READER);
    assertThat(
            because(
                w.borrowRequests.ask(w.using(bob), x.ref(), new Wish(WRITER, Optional.empty()))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_muted_asker_is_told_so_and_open_requests_stay() {
    lend(bob, Role.READER);
    BorrowRequest open = ask(bob, WRITER).orThrow();
    MutedAskers muted = new MutedAskers(false, Set.of(new Handle("bob")));
    assertThat(w.borrowRequests.mute(w.as(alice), alice.handle(), muted).orThrow())
        .isEqualTo(muted);

    assertThat(because(ask(bob, RequestedTerms.of(Role.OWNER)))).isEqualTo("requests_muted");
    assertThat(w.borrowRequests.find(w.as(alice), open.id()).orThrow().state())
        .isEqualTo(RequestState.OPEN);
    assertThat(because(w.borrowRequests.mute(w.as(bob), alice.handle(), muted)))
        .isEqualTo("not_found");
  }

  /**
   * If others could be muted, anybody could find out which users exist, and the audit trail would
   * not name the guesses.
   */
  @Test
  void only_people_whom_the_owner_sees_or_who_asked_are_muted() {
    MutedAskers unseen = new MutedAskers(false, Set.of(bob.handle()));
    MutedAskers nobody = new MutedAskers(false, Set.of(new Handle("nobody")));
    assertThat(w.borrowRequests.mute(w.as(alice), alice.handle(), unseen))
        .isEqualTo(w.borrowRequests.mute(w.as(alice), alice.handle(), nobody))
        .isInstanceOf(Outcome.Refused.class);

    lend(bob, Role.READER);
    assertThat(w.borrowRequests.mute(w.as(alice), alice.handle(), unseen).orThrow())
        .isEqualTo(unseen);
    Set<Handle> both = Set.of(bob.handle(), carol.handle());
    assertThat(
            because(
                w.borrowRequests.mute(w.as(alice), alice.handle(), new MutedAskers(false, both))))
        .isEqualTo("/users unknown_reference");
    lend(carol, Role.READER);
    assertThat(
            w.borrowRequests
                .mute(w.as(alice), alice.handle(), new MutedAskers(false, both))
                .orThrow()
                .users())
        .isEqualTo(both);
  }

  @Test
  void a_co_owner_grants_within_the_bounds_of_their_own_share() {
    lend(bob, Role.READER);
    lend(carol, Role.OWNER);
    BorrowRequest writer = ask(bob, WRITER).orThrow();
    BorrowRequest owner = ask(bob, RequestedTerms.of(Role.OWNER)).orThrow();

    assertThat(
            because(
                w.borrowRequests.grant(
                    w.as(carol), owner.id(), BorrowRequests.RequestGrant.AS_ASKED)))
        .isEqualTo("forbidden");
    assertThat(w.borrowRequests.find(w.as(bob), owner.id()).orThrow().state())
        .isEqualTo(RequestState.OPEN);
    Share given =
        w.borrowRequests
            .grant(w.as(carol), writer.id(), BorrowRequests.RequestGrant.AS_ASKED)
            .orThrow()
            .share();
    assertThat(given.givenVia()).contains(carol.id());
  }

  @Test
  void asking_and_withdrawing_again_and_again_ends_for_the_day() {
    Limits limits =
        new Limits(Optional.empty(), Optional.of(Set.of(new ModelPattern("m"))), Optional.empty());
    Share unused = w.stored(x, AShare.with(bob).limits(limits).givenBy(alice).build());
    for (int n = 0; n < BorrowRequest.MOST_A_DAY; n++) {
      BorrowRequest asked = ask(bob, RequestedTerms.of(new ModelPattern("m" + n))).orThrow();
      assertThat(w.borrowRequests.withdraw(w.as(bob), asked.id()).orThrow()).isEqualTo(asked.id());
    }

    assertThat(because(ask(bob, WRITER))).isEqualTo("too_many_requests");
    w.claviger.clock().advance(Duration.ofDays(1));
    assertThat(ask(bob, WRITER)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_link_leads_to_what_was_missing_for_who_sees_the_service() {
    lend(bob, Role.READER);
    RequestReferences references = new RequestReferences(new InMemoryLinkCipher());
    String link = references.write(new MissingTerms(x.id(), WRITER));

    assertThat(w.borrowRequests.linked(w.as(bob), link).orThrow())
        .isEqualTo(new BorrowRequests.Linked(x.ref(), WRITER));
    assertThat(because(w.borrowRequests.linked(w.as(carol), link))).isEqualTo("not_found");
    assertThat(because(w.borrowRequests.linked(w.as(bob), "forged"))).isEqualTo("not_found");
  }

  @Test
  void requests_that_nobody_answers_are_forgotten() {
    lend(bob, Role.READER);
    BorrowRequest asked = ask(bob, WRITER).orThrow();
    w.claviger.clock().advance(BorrowRequest.SHOWN_FOR.plus(Duration.ofSeconds(1)));

    assertThat(w.borrowRequests.removeOld()).isEqualTo(1);
    assertThat(because(w.borrowRequests.find(w.as(bob), asked.id()))).isEqualTo("not_found");
  }
}
