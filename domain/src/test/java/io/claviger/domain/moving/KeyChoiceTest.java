package io.claviger.domain.moving;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.keys.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyChoiceTest {
  private static final Secret SEALED = Secret.takingOver(new byte[] {1});
  private static final Secret CLEAR = Secret.takingOver(new byte[] {2});
  private static final FoundKey ABSENT = new FoundKey.Absent();
  private static final FoundKey CLOSED = new FoundKey.Closed();
  private static final FoundKey UNUSABLE = new FoundKey.Unusable();
  private static final FoundKey OPENED = new FoundKey.Usable(SEALED);
  private static final FoundKey PLAIN = new FoundKey.Usable(CLEAR);

  @Test
  void the_encrypted_key_wins_where_it_opens() {
    for (FoundKey plain : new FoundKey[] {ABSENT, UNUSABLE, PLAIN}) {
      assertThat(KeyChoice.of(OPENED, plain)).isEqualTo(choice(SEALED, null));
      assertThat(KeyChoice.of(UNUSABLE, plain)).isEqualTo(choice(null, Reason.INVALID_API_KEY));
    }
  }

  @Test
  void where_it_does_not_open_the_plaintext_comes_and_that_is_told() {
    assertThat(KeyChoice.of(CLOSED, PLAIN))
        .isEqualTo(choice(CLEAR, Reason.ENCRYPTED_KEY_DOES_NOT_OPEN));
    assertThat(KeyChoice.of(CLOSED, ABSENT)).isEqualTo(choice(null, Reason.KEY_DOES_NOT_OPEN));
    assertThat(KeyChoice.of(CLOSED, UNUSABLE)).isEqualTo(choice(null, Reason.KEY_DOES_NOT_OPEN));
  }

  @Test
  void without_an_encrypted_one_there_is_the_plaintext_or_none() {
    assertThat(KeyChoice.of(ABSENT, PLAIN)).isEqualTo(choice(CLEAR, null));
    assertThat(KeyChoice.of(ABSENT, ABSENT)).isEqualTo(choice(null, null));
    assertThat(KeyChoice.of(ABSENT, UNUSABLE)).isEqualTo(choice(null, Reason.INVALID_API_KEY));
  }

  private static KeyChoice choice(
      @org.jspecify.annotations.Nullable Secret key,
      @org.jspecify.annotations.Nullable Reason leftOut) {
    return new KeyChoice(Optional.ofNullable(key), Optional.ofNullable(leftOut));
  }
}
