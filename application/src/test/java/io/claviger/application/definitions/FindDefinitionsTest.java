package io.claviger.application.definitions;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindDefinitionsTest {
  private static final DefinitionFilter ALL =
      new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());

  private final DefinitionFixture p = new DefinitionFixture();
  private final Definitions definitions = p.w.definitions;

  @Test
  void the_owner_sees_their_private_one() {
    assertThat(definitions.find(p.w.as(p.alice), p.secret.ref())).isEqualTo(Outcome.done(p.secret));
  }

  @Test
  void another_does_not_see_a_private_one() {
    assertThat(because(definitions.find(p.w.as(p.bob), p.secret.ref()))).isEqualTo("not_found");
  }

  @Test
  void everybody_sees_a_public_one() {
    assertThat(definitions.find(p.w.as(p.bob), p.open.ref())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void everybody_sees_those_of_the_system() {
    assertThat(definitions.find(p.w.as(p.bob), Definition.Ref.of("_system/openai-large")))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_administrator_sees_private_ones() {
    assertThat(definitions.find(p.w.as(p.root), p.secret.ref())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_token_of_scope_use_shows_none() {
    assertThat(because(definitions.find(p.w.using(p.alice), p.secret.ref())))
        .isEqualTo("forbidden");
    assertThat(because(definitions.list(p.w.using(p.alice), ALL, first(50))))
        .isEqualTo("forbidden");
  }

  @Test
  void the_list_has_what_one_can_see_by_owner_and_handle() {
    assertThat(refs(definitions.list(p.w.as(p.bob), ALL, first(50))))
        .containsExactly(
            "_system/anthropic-chat",
            "_system/cohere-chat",
            "_system/cohere-multilingual-v3",
            "_system/cohere-v4",
            "_system/gemini-chat",
            "_system/gemini-embedding-001",
            "_system/ollama-chat",
            "_system/openai-chat",
            "_system/openai-large",
            "_system/openai-small",
            "alice/open");
  }

  @Test
  void ones_own_are_listed_too() {
    assertThat(refs(definitions.list(p.w.as(p.alice), ALL, first(50))))
        .endsWith("alice/open", "alice/secret");
  }

  @Test
  void the_list_can_be_filtered_by_provider() {
    assertThat(
            refs(
                definitions.list(
                    p.w.as(p.bob),
                    new DefinitionFilter(
                        Optional.of(Provider.GOOGLE), Optional.empty(), Optional.empty()),
                    first(50))))
        .containsExactly("_system/gemini-chat", "_system/gemini-embedding-001");
  }

  @Test
  void the_list_can_be_filtered_by_standard_and_owner() {
    assertThat(
            refs(
                definitions.list(
                    p.w.as(p.bob),
                    new DefinitionFilter(
                        Optional.empty(),
                        Optional.of(new Handle("openai")),
                        Optional.of(p.alice.handle())),
                    first(50))))
        .containsExactly("alice/open");
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Page<Definition, Definition.Ref> page =
        definitions.list(p.w.as(p.bob), ALL, first(9)).orThrow();

    assertThat(refs(definitions.list(p.w.as(p.bob), ALL, new PageRequest<>(page.next(), 9))))
        .containsExactly("_system/openai-small", "alice/open");
  }

  @Test
  void of_another_owner_one_sees_what_one_can_see() {
    assertThat(refs(ofOwner(p.bob, "alice"))).containsExactly("alice/open");
  }

  @Test
  void a_collection_in_which_one_sees_nothing_is_not_there() {
    assertThat(because(ofOwner(p.alice, "bob"))).isEqualTo("not_found");
  }

  @Test
  void a_collection_of_nobody_is_not_there() {
    assertThat(ofOwner(p.alice, "nobody")).isEqualTo(ofOwner(p.alice, "bob"));
  }

  @Test
  void ones_own_collection_is_there_when_it_is_empty() {
    assertThat(refs(ofOwner(p.bob, "bob"))).isEmpty();
  }

  @Test
  void an_administrator_sees_that_a_users_collection_is_empty() {
    assertThat(refs(ofOwner(p.root, "bob"))).isEmpty();
    assertThat(because(ofOwner(p.root, "nobody"))).isEqualTo("not_found");
  }

  private Outcome<Page<Definition, Definition.Ref>> ofOwner(User actor, String owner) {
    return definitions.listOfOwner(p.w.as(actor), new Handle(owner), first(50));
  }

  private static PageRequest<Definition.Ref> first(int limit) {
    return new PageRequest<>(Optional.empty(), limit);
  }

  private static List<String> refs(Outcome<Page<Definition, Definition.Ref>> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().items().stream().map(d -> d.ref().toString()).toList();
  }
}
