package io.claviger.domain.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IsolationTest {
  private static Isolation of(Set<ObjectKind> storage, boolean showsRates) {
    return new Isolation(
        storage,
        Set.of(),
        false,
        Optional.empty(),
        new Isolation(Set.of()).quota(),
        Set.of(),
        showsRates,
        false,
        false);
  }

  /**
   * An open connection goes on showing the rates, so its caller must still be allowed to see them.
   */
  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, true, true", "false, false, true"})
  void a_request_is_not_sent_as_checked_if_its_caller_may_see_less(
      boolean before, boolean now, boolean isChecked) {
    assertThat(of(Set.of(), before).isCheckedFor(of(Set.of(), now))).isEqualTo(isChecked);
  }

  @Test
  void a_request_is_sent_as_checked_if_more_is_lent_but_not_if_less_is() {
    Isolation files = of(Set.of(ObjectKind.FILES), false);

    assertThat(of(Set.of(), false).isCheckedFor(files)).isTrue();
    assertThat(files.isCheckedFor(of(Set.of(), false))).isFalse();
  }
}
