package io.claviger.imports.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.keys.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeySelectionTest {
  private static final Secret SEALED = Secret.takingOver(new byte[] {1});
  private static final Secret CLEAR = Secret.takingOver(new byte[] {2});
  private static final SourceKey ABSENT = new SourceKey.Absent();
  private static final SourceKey CLOSED = new SourceKey.Closed();
  private static final SourceKey UNUSABLE = new SourceKey.Unusable();
  private static final SourceKey OPENED = new SourceKey.Usable(SEALED);
  private static final SourceKey PLAIN = new SourceKey.Usable(CLEAR);

  @Test
  void the_encrypted_key_wins_where_it_opens() {
    for (SourceKey plain : new SourceKey[] {ABSENT, UNUSABLE, PLAIN}) {
      assertThat(KeySelection.of(OPENED, plain)).isEqualTo(choice(SEALED, null));
      assertThat(KeySelection.of(UNUSABLE, plain))
          .isEqualTo(choice(null, ReportReason.INVALID_API_KEY));
    }
  }

  @Test
  void where_it_does_not_open_the_plaintext_comes_and_that_is_told() {
    assertThat(KeySelection.of(CLOSED, PLAIN))
        .isEqualTo(choice(CLEAR, ReportReason.ENCRYPTED_KEY_DOES_NOT_OPEN));
    assertThat(KeySelection.of(CLOSED, ABSENT))
        .isEqualTo(choice(null, ReportReason.KEY_DOES_NOT_OPEN));
    assertThat(KeySelection.of(CLOSED, UNUSABLE))
        .isEqualTo(choice(null, ReportReason.KEY_DOES_NOT_OPEN));
  }

  @Test
  void without_an_encrypted_one_there_is_the_plaintext_or_none() {
    assertThat(KeySelection.of(ABSENT, PLAIN)).isEqualTo(choice(CLEAR, null));
    assertThat(KeySelection.of(ABSENT, ABSENT)).isEqualTo(choice(null, null));
    assertThat(KeySelection.of(ABSENT, UNUSABLE))
        .isEqualTo(choice(null, ReportReason.INVALID_API_KEY));
  }

  private static KeySelection choice(
      @org.jspecify.annotations.Nullable Secret key,
      @org.jspecify.annotations.Nullable ReportReason leftOut) {
    return new KeySelection(Optional.ofNullable(key), Optional.ofNullable(leftOut));
  }
}
