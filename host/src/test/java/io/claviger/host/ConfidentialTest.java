package io.claviger.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConfidentialTest {

  @Test
  void a_secret_does_not_show_itself() {
    assertThat(Confidential.of("hunter2")).hasToString("(confidential)");
  }

  @Test
  void what_was_lent_is_wiped_and_the_secret_stays() {
    Confidential secret = Confidential.of("hunter2");
    AtomicReference<char[]> kept = new AtomicReference<>(new char[0]);
    secret.lend(
        text -> {
          kept.set(text);
          return "";
        });
    assertThat(kept.get()).hasSize(7).containsOnly('\0');
    assertThat(secret.<String>lend(String::new)).isEqualTo("hunter2");
  }

  @Test
  void a_random_key_has_43_characters_and_no_two_are_the_same() {
    RandomKey keys = new RandomKey();
    String first = keys.next().lend(String::new);
    assertThat(first).matches("[A-Za-z0-9_-]{43}");
    assertThat(keys.next().<String>lend(String::new)).isNotEqualTo(first);
  }
}
