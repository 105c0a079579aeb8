package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.domain.trusts.TrustedIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link TrustStore} and {@link TrustedIssuerStore} promise. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class TrustsContract extends PortContract {
  private final TrustedIssuer github = issuer("github", "https://token.example");
  private final TrustedIssuer cluster = issuer("cluster", "https://cluster.example");
  private User bot;
  private User other;

  @BeforeEach
  void fill() {
    User alice = user("alice");
    bot = stored(AUser.called("bot").serviceAccountOf(alice));
    other = stored(AUser.called("other").serviceAccountOf(alice));
    ports.trustedIssuers().insert(github);
    ports.trustedIssuers().insert(cluster);
  }

  @Test
  void a_trusted_issuer_is_found_by_its_name_and_by_its_exact_address() {
    TrustedIssuerStore issuers = ports.trustedIssuers();

    assertThat(issuers.find(github.name())).contains(github);
    assertThat(issuers.lock(github.name())).contains(github);
    assertThat(issuers.find(github.issuer())).contains(github);
    assertThat(issuers.find(new Issuer("https://token.example/"))).isEmpty();
    assertThat(issuers.find(handle("unknown"))).isEmpty();
    assertThat(issuers.list(none(), 10)).containsExactly(cluster, github);
    assertThat(issuers.list(Optional.of(cluster.name()), 10)).containsExactly(github);
    assertThat(issuers.list(none(), 1)).containsExactly(cluster);
  }

  @Test
  void no_two_trusted_issuers_have_one_name_or_one_address() {
    TrustedIssuerStore issuers = ports.trustedIssuers();

    assertLost(TAKEN, () -> issuers.insert(issuer("github", "https://third.example")));
    assertLost(TAKEN, () -> issuers.insert(issuer("third", "https://token.example")));
    assertLost(TAKEN, () -> issuers.update(github.with(cluster.issuer(), NOW)));
  }

  @Test
  void a_trusted_issuer_stays_while_a_trust_names_it() {
    Trust trust = stored(trust(bot, "main", github));

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.trustedIssuers().delete(github.id()));
    ports.trusts().delete(trust.id());
    ports.trustedIssuers().delete(github.id());

    assertThat(ports.trustedIssuers().find(github.name())).isEmpty();
  }

  @Test
  void a_trust_is_found_as_stored() {
    Trust trust = stored(trust(bot, "main", github));
    Trust unused = stored(trust(bot, "another", github));

    assertThat(ports.trusts().find(bot.id(), trust.name())).contains(trust);
    assertThat(ports.trusts().find(other.id(), trust.name())).isEmpty();
    assertThat(ports.transactions().inTransaction(() -> ports.trusts().hold(trust.id())))
        .contains(trust);
  }

  @Test
  void trusts_are_listed_and_counted_for_each_account() {
    Trust main = stored(trust(bot, "main", github));
    Trust branch = stored(trust(bot, "branch", cluster));
    Trust others = stored(trust(other, "main", github));

    assertThat(ports.trusts().list(bot.id(), none(), 10)).containsExactly(branch, main);
    assertThat(ports.trusts().list(bot.id(), Optional.of(branch.name()), 10)).containsExactly(main);
    assertThat(ports.trusts().list(bot.id(), none(), 1)).containsExactly(branch);
    assertThat(ports.trusts().count(bot.id())).isEqualTo(2);
    assertThat(ports.trusts().naming(github.issuer(), bot.handle())).containsExactly(main);
    assertThat(ports.trusts().naming(github.issuer(), other.handle())).containsExactly(others);
    assertThat(ports.trusts().naming(github.issuer(), handle("nobody"))).isEmpty();
  }

  @Test
  void a_name_is_taken_once_and_the_issuer_has_to_be_there() {
    Trust trust = stored(trust(bot, "main", github));

    assertLost(TAKEN, () -> stored(trust(bot, "main", cluster)));
    assertLost(
        REFERENCE_GONE, () -> stored(trust(bot, "third", issuer("gone", "https://gone.example"))));
    assertThat(ports.trusts().list(bot.id(), none(), 10)).containsExactly(trust);
  }

  @Test
  void other_terms_end_the_tokens_of_the_former_ones() {
    Trust trust = stored(trust(bot, "main", github));
    Trust stays = stored(trust(bot, "branch", github));
    exchanged(trust, 1);
    AccessToken kept = exchanged(stays, 2);

    Trust changed = trust.with(cluster, trust.terms(), NOW);
    ports.trusts().update(changed);

    assertThat(ports.trusts().find(bot.id(), trust.name())).contains(changed);
    assertThat(tokensOf(bot)).containsExactly(kept);
  }

  @Test
  void a_trust_ends_with_its_tokens_and_their_narrower_ones() {
    Trust trust = stored(trust(bot, "main", github));
    Trust stays = stored(trust(other, "main", github));
    AccessToken kept = exchanged(stays, 3);
    AccessToken parent = exchanged(trust, 1);
    AccessToken narrower = narrowerOf(parent);
    ports.accessTokens().save(narrower, hash(2));
    assertThat(ports.accessTokens().find(hash(2)).orElseThrow().token().presentedSubject())
        .contains("repo:acme/app:ref:main");

    ports.trusts().delete(trust.id());

    assertThat(ports.trusts().find(bot.id(), trust.name())).isEmpty();
    assertThat(tokensOf(bot)).isEmpty();
    assertThat(ports.trusts().find(other.id(), stays.name())).contains(stays);
    assertThat(tokensOf(other)).containsExactly(kept);
  }

  @Test
  void a_trusted_issuers_other_address_ends_the_tokens_of_the_former_one() {
    exchanged(stored(trust(bot, "main", github)), 1);
    AccessToken kept = exchanged(stored(trust(other, "main", cluster)), 2);

    ports.trustedIssuers().update(github.with(new Issuer("https://new.example"), NOW));

    assertThat(tokensOf(bot)).isEmpty();
    assertThat(tokensOf(other)).containsExactly(kept);
    assertThat(ports.trusts().naming(new Issuer("https://new.example"), bot.handle())).hasSize(1);
    assertThat(ports.trusts().naming(github.issuer(), bot.handle())).isEmpty();
  }

  @Test
  void tokens_count_until_they_expire() {
    AccessToken token = exchanged(stored(trust(bot, "main", github)), 1);
    ports.accessTokens().save(narrowerOf(token), hash(2));

    assertThat(ports.trusts().countLiveTokens(bot.id(), NOW)).isOne();
    assertThat(ports.trusts().countLiveTokens(bot.id(), token.expiresAt().orElseThrow())).isZero();
    assertThat(ports.trusts().countLiveTokens(other.id(), NOW)).isZero();
  }

  @Test
  void an_account_ends_with_its_trusts() {
    exchanged(stored(trust(bot, "main", github)), 1);

    ports.users().delete(bot.id());

    assertThat(ports.trusts().count(bot.id())).isZero();
    ports.trustedIssuers().delete(github.id());
  }

  private Trust stored(Trust trust) {
    ports.trusts().insert(trust);
    return trust;
  }

  private AccessToken exchanged(Trust trust, int number) {
    AccessToken token =
        AccessToken.exchanged(
            new AccessToken.Id(UUID.randomUUID()),
            trust.account(),
            new TokenName("exchanged"),
            new AccessToken.Exchanged(trust.id().value(), "repo:acme/app:ref:main"),
            NOW,
            NOW.plusSeconds(60));
    ports.accessTokens().save(token, hash(number));
    return token;
  }

  private static AccessToken narrowerOf(AccessToken parent) {
    return new AccessToken(
        new AccessToken.Id(UUID.randomUUID()),
        parent.user(),
        new TokenName("narrower"),
        TokenScope.USE,
        new AccessToken.Provenance(
            AccessToken.Origin.NARROWED, Optional.of(parent.id()), parent.exchanged(), none()),
        none(),
        Limits.NONE,
        InheritedLimits.NONE,
        NOW,
        parent.expiresAt(),
        none(),
        none(),
        TokenBinding.NONE,
        none());
  }

  private List<AccessToken> tokensOf(User user) {
    return ports.accessTokens().listOf(user.id(), none(), 10);
  }

  private static TrustedIssuer issuer(String name, String address) {
    return new TrustedIssuer(
        new TrustedIssuer.Id(UUID.randomUUID()), handle(name), new Issuer(address), 1, NOW, NOW);
  }

  private static Trust trust(User account, String name, TrustedIssuer issuer) {
    return new Trust(
        new Trust.Id(UUID.randomUUID()),
        account.id(),
        handle(name),
        issuer,
        new TrustTerms(
            new SubjectPattern("repo:acme/app:*"),
            new RequiredClaims(Map.of("ref", "main", "event", "push")),
            Duration.ofMinutes(10)),
        1,
        NOW,
        NOW);
  }
}
