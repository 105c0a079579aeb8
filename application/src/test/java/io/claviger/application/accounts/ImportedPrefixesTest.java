package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImportedPrefixesTest {
  private static final TokenText TEXT = TokenText.presented("sk-0123456789");
  private static final TokenText OTHER = TokenText.presented("key-0123456789");

  private final List<TokenPrefix> stored = new ArrayList<>(List.of(new TokenPrefix("sk-")));
  private @Nullable RuntimeException failure;
  private int read;
  private long nanos = Long.MAX_VALUE - 5;
  private final ImportedPrefixes prefixes = new ImportedPrefixes(this::read, () -> nanos);

  private List<TokenPrefix> read() {
    read++;
    if (failure != null) {
      throw failure;
    }
    return stored;
  }

  private void pass(long more) {
    nanos += ImportedPrefixes.AGE.toNanos() + more;
  }

  @Test
  void a_flood_of_texts_reads_the_prefixes_once_a_second() {
    for (int n = 0; n < 1_000; n++) {
      assertThat(prefixes.have(TokenText.presented("sk-wrong-" + n))).isTrue();
      assertThat(prefixes.have(TokenText.presented("key-wrong-" + n))).isFalse();
    }
    assertThat(read).isEqualTo(1);

    pass(0);
    assertThat(prefixes.have(TEXT)).isTrue();
    assertThat(read).isEqualTo(1);
    pass(1);
    assertThat(prefixes.have(TEXT)).isTrue();
    assertThat(read).isEqualTo(2);
  }

  @Test
  void texts_that_can_be_no_imported_token_read_nothing() {
    for (String text :
        List.of("", "sk-", "clv_0123456789", "sk-\u00e9123456789", "sk 0123456789")) {
      assertThat(prefixes.have(TokenText.presented(text))).isFalse();
      assertThat(prefixes.mayHave(TokenText.presented(text))).isFalse();
    }
    assertThat(read).isZero();
  }

  @Test
  void who_may_not_wait_asks_only_while_the_prefixes_are_unknown() {
    assertThat(prefixes.mayHave(OTHER)).isTrue();
    assertThat(read).isZero();
    assertThat(prefixes.have(OTHER)).isFalse();
    assertThat(prefixes.mayHave(OTHER)).isFalse();
    assertThat(prefixes.mayHave(TEXT)).isTrue();

    pass(1);
    assertThat(prefixes.mayHave(OTHER)).isTrue();
    assertThat(read).isEqualTo(1);
  }

  @Test
  void a_new_prefix_counts_within_a_second() {
    assertThat(prefixes.have(OTHER)).isFalse();
    stored.add(new TokenPrefix("key-"));
    pass(1);

    assertThat(prefixes.have(OTHER)).isTrue();
  }

  static Stream<RuntimeException> failures() {
    IllegalStateException cause = new IllegalStateException("fails");
    return Stream.of(new StoreUnavailable(cause), new QueryTimeout(cause));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void while_the_database_is_away_or_slow_the_last_prefixes_count(RuntimeException passing) {
    assertThat(prefixes.have(TEXT)).isTrue();
    failure = passing;
    pass(1);

    assertThat(prefixes.have(TEXT)).isTrue();
    assertThat(prefixes.have(OTHER)).isFalse();
    assertThat(read).isEqualTo(2);
  }

  @Test
  void nobody_is_told_that_a_token_is_bad_before_the_prefixes_are_known() {
    failure = new StoreUnavailable(new IllegalStateException("away"));

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> prefixes.have(TEXT));
  }
}
