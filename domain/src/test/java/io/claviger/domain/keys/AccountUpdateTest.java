package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.keys.AccountUpdate.Ruling;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All combinations of writes, records and answers. */
class AccountUpdateTest {
  @ParameterizedTest
  @CsvSource({
    "false, false, none,  STAYS",
    "false, false, true,  STAYS",
    "false, false, false, STAYS",
    "false, true,  none,  STAYS",
    "false, true,  true,  STAYS",
    "false, true,  false, STAYS",
    "true,  false, none,  MOVES",
    "true,  false, true,  STAYS",
    "true,  false, false, MOVES",
    "true,  true,  none,  ANSWER_REQUIRED",
    "true,  true,  true,  STAYS",
    "true,  true,  false, MOVES"
  })
  void anotherKeyNeedsAnAnswerWhereSomethingIsStored(
      boolean replaces, boolean holdsObjects, String answer, Ruling ruling) {
    Optional<Boolean> sameAccount =
        answer.equals("none") ? Optional.empty() : Optional.of(Boolean.valueOf(answer));

    assertThat(new AccountUpdate(replaces, holdsObjects, sameAccount).judge()).isEqualTo(ruling);
  }
}
