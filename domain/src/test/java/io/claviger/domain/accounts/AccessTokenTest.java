package io.claviger.domain.accounts;

import static io.claviger.domain.accounts.TokenScope.MANAGE;
import static io.claviger.domain.accounts.TokenScope.USE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenRestriction.ToProject;
import io.claviger.domain.accounts.TokenRestriction.ToService;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID ID = new UUID(1, 2);
  private static final AccessToken.Provenance BY_USER =
      AccessToken.Provenance.of(AccessToken.Origin.USER);
  private static final AccessToken.Provenance OF_JWT =
      new AccessToken.Provenance(
          AccessToken.Origin.EXCHANGED,
          Optional.empty(),
          Optional.of(new AccessToken.Exchanged(ID, "subject")),
          Optional.empty());

  private static AccessToken token(
      TokenScope scope, Optional<TokenRestriction> restriction, Optional<Instant> expiresAt) {
    return new AccessToken(
        new AccessToken.Id(ID),
        new User.Id(ID),
        new TokenName("laptop"),
        scope,
        BY_USER,
        restriction,
        Limits.NONE,
        InheritedLimits.NONE,
        NOON,
        expiresAt,
        Optional.empty(),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  @Test
  void a_restricted_token_is_always_of_scope_use() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> token(MANAGE, Optional.of(new ToService(ID, "a/b")), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> token(MANAGE, Optional.of(new ToProject(ID, "a/b")), Optional.empty()));
  }

  @Test
  void a_token_of_scope_use_may_be_restricted() {
    assertThatNoException()
        .isThrownBy(() -> token(USE, Optional.of(new ToProject(ID, "a/b")), Optional.empty()));
  }

  @Test
  void a_token_of_scope_use_need_not_be_restricted() {
    assertThatNoException().isThrownBy(() -> token(USE, Optional.empty(), Optional.empty()));
  }

  @Test
  void a_token_without_an_expiry_never_expires() {
    assertThat(token(MANAGE, Optional.empty(), Optional.empty()).expiredAt(Instant.MAX)).isFalse();
  }

  @Test
  void a_token_is_good_until_just_before_its_expiry() {
    assertThat(token(MANAGE, Optional.empty(), Optional.of(NOON)).expiredAt(NOON.minusNanos(1)))
        .isFalse();
  }

  @Test
  void a_token_is_expired_at_its_expiry() {
    assertThat(token(MANAGE, Optional.empty(), Optional.of(NOON)).expiredAt(NOON)).isTrue();
  }

  @Test
  void an_imported_token_may_only_be_used_and_expires() {
    AccessToken token =
        AccessToken.imported(
            new AccessToken.Id(ID),
            new User.Id(ID),
            new TokenName("old key"),
            new AccessToken.Imported("litellm", new TokenPrefix("sk-")),
            Optional.empty(),
            Limits.NONE,
            NOON,
            NOON.plusSeconds(60));

    assertThat(token.scope()).isEqualTo(USE);
    assertThat(token.expiredAt(NOON.plusSeconds(60))).isTrue();
    assertThat(token.isUnlimited()).isFalse();
    assertThat(token.refreshed(NOON).imported()).isEqualTo(token.imported());
    for (TokenScope scope : TokenScope.values()) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  token(
                      scope,
                      Limits.NONE,
                      InheritedLimits.NONE,
                      token.provenance(),
                      Optional.empty()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "LiteLLM", "lite llm", "9", "-a", "a\n"})
  void a_system_from_which_tokens_come_has_a_plain_name(String name) {
    assertThatThrownBy(() -> new AccessToken.Imported(name, new TokenPrefix("sk-")))
        .isInstanceOf(InvalidValue.class);
  }

  /** A token of everything, and tokens that lack one thing each. */
  @Test
  void only_a_token_that_lacks_nothing_is_unlimited() {
    Limits limits = Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 1));
    InheritedLimits inherited = new InheritedLimits(List.of(new TokenRate(ID, 1)), List.of());
    TokenBinding bound =
        new TokenBinding(
            List.of(AddressNet.parse("203.0.113.0/24").orElseThrow()), Optional.empty());

    assertThat(token(MANAGE, Optional.empty(), Optional.empty()).isUnlimited()).isTrue();
    assertThat(token(USE, Optional.empty(), Optional.empty()).isUnlimited()).isFalse();
    assertThat(token(MANAGE, Optional.empty(), Optional.of(NOON)).isUnlimited()).isFalse();
    assertThat(token(MANAGE, limits, InheritedLimits.NONE, BY_USER, Optional.empty()).isUnlimited())
        .isFalse();
    assertThat(token(MANAGE, Limits.NONE, inherited, BY_USER, Optional.empty()).isUnlimited())
        .isFalse();
    assertThat(
            token(MANAGE, Limits.NONE, InheritedLimits.NONE, BY_USER, Optional.of(NOON))
                .isUnlimited())
        .isFalse();
    assertThat(token(MANAGE, Optional.empty(), Optional.empty()).bound(bound).isUnlimited())
        .isFalse();
    assertThat(
            token(MANAGE, Limits.NONE, InheritedLimits.NONE, OF_JWT, Optional.empty())
                .isUnlimited())
        .isFalse();
  }

  @Test
  void a_token_allows_what_neither_its_restriction_nor_its_origin_excludes() {
    UUID other = new UUID(3, 4);
    TokenRestriction service = new ToService(ID, "a/b");
    TokenRestriction project = new ToProject(ID, "a/b");
    for (Optional<TokenRestriction> restriction :
        List.of(Optional.<TokenRestriction>empty(), Optional.of(service), Optional.of(project))) {
      for (Optional<Set<UUID>> imported :
          List.of(
              Optional.<Set<UUID>>empty(),
              Optional.of(Set.<UUID>of()),
              Optional.of(Set.of(ID)),
              Optional.of(Set.of(other)))) {
        AccessToken token = imported(restriction, imported);
        for (UUID called : List.of(ID, other)) {
          boolean restricted =
              restriction.isEmpty() || (restriction.get() == service && called.equals(ID));
          assertThat(token.allowsService(called))
              .as("%s %s %s", restriction, imported, called)
              .isEqualTo(restricted && imported.map(all -> all.contains(called)).orElse(true));
          boolean through =
              restriction.isEmpty() || (restriction.get() == project && called.equals(ID));
          assertThat(token.allowsProject(called))
              .as("%s %s %s", restriction, imported, called)
              .isEqualTo(through && imported.isEmpty());
        }
      }
    }
  }

  private static AccessToken imported(
      Optional<TokenRestriction> restriction, Optional<Set<UUID>> services) {
    return AccessToken.imported(
        new AccessToken.Id(ID),
        new User.Id(ID),
        new TokenName("old key"),
        new AccessToken.Imported("litellm", new TokenPrefix("sk-"), services),
        restriction,
        Limits.NONE,
        NOON,
        NOON.plusSeconds(60));
  }

  /**
   * Objects of the user are out of reach for narrower tokens, unless their limits say otherwise.
   */
  @Test
  void restricted_and_narrowed_tokens_are_confined_to_objects_of_their_own() {
    AccessToken.Provenance narrowed =
        new AccessToken.Provenance(
            AccessToken.Origin.NARROWED,
            Optional.of(new AccessToken.Id(ID)),
            Optional.empty(),
            Optional.empty());
    Limits ofUser = Limits.NONE.with(StorageLimits.reaching(StorageLimits.USER));

    assertThat(token(USE, Optional.empty(), Optional.empty()).isConfined()).isFalse();
    assertThat(token(USE, Optional.of(new ToService(ID, "a/b")), Optional.empty()).isConfined())
        .isTrue();
    assertThat(
            token(USE, Limits.NONE, InheritedLimits.NONE, narrowed, Optional.empty()).isConfined())
        .isTrue();
    assertThat(token(USE, ofUser, InheritedLimits.NONE, narrowed, Optional.empty()).isConfined())
        .isFalse();
    assertThat(token(USE, Limits.NONE, InheritedLimits.NONE, OF_JWT, Optional.empty()).isConfined())
        .isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> token(MANAGE, Limits.NONE, InheritedLimits.NONE, narrowed, Optional.empty()));
  }

  @Test
  void a_token_is_refreshable_until_just_before_the_end_of_its_sign_in() {
    AccessToken token = token(USE, Limits.NONE, InheritedLimits.NONE, BY_USER, Optional.of(NOON));

    assertThat(token.isRefreshableAt(NOON.minusNanos(1))).isTrue();
    assertThat(token.isRefreshableAt(NOON)).isFalse();
    assertThat(token(USE, Optional.empty(), Optional.empty()).isRefreshableAt(NOON)).isFalse();
  }

  @Test
  void a_token_passes_its_own_limits_on_together_with_those_that_it_inherited() {
    Limits limits = Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 1));
    InheritedLimits inherited =
        new InheritedLimits(List.of(new TokenRate(new UUID(3, 4), 1)), List.of());
    AccessToken token = token(USE, limits, inherited, BY_USER, Optional.empty());

    assertThat(token.passedOn())
        .isEqualTo(
            new InheritedLimits(
                inherited.rates(), List.of(), List.of(new TokenPace(ID, PaceKind.CONCURRENT, 1))));
    assertThat(token.asCallToken()).isEqualTo(new CallLimits.Token(ID, limits, inherited));
  }

  private static AccessToken token(
      TokenScope scope,
      Limits limits,
      InheritedLimits inherited,
      AccessToken.Provenance provenance,
      Optional<Instant> refreshableUntil) {
    return new AccessToken(
        new AccessToken.Id(ID),
        new User.Id(ID),
        new TokenName("laptop"),
        scope,
        provenance,
        Optional.empty(),
        limits,
        inherited,
        NOON,
        Optional.empty(),
        Optional.empty(),
        refreshableUntil,
        TokenBinding.NONE,
        Optional.empty());
  }
}
