package io.claviger.application.standards;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandardListTest {
  private final Wiring w = new Wiring();
  private final Actor alice = w.as(w.user("alice"));
  private final Standards standards = w.standards;

  @Test
  void every_user_sees_a_standard() {
    assertThat(standards.find(alice, new Handle("cohere"))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(because(standards.find(alice, new Handle("nothing")))).isEqualTo("not_found");
  }

  @Test
  void all_are_listed_by_handle() {
    assertThat(handles(standards.list(alice, new PageRequest<>(Optional.empty(), 50))))
        .isEqualTo(Seeds.STANDARDS.stream().map(standard -> standard.handle().value()).toList());
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Page<ApiStandard, Handle> first = standards.list(alice, new PageRequest<>(Optional.empty(), 4));

    assertThat(handles(standards.list(alice, new PageRequest<>(first.next(), 4))))
        .containsExactly("gemini", "none", "ollama", "openai");
  }

  private static List<String> handles(Page<ApiStandard, Handle> page) {
    return page.items().stream().map(s -> s.handle().value()).toList();
  }
}
