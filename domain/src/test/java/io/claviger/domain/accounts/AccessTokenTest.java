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
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID ID = new UUID(1, 2);

  private static AccessToken token(
      TokenScope scope, Optional<TokenRestriction> restriction, Optional<Instant> expiresAt) {
    return new AccessToken(
        new AccessToken.Id(ID),
        new User.Id(ID),
        new TokenName("laptop"),
        scope,
        AccessToken.Provenance.of(AccessToken.Origin.USER),
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
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "LiteLLM", "lite llm", "9", "-a", "a\n"})
  void a_system_from_which_tokens_come_has_a_plain_name(String name) {
    assertThatThrownBy(() -> new AccessToken.Imported(name, new TokenPrefix("sk-")))
        .isInstanceOf(InvalidValue.class);
  }
}
