package io.claviger.application.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.search.port.NameQuery;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NameSearchTest {
  @Test
  void a_text_is_the_beginning_of_a_handle_and_of_words() {
    assertThat(NameQuery.of(" Claude-Wri "))
        .contains(
            new NameQuery(Optional.empty(), Optional.of("claude-wri"), List.of("claude", "wri")));
    assertThat(NameQuery.of("two words"))
        .contains(new NameQuery(Optional.empty(), Optional.empty(), List.of("two", "words")));
    assertThat(NameQuery.of("@nlp").orElseThrow().prefix()).contains("nlp");
  }

  @Test
  void an_owner_stands_before_a_slash() {
    assertThat(NameQuery.of("alice/"))
        .contains(new NameQuery(Optional.of("alice"), Optional.of(""), List.of()));
    assertThat(NameQuery.of("_system/house").orElseThrow().owner()).contains("_system");
    assertThat(NameQuery.of("a/b/c").orElseThrow().owner()).isEmpty();
    assertThat(NameQuery.of("/chat").orElseThrow().owner()).isEmpty();
  }

  @Test
  void a_text_without_two_letters_or_digits_is_too_short() {
    for (String text : new String[] {"", " ", "a", "%%%%", "- x -", "@", "/"}) {
      assertThat(NameQuery.of(text)).as(text).isEmpty();
    }
    assertThat(NameQuery.of("a b")).isPresent();
    assertThat(NameQuery.of("çé")).isPresent();
  }

  @Test
  void words_have_letters_and_digits_only_and_are_few_and_short() {
    NameQuery query =
        NameQuery.of("it's (a) 'test':* & !x | \\y <-> z " + "w".repeat(300)).orElseThrow();
    assertThat(query.words())
        .hasSizeLessThanOrEqualTo(5)
        .allSatisfy(word -> assertThat(word).matches("[\\p{L}\\p{N}]{1,100}"));
  }
}
