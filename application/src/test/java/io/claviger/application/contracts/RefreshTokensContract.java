package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.oauth.port.RefreshTokenStore.Family;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link RefreshTokenStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class RefreshTokensContract extends PortContract {
  private final RefreshToken first = family(1);
  private final RefreshToken other = family(2);
  private User alice;
  private AccessToken token;

  @BeforeEach
  void store() {
    alice = user("alice");
    token = device(1);
    tokens().insert(token.id(), first, NOW);
    tokens().insert(device(2).id(), other, NOW);
  }

  @Test
  void the_valid_one_is_found_by_its_family() {
    assertThat(tokens().find(first.familyHash())).contains(new Family(token.id(), first.hash()));
    assertThat(locked(first.familyHash())).contains(new Family(token.id(), first.hash()));
    assertThat(tokens().find(first.hash())).isEmpty();
    assertThat(tokens().find(family(3).familyHash())).isEmpty();
    assertThat(locked(family(3).familyHash())).isEmpty();
  }

  @Test
  void it_is_replaced_by_one_of_the_same_family() {
    RefreshToken next = first.next(bytes(RefreshToken.RANDOM_BYTES, 7));
    Optional<Family> before = tokens().find(other.familyHash());

    tokens().replace(token.id(), next, NOW.plusSeconds(1));

    assertThat(tokens().find(first.familyHash())).contains(new Family(token.id(), next.hash()));
    assertThat(tokens().find(other.familyHash())).isEqualTo(before).isPresent();
  }

  @Test
  void a_family_ends_with_its_access_token() {
    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isTrue();

    assertThat(tokens().find(first.familyHash())).isEmpty();
    assertThat(locked(first.familyHash())).isEmpty();
    assertThat(tokens().find(other.familyHash())).isPresent();
  }

  @Test
  void it_ends_with_a_suspension_of_its_user_and_so_does_the_access_token() {
    ports.users().update(alice.withSuspension(Optional.of(NOW), NOW));

    assertThat(tokens().find(first.familyHash())).isEmpty();
    assertThat(ports.accessTokens().listOf(alice.id(), none(), 10)).isEmpty();
  }

  @Test
  void there_is_none_without_an_access_token() {
    assertLost(
        REFERENCE_GONE,
        () -> tokens().insert(new AccessToken.Id(UUID.randomUUID()), family(3), NOW));
  }

  private RefreshTokenStore tokens() {
    return ports.refreshTokens();
  }

  private Optional<Family> locked(TokenHash family) {
    return ports.transactions().inTransaction(() -> tokens().lock(family));
  }

  private AccessToken device(int number) {
    AccessToken stored =
        new AccessToken(
            new AccessToken.Id(UUID.randomUUID()),
            alice.id(),
            new TokenName("device"),
            TokenScope.USE,
            AccessToken.Provenance.of(AccessToken.Origin.DEVICE),
            none(),
            Limits.NONE,
            InheritedLimits.NONE,
            NOW,
            Optional.of(NOW.plusSeconds(60)),
            none(),
            Optional.of(NOW.plusSeconds(600)),
            TokenBinding.NONE,
            none());
    ports.accessTokens().save(stored, hash(number));
    return stored;
  }

  private static RefreshToken family(int number) {
    return RefreshToken.first(
        bytes(RefreshToken.FAMILY_BYTES, number), bytes(RefreshToken.RANDOM_BYTES, number));
  }

  private static byte[] bytes(int count, int first) {
    byte[] bytes = new byte[count];
    bytes[0] = (byte) first;
    return bytes;
  }
}
