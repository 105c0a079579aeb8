package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.Wiring;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AuditedChangesTest {
  private static final AuditTarget TARGET = AuditTargets.standard(new Handle("target"));

  private final Wiring w = new Wiring();
  private final AuditedChanges attempts = w.claviger.auditedChanges();
  private final Actor actor = w.as(w.user("alice"));
  private final AtomicInteger runs = new AtomicInteger();
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE);

  @Test
  void a_lost_race_is_run_again() {
    String outcome =
        change(
            ledger -> {
              if (runs.incrementAndGet() < 3) {
                throw lost();
              }
              return "done";
            });

    assertThat(outcome).isEqualTo("done");
    assertThat(runs).hasValue(3);
  }

  /** The request was authenticated before the suspension. */
  @Test
  void who_was_suspended_meanwhile_changes_nothing() {
    User alice = w.claviger.users().find(actor.handle()).orElseThrow();
    w.claviger
        .users()
        .update(alice.withSuspension(Optional.of(w.claviger.clock().instant()), alice.updatedAt()));

    String outcome =
        change(
            ledger -> {
              ledger.recordChange(AuditAction.STANDARD_UPDATE, TARGET, List.of("f"));
              return "done";
            });

    assertThat(outcome).isEqualTo("forbidden");
    assertThat(w.claviger.auditEvents())
        .singleElement()
        .matches(event -> event.outcome() == AuditOutcome.REFUSED);
  }

  @Test
  void what_was_noted_in_a_lost_race_is_not_on_record() {
    String unused =
        change(
            ledger -> {
              ledger.recordChange(AuditAction.STANDARD_UPDATE, TARGET, List.of("f"));
              if (runs.incrementAndGet() < 3) {
                throw lost();
              }
              return "done";
            });

    assertThat(w.recorded()).containsExactly("standard.update done target [f]");
  }

  @Test
  void a_race_lost_again_and_again_is_a_conflict() {
    assertThat(change(AuditedChangesTest::alwaysLost)).isEqualTo("concurrent_change");
  }

  @Test
  void a_race_lost_again_and_again_is_on_record_once() {
    String unused = change(AuditedChangesTest::alwaysLost);

    assertThat(w.recorded()).containsExactly("standard.update refused target [concurrent_change]");
  }

  @Test
  void a_refusal_undoes_what_was_done_before_it() {
    String unused =
        change(
            ledger -> {
              w.claviger.users().insert(AUser.called("bob").build());
              throw RefusedException.notFound();
            });

    assertThat(w.claviger.users().find(new Handle("bob"))).isEmpty();
  }

  @Test
  void a_refusal_leaves_nothing_on_record_but_itself() {
    String unused =
        change(
            ledger -> {
              ledger.recordChange(AuditAction.STANDARD_UPDATE, TARGET, List.of("f"));
              throw RefusedException.notFound();
            });

    assertThat(w.recorded()).containsExactly("standard.update refused target [not_found]");
  }

  @Test
  void what_fails_undoes_everything_and_is_passed_on() {
    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      w.claviger.users().insert(AUser.called("bob").build());
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");

    assertThat(w.claviger.users().find(new Handle("bob"))).isEmpty();
  }

  @Test
  void what_fails_is_on_record_as_failed_and_as_nothing_else() {
    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      ledger.recordChange(AuditAction.STANDARD_UPDATE, TARGET, List.of("f"));
                      ledger.recordAttemptAs(AuditAction.STANDARD_DELETE);
                      throw new IllegalStateException("a value that is nobody's to read");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(w.recorded()).containsExactly("standard.delete failed target [internal_error]");
  }

  @Test
  void what_the_database_cancelled_is_on_record_as_no_fault_of_ours() {
    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      throw new QueryTimeout(new IllegalStateException("slow"));
                    }))
        .isInstanceOf(QueryTimeout.class);

    assertThat(w.recorded()).containsExactly("standard.update failed target [unavailable]");
  }

  @Test
  void an_attempt_is_not_on_record_where_the_database_is_away() {
    StoreUnavailable away = new StoreUnavailable(new IllegalStateException("gone"));

    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      throw away;
                    }))
        .isSameAs(away);

    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_failure_that_can_not_be_recorded_is_passed_on_as_it_is() {
    IllegalStateException broken = new IllegalStateException("broken");
    AuditedChanges unrecorded =
        new AuditedChanges(
            w.claviger.transactions(),
            event -> {
              throw new StoreUnavailable(new IllegalStateException("gone"));
            },
            w.claviger.credentials(),
            w.claviger.ids(),
            w.claviger.clock());

    assertThatThrownBy(
            () ->
                unrecorded.change(
                    actor,
                    AuditAction.STANDARD_UPDATE,
                    TARGET,
                    ledger -> {
                      throw broken;
                    },
                    Refusal::code))
        .isSameAs(broken);
  }

  @Test
  void what_is_wrong_with_a_value_found_late_is_on_record_as_refused() {
    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      throw new InvalidValue("f", "something else");
                    }))
        .isInstanceOf(InvalidValue.class);

    assertThat(w.recorded()).containsExactly("standard.update refused target [invalid_value]");
  }

  @Test
  void what_is_still_in_use_is_on_record_as_refused() {
    assertThatThrownBy(
            () ->
                change(
                    ledger -> {
                      throw new StillReferenced(new IllegalStateException("referred to"));
                    }))
        .isInstanceOf(StillReferenced.class);

    assertThat(w.recorded()).containsExactly("standard.update refused target [in_use]");
  }

  @Test
  void an_event_says_who_did_it_on_what_strength_from_where() {
    AccessToken token = AToken.of(w.user("bob")).build();
    Actor bob =
        new Actor(token.user(), new Handle("bob"), false, Optional.of(token), "192.0.2.77", "r-77");

    String unused =
        attempts.change(
            bob,
            AuditAction.STANDARD_UPDATE,
            TARGET,
            ledger -> {
              ledger.recordChange(AuditAction.STANDARD_UPDATE, TARGET, List.of());
              return "done";
            },
            Refusal::code);

    AuditEvent event = w.events().get(0);
    assertThat(event.actor()).contains(token.user());
    assertThat(event.actorHandle()).contains(new Handle("bob"));
    assertThat(event.token()).contains(token.id());
    assertThat(event.address()).isEqualTo("192.0.2.77");
    assertThat(event.requestId()).isEqualTo("r-77");
    assertThat(event.at()).isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void a_token_of_scope_use_does_not_even_try() {
    String outcome =
        attempts.change(
            w.using(w.user("bob")),
            AuditAction.STANDARD_UPDATE,
            TARGET,
            ledger -> "run " + runs.incrementAndGet(),
            Refusal::code);

    assertThat(outcome).isEqualTo("forbidden");
    assertThat(runs).hasValue(0);
  }

  @Test
  void who_changes_very_much_has_to_wait_and_may_still_end_access() {
    AuditedChanges bounded = bounded(2, 30);
    assertThat(update(bounded, actor)).isEqualTo("done");
    assertThat(update(bounded, actor)).isEqualTo("done");
    assertThat(update(bounded, actor)).isEqualTo("too_many_changes PT2S");
    assertThat(update(bounded, w.as(w.user("bob")))).isEqualTo("done");
    assertThat(attempt(bounded, actor, AuditAction.TOKEN_DELETE)).isEqualTo("done");
    assertThat(attempt(bounded, actor, AuditAction.REVIEW_END)).isEqualTo("done");
    nanos.advance(Duration.ofSeconds(2));
    assertThat(update(bounded, actor)).isEqualTo("done");
    assertThat(update(bounded, actor)).isEqualTo("too_many_changes PT2S");
    assertThat(w.recorded())
        .filteredOn(line -> line.contains("refused"))
        .containsExactly(
            "standard.update refused target [too_many_changes]",
            "standard.update refused target [too_many_changes]");
  }

  /** In a sign-in, the actor becomes known only during the change. */
  @Test
  void an_actor_who_is_not_known_at_the_beginning_makes_no_more_changes() {
    AuditedChanges bounded = bounded(2, 30);
    assertThat(signIn(bounded)).isEqualTo("done");
    assertThat(signIn(bounded)).isEqualTo("done");
    assertThat(signIn(bounded)).isEqualTo("too_many_changes PT2S");
    assertThat(update(bounded, actor)).isEqualTo("too_many_changes PT2S");
    nanos.advance(Duration.ofSeconds(2));
    assertThat(signIn(bounded)).isEqualTo("done");
  }

  /** Whoever holds a user's token must not be able to keep the user from signing in. */
  @Test
  void sign_ins_are_limited_separately_from_changes() {
    AuditedChanges bounded = bounded(1, 30);
    assertThat(update(bounded, actor)).isEqualTo("done");
    assertThat(update(bounded, actor)).isEqualTo("too_many_changes PT2S");
    assertThat(signIn(bounded, ChangeLog::limitAsSignIn)).isEqualTo("done");
    assertThat(signIn(bounded, ChangeLog::limitAsSignIn)).isEqualTo("too_many_changes PT2S");
    nanos.advance(Duration.ofSeconds(2));
    assertThat(signIn(bounded, ChangeLog::limitAsSignIn)).isEqualTo("done");
    assertThat(update(bounded, actor)).isEqualTo("done");
  }

  /** Whoever holds a token could use up the limit of the sign-ins of its user. */
  @Test
  void sign_ins_with_a_token_are_limited_with_the_changes() {
    AuditedChanges changes = bounded(1, 30);
    Sessions sessions =
        Sessions.of(
            w.claviger.sessions(),
            w.claviger.signInLinks(),
            w.claviger.users(),
            new TokenAcceptance(Optional.empty()),
            new LocalSignIn(true),
            w.claviger.randomBytes(),
            changes);
    Identity identity = new Identity(new Issuer("https://id.example"), new Subject("alice"));
    SignInMethod provider = new SignInMethod.OpenId(identity, Optional.empty());
    SignInMethod token = new SignInMethod.Token(new AccessToken.Id(w.claviger.ids().next()));

    assertThat(started(sessions, provider)).isEqualTo("done");
    assertThat(started(sessions, provider)).isEqualTo("too_many_changes PT2S");
    assertThat(started(sessions, token)).isEqualTo("done");
    assertThat(started(sessions, token)).isEqualTo("too_many_changes PT2S");
    assertThat(update(changes, actor)).isEqualTo("too_many_changes PT2S");
  }

  private String started(Sessions sessions, SignInMethod method) {
    return text(
        sessions
            .start(new SignedIn(actor.id(), method), "192.0.2.1", "a browser", "r")
            .map(started -> "done"));
  }

  private String signIn(AuditedChanges changes) {
    return signIn(changes, log -> {});
  }

  private String signIn(AuditedChanges changes, Consumer<ChangeLog> limit) {
    return text(
        changes.changeFrom(
            "192.0.2.1",
            "r",
            AuditAction.SESSION_START,
            TARGET,
            log -> {
              log.setActor(actor);
              limit.accept(log);
              return recorded(log, AuditAction.SESSION_START);
            }));
  }

  @Test
  void a_change_that_is_refused_or_changes_nothing_does_not_count() {
    AuditedChanges bounded = bounded(1, 30);
    for (int i = 0; i < 3; i++) {
      Outcome<String> nothing =
          bounded.change(actor, AuditAction.STANDARD_UPDATE, TARGET, log -> "nothing");
      assertThat(nothing.asOptional().orElseThrow()).isEqualTo("nothing");
      String refused =
          bounded.change(
              actor,
              AuditAction.STANDARD_UPDATE,
              TARGET,
              log -> {
                throw RefusedException.notFound();
              },
              Refusal::code);
      assertThat(refused).isEqualTo("not_found");
    }

    assertThat(update(bounded, actor)).isEqualTo("done");
  }

  @Test
  void an_administrator_and_a_program_make_ten_times_as_many_changes() {
    AuditedChanges bounded = bounded(1, 6);
    Actor root = w.as(w.administrator("root-2"));
    AuditedChanges.Program scim = program();
    for (int i = 0; i < 10; i++) {
      assertThat(update(bounded, root)).isEqualTo("done");
      assertThat(byProgram(bounded, scim, AuditAction.USER_UPDATE)).isEqualTo("done");
    }

    assertThat(update(bounded, root)).isEqualTo("too_many_changes PT1S");
    assertThat(byProgram(bounded, scim, AuditAction.USER_UPDATE))
        .isEqualTo("too_many_changes PT1S");
  }

  @Test
  void a_program_that_changes_very_much_may_still_end_access() {
    AuditedChanges bounded = bounded(1, 6);
    AuditedChanges.Program scim = program();
    for (int i = 0; i < 10; i++) {
      assertThat(byProgram(bounded, scim, AuditAction.USER_UPDATE)).isEqualTo("done");
    }

    assertThat(byProgram(bounded, scim, AuditAction.USER_UPDATE, AuditAction.USER_SUSPEND))
        .isEqualTo("done");
    assertThat(byProgram(bounded, scim, AuditAction.GROUP_MEMBER_REMOVE)).isEqualTo("done");
    assertThat(byProgram(bounded, scim)).isEqualTo("done");
    assertThat(withAdministrator(bounded, scim, AuditAction.GROUP_MEMBER_REMOVE)).isEqualTo("done");
    assertThat(withAdministrator(bounded, scim, AuditAction.GROUP_MEMBER_ADD))
        .isEqualTo("too_many_changes PT1S");
    assertThat(
            byProgram(bounded, scim, AuditAction.GROUP_MEMBER_REMOVE, AuditAction.GROUP_MEMBER_ADD))
        .isEqualTo("too_many_changes PT1S");
    assertThat(w.recorded())
        .filteredOn(line -> line.contains("refused"))
        .containsExactly(
            "group.update refused target [too_many_changes]",
            "user.update refused target [too_many_changes]");
  }

  /** Changes a membership in the group whose members are administrators. */
  private static String withAdministrator(
      AuditedChanges changes, AuditedChanges.Program program, AuditAction membership) {
    return text(
        changes.changeBy(
            program,
            AuditAction.GROUP_UPDATE,
            TARGET,
            log -> {
              log.recordChange(membership, TARGET, List.of("bob"));
              log.recordChange(AuditAction.USER_UPDATE, TARGET, List.of("administrator"));
              return "done";
            }));
  }

  /** The program's request was authenticated before the token ended. */
  @Test
  void a_program_whose_token_has_ended_meanwhile_changes_nothing() {
    AuditedChanges.Program scim = program();
    assertThat(byProgram(attempts, scim, AuditAction.USER_UPDATE)).isEqualTo("done");

    assertThat(w.claviger.scimTokens().delete(new ScimToken.Id(scim.token().value()))).isTrue();

    assertThat(byProgram(attempts, scim, AuditAction.USER_UPDATE)).isEqualTo("forbidden");
    assertThat(w.recorded()).last().isEqualTo("user.update refused target [forbidden]");
  }

  private AuditedChanges.Program program() {
    ScimToken token =
        new ScimToken(
            new ScimToken.Id(w.claviger.ids().next()),
            new TokenName("idp"),
            new Issuer("https://id.example"),
            w.claviger.clock().instant(),
            Optional.empty());
    w.claviger.scimTokens().insert(token, new TokenHash(new byte[32]));
    return new AuditedChanges.Program(
        new AccessToken.Id(token.id().value()), "scim", "192.0.2.1", "r");
  }

  private AuditedChanges bounded(int atOnce, int perMinute) {
    return new AuditedChanges(
        w.claviger.transactions(),
        w.claviger.auditTrail(),
        w.claviger.credentials(),
        w.claviger.ids(),
        w.claviger.clock(),
        w.claviger.clock(),
        AuditedChanges.Controls.NONE,
        new RecordedChanges(nanos, atOnce, perMinute));
  }

  private static String update(AuditedChanges changes, Actor who) {
    return attempt(changes, who, AuditAction.STANDARD_UPDATE);
  }

  private static String attempt(AuditedChanges changes, Actor who, AuditAction action) {
    return changes.change(
        who, action, TARGET, log -> recorded(log, action), AuditedChangesTest::text);
  }

  private static String byProgram(
      AuditedChanges changes, AuditedChanges.Program program, AuditAction... recorded) {
    Outcome<String> outcome =
        changes.changeBy(
            program,
            AuditAction.USER_UPDATE,
            TARGET,
            log -> {
              for (AuditAction action : recorded) {
                log.recordChange(action, TARGET, List.of());
              }
              return "done";
            });
    return text(outcome);
  }

  private static String text(Outcome<String> outcome) {
    return switch (outcome) {
      case Outcome.Done<String> done -> done.value();
      case Outcome.Refused<String> refused -> text(refused.why());
    };
  }

  private static String recorded(ChangeLog log, AuditAction action) {
    log.recordChange(action, TARGET, List.of());
    return "done";
  }

  private static String text(Refusal refusal) {
    return refusal instanceof Refusal.TooMany tooMany
        ? tooMany.code() + " " + tooMany.retryAfter()
        : refusal.code();
  }

  @Test
  void now_is_as_precise_as_the_database() {
    w.claviger.clock().set(Seeds.SEEDED_AT.plusNanos(1_999));

    assertThat(attempts.now()).isEqualTo(Seeds.SEEDED_AT.plusNanos(1_000));
  }

  private String change(AuditedChanges.Change<String> change) {
    return attempts.change(actor, AuditAction.STANDARD_UPDATE, TARGET, change, Refusal::code);
  }

  private static String alwaysLost(ChangeLog ledger) {
    throw lost();
  }

  private static ConcurrencyConflict lost() {
    return new ConcurrencyConflict(
        ConcurrencyConflict.How.TAKEN, new IllegalStateException("taken"));
  }
}
