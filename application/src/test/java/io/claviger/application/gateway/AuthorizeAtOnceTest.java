package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that is decided from the cache has the same outcome as with the database. */
class AuthorizeAtOnceTest {
  private static final SecretChange KEEP = new SecretChange.Keep();

  private final Calls c = new Calls();
  private final User carol = c.w.user("carol");
  private final TokenText carols = c.w.stored(AToken.of(carol).build());
  private final Instance service = c.write.withKeyAndHeaders(c.alice, "s");
  private final Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());

  @Test
  void what_is_remembered_is_answered_without_asking_or_writing_anything() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    Asked before = asked();
    c.w.forget();

    for (int n = 0; n < 5; n++) {
      authorized(c.atOnce(c.alices, service)).close();
    }

    assertThat(asked()).isEqualTo(before);
    assertThat(c.w.recorded()).isEmpty();
  }

  @Test
  void the_authorized_call_is_the_one_that_there_would_have_been() {
    c.w.stored(service, AShare.with(c.bob).mayReshare().limits(requests(100)).build());
    c.w.member(project, carol, Role.READER);
    Project bobs = c.w.stored(AProject.of(c.bob, "p").using(service).build());
    c.w.member(bobs, carol, Role.READER);
    for (Case each :
        List.of(
            new Case(c.alices, new CallTarget.Service(service.ref())),
            new Case(c.bobs, new CallTarget.Service(service.ref())),
            new Case(carols, new CallTarget.OfProject(project.ref())),
            new Case(carols, new CallTarget.OfProject(bobs.ref())))) {
      c.refresh();
      try (AuthorizedCall asked =
              Calls.authorized(c.call(each.token(), each.callTarget(), Calls.OPERATION));
          AuthorizedCall atOnce = atOnceInTheEnd(each)) {
        assertThat(shown(atOnce)).isEqualTo(shown(asked));
        assertThat(atOnce.key().map(Calls::text)).contains(Wiring.CANARY);
      }
    }
  }

  @Test
  void what_is_not_remembered_is_left_to_who_may_ask() {
    c.refresh();

    assertThat(c.atOnce(c.alices, service)).isEmpty();
    assertThat(c.atOnce(c.alices, project)).isEmpty();
    assertThat(c.atOnce(TokenText.of(new byte[64]), service)).isEmpty();
    assertThat(asked()).isEqualTo(new Asked(0, 0));
  }

  @Test
  void what_is_no_token_of_ours_is_refused_without_asking() {
    c.refresh();
    TokenText foreign = TokenText.presented("sk-proj-0123456789");
    assertThat(Calls.refusal(c.call(foreign, service))).isEqualTo(CallRefusal.BAD_TOKEN);

    assertThat(c.atOnce(foreign, service).map(Calls::refusal)).contains(CallRefusal.BAD_TOKEN);
    assertThat(asked()).isEqualTo(new Asked(0, 0));
    assertThat(c.w.recorded()).isEmpty();
  }

  @Test
  void what_is_too_old_is_left_to_who_may_ask() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);

    c.w.nanos.advance(AuthorizationCache.BOUND.plusNanos(1));

    assertThat(c.atOnce(c.alices, service)).isEmpty();
  }

  @Test
  void a_token_that_expired_meanwhile_is_left_to_who_may_put_it_on_record() {
    TokenText soon = c.w.stored(AToken.of(c.alice).expiresAt(inFiveSeconds()).build());
    CallAuthorization.AuthorizationOutcome unused = c.remember(soon, service);
    authorized(c.atOnce(soon, service)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(c.atOnce(soon, service)).isEmpty();
    assertThat(Calls.refusal(c.call(soon, service))).isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  @Timeout(60)
  void a_use_that_is_due_to_be_stored_does_not_delay_its_call() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    c.w.claviger.clock().advance(Duration.ofSeconds(59));
    authorized(c.atOnce(c.alices, service)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(1));

    authorized(c.atOnce(c.alices, service)).close();
    while (!lastUse().equals(c.w.claviger.clock().instant())) {
      Thread.onSpinWait();
    }
  }

  private Instant lastUse() {
    return c.w
        .claviger
        .accessTokens()
        .listOf(c.alice.id(), Optional.empty(), 9)
        .getFirst()
        .lastUsedAt()
        .orElseThrow();
  }

  @Test
  void a_share_that_expired_meanwhile_does_not_count() {
    c.w.stored(service, AShare.with(c.bob).expiresAt(inFiveSeconds()).build());
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.bobs, service);
    authorized(c.atOnce(c.bobs, service)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(c.atOnce(c.bobs, service)).as("another share may take its place").isEmpty();
    assertThat(Calls.refusal(c.call(c.bobs, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void a_share_behind_a_project_that_expired_meanwhile_does_not_count() {
    c.w.stored(service, AShare.with(c.bob).mayReshare().expiresAt(inFiveSeconds()).build());
    Project bobs = c.w.stored(AProject.of(c.bob, "p").using(service).build());
    c.w.member(bobs, carol, Role.READER);
    CallAuthorization.AuthorizationOutcome unused = c.remember(carols, bobs);
    authorized(c.atOnce(carols, bobs)).close();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));
    c.refresh();

    assertThat(c.atOnce(carols, bobs)).as("another share may take its place").isEmpty();
    assertThat(Calls.refusal(c.call(carols, bobs))).isEqualTo(CallRefusal.INSTANCE_REVOKED);
  }

  @Test
  void one_operation_that_was_granted_grants_no_other() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    CallTarget direct = new CallTarget.Service(service.ref());

    for (int turn = 0; turn < 2; turn++) {
      authorized(c.atOnce(c.alices, direct, "POST embeddings")).close();
      authorized(c.atOnce(c.alices, direct, "GET models")).close();
      for (String no : List.of("GET embeddings", "POST models", "POST assistants")) {
        assertThat(c.atOnce(c.alices, direct, no).map(Calls::refusal))
            .contains(CallRefusal.OPERATION_NOT_ALLOWED);
      }
    }
  }

  @Test
  void what_is_refused_is_refused_the_same() {
    assertSameRefusal(c.roots, service, CallRefusal.NOT_PERMITTED);

    edit(TamperedInstances.disabled(service));
    assertSameRefusal(c.alices, service, CallRefusal.DISABLED);
  }

  @Test
  void an_operation_that_is_not_lent_is_refused_the_same() {
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.alices, service);
    CallTarget callTarget = new CallTarget.Service(service.ref());

    assertThat(c.atOnce(c.alices, callTarget, "DELETE assistants/all"))
        .contains(c.call(c.alices, callTarget, "DELETE assistants/all"))
        .map(Calls::refusal)
        .contains(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void what_does_not_open_is_left_to_who_may_put_it_on_record() {
    edit(TamperedInstances.endpoint(service, "https://evil.example.org/v1"));
    assertThat(Calls.refusal(c.remember(c.alices, service))).isEqualTo(CallRefusal.KEY_UNUSABLE);
    c.w.forget();

    assertThat(c.atOnce(c.alices, service)).isEmpty();
    assertThat(c.w.recorded()).isEmpty();
  }

  @Test
  void a_change_on_this_node_counts_at_once() {
    c.w.stored(service, AShare.with(c.bob).build());
    CallAuthorization.AuthorizationOutcome unused = c.remember(c.bobs, service);
    authorized(c.atOnce(c.bobs, service)).close();
    c.w.nanos.advance(Duration.ofNanos(1));

    Object ended =
        c.w.sharing.end(
            c.w.as(c.alice), service.ref(), GranteeName.user(c.bob.handle()), condition());

    assertThat(ended).isInstanceOf(Outcome.Done.class);
    assertThat(c.atOnce(c.bobs, service)).isEmpty();
  }

  @Test
  void a_permit_that_is_leased_is_taken_without_asking_and_none_is_taken_twice() {
    TokenText limited = c.w.stored(AToken.of(c.alice).limits(requests(60)).build());
    CallAuthorization.AuthorizationOutcome unused = c.remember(limited, service);
    assertThat(c.atOnce(limited, service)).as("one was wanted, and used").isEmpty();
    Calls.authorized(c.call(limited, service)).close();
    Asked before = asked();

    authorized(c.atOnce(limited, service)).close();
    assertThat(c.atOnce(limited, service)).as("two were wanted, and used").isEmpty();

    assertThat(asked()).isEqualTo(before);
  }

  @Test
  void who_is_known_to_have_none_left_is_refused_at_once_and_told_when_to_come_again() {
    TokenText limited = c.w.stored(AToken.of(c.alice).limits(requests(1)).build());
    CallAuthorization.AuthorizationOutcome unused = c.remember(limited, service);
    assertThat(Calls.refusal(c.call(limited, service))).isEqualTo(CallRefusal.RATE_LIMITED);
    Asked before = asked();

    CallAuthorization.AuthorizationOutcome.Refused refused =
        (CallAuthorization.AuthorizationOutcome.Refused) c.atOnce(limited, service).orElseThrow();

    assertThat(refused.why()).isEqualTo(CallRefusal.RATE_LIMITED);
    assertThat(refused.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(62));
    assertThat(refused.service().orElseThrow().name()).isEqualTo("alice/s");
    assertThat(asked()).isEqualTo(before);
  }

  private record Case(TokenText token, CallTarget callTarget) {}

  private record Asked(int facts, int leases) {}

  private Asked asked() {
    return new Asked(c.w.facts.asked(), c.w.leases.asked());
  }

  /** Authorizes a call after so many calls that more permits are leased than used. */
  private AuthorizedCall atOnceInTheEnd(Case each) {
    Optional<CallAuthorization.AuthorizationOutcome> atOnce =
        c.atOnce(each.token(), each.callTarget(), Calls.OPERATION);
    for (int n = 0; n < 5 && atOnce.isEmpty(); n++) {
      Calls.authorized(c.call(each.token(), each.callTarget(), Calls.OPERATION)).close();
      atOnce = c.atOnce(each.token(), each.callTarget(), Calls.OPERATION);
    }
    return authorized(atOnce);
  }

  private void assertSameRefusal(TokenText token, Instance asked, CallRefusal why) {
    CallAuthorization.AuthorizationOutcome refused = c.remember(token, asked);

    assertThat(Calls.refusal(refused)).isEqualTo(why);
    assertThat(c.atOnce(token, asked)).contains(refused);
  }

  private void edit(Instance edited) {
    c.w.claviger.instances().update(edited, KEEP, KEEP);
  }

  private static Precondition condition() {
    return Precondition.NONE;
  }

  private static AuthorizedCall authorized(
      Optional<CallAuthorization.AuthorizationOutcome> outcome) {
    return Calls.authorized(outcome.orElseThrow());
  }

  /** All parts of an authorized call, with its secrets as text. */
  private static List<Object> shown(AuthorizedCall authorized) {
    return List.of(
        authorized.service(),
        authorized.endpoint(),
        authorized.standard(),
        authorized.source(),
        authorized.key().map(Calls::text),
        authorized.headers().headers().stream().map(h -> h.name() + text(h.value())).toList(),
        authorized.organization(),
        authorized.timeout(),
        authorized.terms().systemLevel(),
        authorized.models(),
        authorized.basis());
  }

  private static String text(Secret secret) {
    return Calls.text(secret);
  }

  private Instant inFiveSeconds() {
    return c.w.claviger.clock().instant().plusSeconds(5);
  }

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }
}
