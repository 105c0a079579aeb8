package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.shared.Precondition;
import io.claviger.web.problems.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConditionsTest {
  private static final String BLANKS = " ".repeat(1_000_000);

  @Test
  void a_list_is_read_whatever_blanks_it_has() {
    assertThat(of(" \"1\"\t,W/\"2\" ,\"x\",\"3\" ,").versions()).contains(Set.of(1L, 3L));
  }

  /** Quadratic, this would take hours. */
  @Test
  @Timeout(60)
  void a_million_blanks_are_read_once() {
    assertThat(of(BLANKS + "\"1\"" + BLANKS).versions()).contains(Set.of(1L));
    assertThatThrownBy(() -> of("\"1\"" + BLANKS + "x" + BLANKS))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> of(BLANKS)).isInstanceOf(ProblemException.class);
  }

  private static Precondition of(String ifMatch) {
    return Conditions.of(List.of(ifMatch), List.of(), Optional.empty());
  }
}
