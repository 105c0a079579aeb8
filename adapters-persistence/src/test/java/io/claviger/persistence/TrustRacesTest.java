package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static io.claviger.persistence.ConcurrentAttempts.whileUncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.InMemoryJwtVerifier;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TokenExchange.Exchange;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.trusts.PresentedJwt;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens that are exchanged while what permits it ends or changes. */
@SuppressWarnings("NullAway.Init") // set before each test
final class TrustRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final InMemoryJwtVerifier VERIFIER = new InMemoryJwtVerifier();
  private static final AuditedChanges CHANGES = RacingUseCases.changes(PORTS);
  private static final Trusts TRUSTS =
      Trusts.of(
          PORTS.users(), PORTS.trusts(), PORTS.trustedIssuers(), PORTS.credentials(), CHANGES);
  private static final TrustedIssuers ISSUERS =
      TrustedIssuers.of(
          PORTS.trustedIssuers(), Optional.empty(), Optional.empty(), PORTS.credentials(), CHANGES);
  private static final TokenExchange EXCHANGE =
      TokenExchange.of(
          new TokenExchange.Stores(
              PORTS.users(), PORTS.accessTokens(), PORTS.trustedIssuers(), PORTS.trusts()),
          VERIFIER,
          new TokenExchange.Installation(
              Optional.of("https://claviger.example"), Optional.empty(), Optional.empty()),
          new SeededRandomBytes(45),
          CHANGES);

  private static final Handle BOT = new Handle("bot");
  private static final Handle CI = new Handle("ci");
  private static final Handle MAIN = new Handle("main");
  private static final Issuer ADDRESS = new Issuer("https://ci.example");
  private static final String JWT = "a jwt";
  private static final String SUBJECT = "repo:acme/app:ref:refs/heads/main";

  private User root;
  private User bot;
  private Actor administrator;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = AUser.called("root").administrator().build();
    bot = AUser.called("bot").serviceAccountOf(root).build();
    PORTS.users().insert(root);
    PORTS.users().insert(bot);
    administrator = RacingUseCases.as(root);
    assertThat(saveIssuer(ADDRESS)).isEqualTo(DONE);
    assertThat(saveTrust(MAIN, SUBJECT)).isEqualTo(DONE);
    VERIFIER.put(
        JWT,
        new PresentedJwt(
            ADDRESS,
            SUBJECT,
            List.of("https://claviger.example"),
            Map.of(),
            Instant.now().plusSeconds(600),
            Optional.empty(),
            Optional.empty()));
  }

  @Race.Repeated
  void no_token_outlives_its_trust() {
    List<String> outcomes =
        oneAgainstMany(
            () -> code(TRUSTS.delete(administrator, BOT, MAIN, Precondition.NONE)),
            n -> exchange());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "refused");
    assertThat(tokens()).isEmpty();
  }

  @Race.Repeated
  void no_token_of_the_former_terms_outlives_them() {
    List<String> outcomes =
        oneAgainstMany(() -> saveTrust(MAIN, "repo:acme/other:*"), n -> exchange());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "refused");
    assertThat(tokens()).isEmpty();
  }

  @Race.Repeated
  void no_token_outlives_the_address_of_its_issuer() {
    List<String> outcomes =
        oneAgainstMany(() -> saveIssuer(new Issuer("https://new.example")), n -> exchange());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "refused");
    assertThat(tokens()).isEmpty();
  }

  @Race.Repeated
  void no_token_outlives_its_service_account() {
    List<String> outcomes =
        oneAgainstMany(
            () -> code(USE.users.delete(administrator, BOT, Precondition.NONE, true)),
            n -> exchange());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes).isSubsetOf(DONE, "refused");
    assertThat(tokens()).isEmpty();
    assertThat(exchange()).isEqualTo("refused");
  }

  @Race.Repeated
  void nor_does_one_exchanged_for_the_account_that_gets_the_handle_next() {
    User next = AUser.called("bot").serviceAccountOf(root).build();
    List<String> outcomes =
        oneAgainstMany(
            () -> {
              String deleted = code(USE.users.delete(administrator, BOT, Precondition.NONE, true));
              PORTS.users().insert(next);
              return deleted;
            },
            n -> exchange());

    assertThat(outcomes).isSubsetOf(DONE, "refused");
    assertThat(PORTS.accessTokens().listOf(next.id(), Optional.empty(), 10)).isEmpty();
  }

  /** The first request is allowed, and then waits for the manager's own row. */
  @Test
  void a_removed_manager_makes_no_credential_of_a_service_account() {
    User alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    User shared =
        AUser.called("shared")
            .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle()))
            .build();
    PORTS.users().insert(shared);
    Actor manager = RacingUseCases.as(alice);
    for (IntFunction<String> attempt :
        List.<IntFunction<String>>of(
            n -> saveTrust(manager, shared.handle(), new Handle("trust-" + n), SUBJECT),
            n -> code(USE.accessTokens.issue(manager, shared.handle(), token(false))),
            n -> code(USE.accessTokens.issue(manager, shared.handle(), token(true))))) {
      PORTS
          .groups()
          .putMember(
              team.id(),
              new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, Instant.now()));

      assertThat(
              manyBehind(
                  PORTS,
                  () -> {
                    assertThat(PORTS.users().lock(alice.handle())).isPresent();
                    assertThat(PORTS.groups().removeMember(team.id(), alice.id())).isTrue();
                  },
                  attempt))
          .containsOnly("not_found");
    }

    assertThat(PORTS.trusts().count(shared.id())).isZero();
    assertThat(PORTS.accessTokens().listOf(shared.id(), Optional.empty(), 9)).isEmpty();
  }

  /** A recovery waits for the rows of the tokens that it ends. */
  @Test
  void a_manager_who_recovers_a_service_account_stays_a_manager_until_it_is_done() {
    User alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    User shared =
        AUser.called("shared")
            .serviceAccountOf(new Responsible.GroupManagers(team.id().value(), team.handle()))
            .build();
    PORTS.users().insert(shared);
    PORTS.accessTokens().save(AToken.of(shared).build(), new TokenHash(new byte[32]));
    PORTS
        .groups()
        .putMember(
            team.id(),
            new GroupMember(alice.id(), alice.handle(), GroupRole.MANAGER, Instant.now()));

    assertThat(
            whileUncommitted(
                PORTS,
                () -> assertThat(locked("select id from access_tokens for update")).isEqualTo(1),
                () ->
                    assertThat(locked("select 1 from group_members for update skip locked"))
                        .isZero(),
                () ->
                    assertThat(
                            code(
                                USE.accessTokens.issue(
                                    RacingUseCases.as(alice), shared.handle(), token(true))))
                        .isEqualTo(DONE)))
        .isTrue();
  }

  private static int locked(String statement) {
    return PORTS.database().jdbc().sql(statement).query().listOfRows().size();
  }

  @Test
  void a_manager_is_removed_or_demoted_only_after_the_change_that_depends_on_it() {
    User alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    assertThat(code(putMember(team, alice, GroupRole.MANAGER))).isEqualTo(DONE);
    for (Supplier<Outcome<?>> change :
        List.<Supplier<Outcome<?>>>of(
            () -> putMember(team, alice, GroupRole.MEMBER),
            () ->
                USE.groups.removeMember(
                    administrator, team.handle(), alice.handle(), Precondition.NONE))) {
      assertThat(code(putMember(team, alice, GroupRole.MANAGER))).isEqualTo(DONE);
      assertThat(
              whileUncommitted(
                  PORTS,
                  () ->
                      assertThat(PORTS.users().holdAsManager(team.id().value(), alice.id()))
                          .isTrue(),
                  () -> assertThat(code(change.get())).isEqualTo(DONE)))
          .isTrue();
      assertThat(PORTS.users().holdAsManager(team.id().value(), alice.id())).isFalse();
    }
  }

  private Outcome<?> putMember(Group group, User user, GroupRole role) {
    return USE.groups.putMember(
        administrator, group.handle(), user.handle(), Precondition.NONE, role, Field.absent());
  }

  private static NewToken token(boolean recovery) {
    return new NewToken(
        new TokenName("night"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        recovery);
  }

  @Race.Repeated
  void an_issuer_is_deleted_or_named_by_a_trust() {
    assertThat(code(TRUSTS.delete(administrator, BOT, MAIN, Precondition.NONE))).isEqualTo(DONE);

    List<String> outcomes =
        oneAgainstMany(
            () -> code(ISSUERS.delete(administrator, CI, Precondition.NONE)),
            n -> saveTrust(new Handle("trust-" + n), SUBJECT));

    boolean deleted = outcomes.getFirst().equals(DONE);
    assertThat(outcomes.getFirst()).isIn(DONE, "in_use");
    assertThat(Set.copyOf(outcomes.subList(1, MANY)))
        .containsExactly(deleted ? "unknown_reference" : DONE);
    assertThat(PORTS.trustedIssuers().find(CI).isPresent()).isNotEqualTo(deleted);
  }

  @Test
  void many_at_once_do_not_exceed_the_greatest_number_of_tokens() {
    fill(TokenExchange.MOST_LIVE - 5);

    List<String> outcomes = many(n -> exchange());

    assertThat(count(outcomes, DONE)).isEqualTo(5);
    assertThat(count(outcomes, "too_many")).isEqualTo(MANY - 5);
  }

  @Test
  void many_at_once_do_not_exceed_the_greatest_number_of_trusts() {
    for (int i = 1; i < Trusts.MOST - 5; i++) {
      assertThat(saveTrust(new Handle("trust-" + i), SUBJECT)).isEqualTo(DONE);
    }

    List<String> outcomes = many(n -> saveTrust(new Handle("more-" + n), SUBJECT));

    assertThat(count(outcomes, DONE)).isEqualTo(5);
    assertThat(count(outcomes, "quota_exceeded")).isEqualTo(MANY - 5);
  }

  private void fill(int number) {
    int rows =
        PORTS
            .sql()
            .sql(
                """
                insert into access_tokens (
                  id, user_id, name, token_hash, scope, origin, created_at, expires_at,
                  trust_id, presented_subject)
                select
                  gen_random_uuid(), t.account_id, 'filled', sha256(n::text::bytea), 'use',
                  'exchanged', now(), now() + interval '10 minutes', t.id, 's'
                from trusts t, generate_series(1, :number) as n
                """)
            .param("number", number)
            .update();
    assertThat(rows).isEqualTo(number);
  }

  private String saveIssuer(Issuer address) {
    return code(ISSUERS.save(administrator, CI, Precondition.NONE, address));
  }

  private String saveTrust(Handle name, String subject) {
    return saveTrust(administrator, BOT, name, subject);
  }

  private static String saveTrust(Actor actor, Handle account, Handle name, String subject) {
    TrustTerms terms =
        new TrustTerms(new SubjectPattern(subject), RequiredClaims.NONE, Duration.ofMinutes(5));
    return code(TRUSTS.save(actor, account, name, Precondition.NONE, new TrustContent(CI, terms)));
  }

  private static String exchange() {
    return switch (EXCHANGE.exchange(JWT, BOT, "192.0.2.9", "race")) {
      case Exchange.Issued issued -> DONE;
      case Exchange.Refused refused -> "refused";
      case Exchange.IssuerAway away -> "away";
      case Exchange.TooMany tooMany -> "too_many";
    };
  }

  private List<AccessToken> tokens() {
    return PORTS.accessTokens().listOf(bot.id(), Optional.empty(), 100);
  }
}
