package io.claviger.application.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.util.ArrayList;
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

  /** Whoever has a token of scope {@code use} sees only what its user may use. */
  @Test
  void people_and_groups_are_not_searched_with_a_token_of_scope_use() {
    Wiring w = new Wiring();
    User root = w.administrator("root");
    Instance service = w.stored(AnInstance.of(root, "own").build());
    Actor restricted = w.with(root, AToken.of(root).onlyFor(service).build());

    assertThat(searched(w, w.as(root), "an"))
        .containsExactly(
            "SERVICE everything",
            "PERSON everything",
            "GROUP everything",
            "MODEL everything",
            "PROJECT everything");
    assertThat(searched(w, w.as(root), "alice/an"))
        .containsExactly("SERVICE everything", "PROJECT everything");
    assertThat(searched(w, w.using(root), "an")).containsExactly("SERVICE", "MODEL", "PROJECT");
    assertThat(searched(w, restricted, "an")).containsExactly("SERVICE", "PROJECT");
  }

  /** The kinds that are searched, and for which of them the actor sees everything. */
  private static List<String> searched(Wiring w, Actor actor, String text) {
    List<String> asked = new ArrayList<>();
    NameStore names =
        (kind, sight, query, now, limit) -> {
          asked.add(sight.everything() ? kind + " everything" : kind.name());
          return List.of();
        };
    assertThat(NameSearch.of(names, w.changes).find(actor, text, 5).found()).isEmpty();
    return asked;
  }
}
