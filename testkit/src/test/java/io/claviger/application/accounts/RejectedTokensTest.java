package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.build.AToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RejectedTokensTest {
  private static final TokenText UNKNOWN = TokenText.of(new byte[64]);

  private final Wiring w = new Wiring();

  @Test
  void a_rejected_token_is_on_record_with_its_address() {
    present(UNKNOWN, "192.0.2.9");

    assertThat(w.recorded()).containsExactly("token.rejected refused  []");
    assertThat(w.events().get(0).address()).isEqualTo("192.0.2.9");
  }

  @Test
  void nobody_is_said_to_have_presented_it() {
    present(UNKNOWN, "192.0.2.9");

    assertThat(w.events().get(0).actor()).isEmpty();
  }

  @Test
  void a_malformed_token_is_on_record_without_its_text() {
    present(TokenText.presented(Wiring.CANARY), "192.0.2.9");

    assertThat(w.events()).hasSize(1);
    assertThat(w.events().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void an_address_is_recorded_once_a_minute() {
    present(UNKNOWN, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofSeconds(59));
    present(TokenText.presented("clv_nonsense"), "192.0.2.9");

    assertThat(w.events()).hasSize(1);
  }

  @Test
  void an_address_is_recorded_again_a_minute_later() {
    present(UNKNOWN, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofMinutes(1));
    present(UNKNOWN, "192.0.2.9");

    assertThat(w.events()).hasSize(2);
  }

  @Test
  void each_address_is_recorded() {
    present(UNKNOWN, "192.0.2.9");
    present(UNKNOWN, "192.0.2.10");

    assertThat(w.events()).hasSize(2);
  }

  @Test
  void a_good_token_is_not_on_record() {
    present(w.stored(AToken.of(w.user("alice")).build()), "192.0.2.9");

    assertThat(w.events()).isEmpty();
  }

  private void present(TokenText text, String address) {
    Authenticate.Outcome unused = w.accounts.authenticate().authenticate(text, address, "r");
  }
}
