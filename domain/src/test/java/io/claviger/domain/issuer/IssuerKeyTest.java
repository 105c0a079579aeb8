package io.claviger.domain.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.domain.issuer.IssuerKey.State;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IssuerKeyTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final IssuerKey FRESH = IssuerKey.made("k", State.PUBLISHED, NOW);

  /** The key of RFC 7638, 3.1, "JSON Web Key (JWK) Thumbprint", September 2015. */
  @Test
  void its_id_is_the_thumbprint_of_rfc_7638() {
    String n =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    VerificationKey key =
        new VerificationKey(
            new BigInteger(1, Base64.getUrlDecoder().decode(n)), new BigInteger("65537"));

    assertThat(key.kid()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assertThat(key.n()).isEqualTo(n);
    assertThat(key.e()).isEqualTo("AQAB");
  }

  @Test
  void it_signs_a_day_after_providers_could_first_read_it_and_not_before() {
    IssuerKey shown = FRESH.seen(true, NOW);

    assertThat(FRESH.maySign(NOW.plus(Duration.ofDays(9)))).isFalse();
    assertThat(shown.maySign(NOW.plus(Duration.ofHours(24)).minusMillis(1))).isFalse();
    assertThat(shown.maySign(NOW.plus(Duration.ofHours(24)))).isTrue();
    assertThat(shown.signsFrom()).contains(NOW.plus(Duration.ofHours(24)));
  }

  @Test
  void a_key_that_disappeared_waits_anew() {
    Instant later = NOW.plus(Duration.ofHours(23));

    assertThat(FRESH.seen(true, NOW).seen(true, later).shownAt()).contains(NOW);
    assertThat(FRESH.seen(true, NOW).seen(false, later).shownAt()).isEmpty();
    assertThat(FRESH.seen(true, NOW).seen(false, later).seen(true, later).shownAt())
        .contains(later);
  }

  @Test
  void a_key_that_signs_is_not_awaited() {
    IssuerKey signing = FRESH.seen(true, NOW).signing();

    assertThat(signing.seen(true, NOW)).isEqualTo(signing);
    assertThat(signing.signsFrom()).isEmpty();
    assertThat(signing.maySign(NOW.plus(Duration.ofDays(9)))).isFalse();
    assertThat(signing.isPublished(NOW.plus(Duration.ofDays(9000)))).isTrue();
  }

  @Test
  void a_retired_key_stays_published_until_its_last_statement_has_ended() {
    IssuerKey retired = FRESH.signing().retired(NOW);

    assertThat(retired.isPublished(NOW.plus(ServiceClaims.LIFETIME))).isTrue();
    assertThat(retired.isPublished(NOW.plus(IssuerKey.SHOWN_AFTER).minusMillis(1))).isTrue();
    assertThat(retired.isPublished(NOW.plus(IssuerKey.SHOWN_AFTER))).isFalse();
  }

  @Test
  void what_contradicts_its_state_is_no_key() {
    for (State state : State.values()) {
      boolean retired = state == State.RETIRED;
      assertNoKey(state, Optional.empty(), retired ? Optional.empty() : Optional.of(NOW));
      if (state != State.PUBLISHED) {
        assertNoKey(state, Optional.of(NOW), retired ? Optional.of(NOW) : Optional.empty());
      }
    }
  }

  private static void assertNoKey(
      State state, Optional<Instant> shownAt, Optional<Instant> endsAt) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IssuerKey("k", state, NOW, shownAt, endsAt));
  }
}
