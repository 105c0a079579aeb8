package io.claviger.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.keys.port.KeyWrapper;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A start waits for keys whose wrapping device or server can't be reached. */
class KeyUnwrappingTest {
  private static final WrappedKey ONE = WrappedKey.of("wrapped:v1:AAEC:transit:one");
  private static final WrappedKey TWO = WrappedKey.of("wrapped:v1:AAEC:transit:two");
  private static final String TEXT = "first-encryption-key-of-32-characters";

  private final List<String> notices = new ArrayList<>();
  private long now = 1;
  private long backAt = Long.MAX_VALUE;
  private int attempts;

  @Test
  void a_key_is_unwrapped_without_a_wait_where_nothing_is_away() {
    backAt = 0;
    assertThat(unwrapping(60).unwrap(ONE)).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
    assertThat(attempts).isEqualTo(1);
    assertThat(notices).isEmpty();
  }

  @Test
  void a_start_waits_and_says_once_why() {
    backAt = Duration.ofSeconds(42).toNanos();
    assertThat(unwrapping(60).unwrap(ONE)).isNotEmpty();
    assertThat(now).isBetween(backAt, backAt + Duration.ofSeconds(2).toNanos());
    assertThat(notices)
        .containsExactly(
            "the encryption key wrapped with transit:one can't be unwrapped: nobody answers;"
                + " trying again for 60 s");
  }

  @Test
  void after_the_wait_the_start_ends_and_names_the_reason() {
    assertThatThrownBy(() -> unwrapping(60).unwrap(ONE))
        .isInstanceOfSatisfying(
            StartRefused.class, refused -> assertThat(refused.isLasting()).isFalse())
        .hasMessage(
            "the encryption key wrapped with transit:one can't be unwrapped: nobody answers");
    assertThat(Duration.ofNanos(now)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
  }

  @Test
  void all_keys_together_have_the_time_of_one() {
    backAt = Duration.ofSeconds(50).toNanos();
    KeyUnwrapping unwrapping = unwrapping(60);
    assertThat(unwrapping.unwrap(ONE)).isNotEmpty();
    backAt = Long.MAX_VALUE;
    assertThatThrownBy(() -> unwrapping.unwrap(TWO)).isInstanceOf(StartRefused.class);
    assertThat(Duration.ofNanos(now)).isLessThan(Duration.ofSeconds(62));
  }

  @Test
  void a_refusal_is_not_repeated_because_a_token_may_lock_itself() {
    assertThatThrownBy(() -> unwrapping(60).unwrap(WrappedKey.of("wrapped:v1:AAEC:transit:no")))
        .isInstanceOfSatisfying(
            StartRefused.class, refused -> assertThat(refused.isLasting()).isTrue())
        .hasMessageContaining("wrong PIN");
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void a_refusal_that_locks_nothing_may_be_followed_by_another_start() {
    assertThatThrownBy(() -> unwrapping(60).unwrap(WrappedKey.of("wrapped:v1:AAEC:transit:gone")))
        .isInstanceOfSatisfying(
            StartRefused.class, refused -> assertThat(refused.isLasting()).isFalse())
        .hasMessageContaining("no such key");
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void without_a_wait_there_is_one_attempt() {
    assertThatThrownBy(() -> unwrapping(0).unwrap(ONE)).isInstanceOf(StartRefused.class);
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void where_nothing_unwraps_a_wrapped_key_is_refused_and_never_used_as_it_is() {
    assertThatThrownBy(() -> OperatorSecrets.of(Confidential.of(ONE.line() + "," + TEXT)))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("wrapped keys can't be used here");
    assertThat(
            OperatorSecrets.of(Confidential.of(TEXT), unwrapping(0), Optional.empty(), Map.of())
                .keyring()
                .wrappings())
        .isEmpty();
  }

  private KeyUnwrapping unwrapping(int seconds) {
    return new KeyUnwrapping(
        List.of(new Distant()),
        Duration.ofSeconds(seconds),
        notices::add,
        () -> now,
        pause -> now += pause.toNanos());
  }

  /** Answers from a certain time on. */
  private final class Distant implements KeyWrapper {
    @Override
    public boolean uses(KeyUri with) {
      return true;
    }

    @Override
    public byte[] wrap(byte[] key, KeyUri with) {
      return key.clone();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, KeyUri with) {
      attempts++;
      if (with.text().endsWith(":no")) {
        throw OutsideKeyFailure.refusedPin("wrong PIN");
      }
      if (with.text().endsWith(":gone")) {
        throw OutsideKeyFailure.refused("no such key");
      }
      if (now < backAt) {
        throw OutsideKeyFailure.away("nobody answers");
      }
      return TEXT.getBytes(StandardCharsets.UTF_8);
    }
  }
}
