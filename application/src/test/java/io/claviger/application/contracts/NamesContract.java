package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.search.port.NameStore.Found;
import io.claviger.application.search.port.NameStore.Kind;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Audience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link NameStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class NamesContract extends PortContract {
  private User alice;
  private User bob;

  @BeforeEach
  void fill() {
    alice = stored(AUser.called("alice").email("wonder@example.org"));
    bob = user("bob");
  }

  @Test
  void services_are_found_by_handles_and_by_the_beginnings_of_words() {
    stored(AnInstance.of(alice, "chat").displayName("For writing").model("claude-sonnet").build());
    stored(AnInstance.of(alice, "writing-aid").displayName("Aid").model("gpt-4o").build());
    stored(AnInstance.of(bob, "chat").displayName("WRITE_it").model("m").build());

    assertThat(find(Kind.SERVICE, everything(), "chat")).containsExactly("alice/chat", "bob/chat");
    assertThat(find(Kind.SERVICE, everything(), "writ"))
        .containsExactly("alice/writing-aid", "alice/chat", "bob/chat");
    assertThat(find(Kind.SERVICE, everything(), "Sonnet for")).containsExactly("alice/chat");
    assertThat(find(Kind.SERVICE, everything(), "4o")).containsExactly("alice/writing-aid");
    assertThat(find(Kind.SERVICE, everything(), "riting")).isEmpty();
    assertThat(find(Kind.SERVICE, everything(), "alice/")).hasSize(2);
    assertThat(find(Kind.SERVICE, everything(), "alice/c")).containsExactly("alice/chat");
    assertThat(find(Kind.SERVICE, everything(), "ali/c")).isEmpty();
    assertThat(find(Kind.SERVICE, seenBy(alice), "writ"))
        .containsExactly("alice/writing-aid", "alice/chat");
    assertThat(find(Kind.SERVICE, seenBy(alice), "sonnet for")).containsExactly("alice/chat");
    assertThat(find(Kind.SERVICE, seenBy(alice), "alice/")).hasSize(2);
    assertThat(find(Kind.SERVICE, seenBy(alice), "bob/")).isEmpty();
  }

  @Test
  void nothing_that_somebody_types_is_a_pattern_or_an_operator() {
    stored(
        AnInstance.of(alice, "chat")
            .displayName("50% _off_ <b>bold</b> O'Neil's")
            .model("m")
            .build());

    for (Sight sight : List.of(everything(), seenBy(alice))) {
      for (String typed : List.of("%%", "__", "ch_t", "c%t", "chat | zzz", "!zzz & !yyy", "':*")) {
        assertThat(find(Kind.SERVICE, sight, typed)).as(typed).isEmpty();
      }
      for (String typed : List.of("50%", "_off_", "bold</b>", "O'Neil", "chat:*", "chat'")) {
        assertThat(find(Kind.SERVICE, sight, typed)).as(typed).containsExactly("alice/chat");
      }
    }
  }

  @Test
  void others_find_what_they_own_or_hold_themselves_or_by_a_group_as_long_as_they_do() {
    Group lab = AGroup.called("lab");
    ports.groups().insert(lab);
    ports
        .groups()
        .putMember(lab.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, NOW));
    Instance lent = stored(AnInstance.of(alice, "svc-lent").build());
    Instance byGroup = stored(AnInstance.of(alice, "svc-by-group").build());
    Instance ended = stored(AnInstance.of(alice, "svc-ended").build());
    Instance apart = stored(AnInstance.systemLevel("svc-some").audience(Audience.SHARED).build());
    stored(AnInstance.of(alice, "svc-hidden").build());
    stored(AnInstance.of(bob, "svc-own").build());
    stored(AnInstance.systemLevel("svc-all").build());
    shared(lent, AShare.with(bob).givenBy(alice).build(), alice);
    shared(byGroup, AShare.with(lab).givenBy(alice).build(), alice);
    shared(ended, AShare.with(bob).givenBy(alice).expiresAt(NOW).build(), alice);

    for (String typed : List.of("svc", "svc-")) {
      assertThat(find(Kind.SERVICE, seenBy(bob), typed))
          .containsExactly(
              "_system/svc-all", "alice/svc-by-group", "alice/svc-lent", "bob/svc-own");
    }
    assertThat(find(Kind.SERVICE, seenBy(bob), "hidden")).isEmpty();
    assertThat(find(Kind.SERVICE, seenBy(bob), "svc-hidden")).isEmpty();
    assertThat(find(Kind.SERVICE, seenBy(bob), "alice/svc-hidden")).isEmpty();
    assertThat(find(Kind.SERVICE, everything(), "svc")).hasSize(6);
    assertThat(find(Kind.SERVICE, seenOnly(bob, lent.id().value()), "svc"))
        .containsExactly("alice/svc-lent");
    assertThat(find(Kind.SERVICE, seenOnly(bob, apart.id().value()), "svc")).isEmpty();
  }

  @Test
  void people_are_found_by_those_who_know_them_by_their_handles_alone() {
    User carol = stored(AUser.called("carol").email("wonder@example.org"));
    Instance alices = stored(AnInstance.of(alice, "one").build());
    shared(alices, AShare.with(bob).givenBy(alice).build(), alice);

    assertThat(find(Kind.PERSON, seenBy(bob), "ali")).containsExactly("alice");
    assertThat(find(Kind.PERSON, seenBy(bob), "wonder")).isEmpty();
    assertThat(find(Kind.PERSON, seenBy(bob), "carol")).isEmpty();
    assertThat(found(Kind.PERSON, seenBy(bob), "ali").get(0).displayName()).isEmpty();
    assertThat(find(Kind.PERSON, Sight.ofEverything(bob.id()), "wonder"))
        .containsExactly("alice", carol.handle().value());
    assertThat(find(Kind.PERSON, Sight.ofEverything(bob.id()), "bob")).isEmpty();
    assertThat(find(Kind.PERSON, Sight.ofEverything(bob.id()), "system")).isEmpty();
  }

  @Test
  void everybody_finds_groups() {
    ports.groups().insert(AGroup.called("nlp-lab"));
    ports.groups().insert(AGroup.called("vision"));

    assertThat(find(Kind.GROUP, seenBy(bob), "@nlp")).containsExactly("nlp-lab");
    assertThat(find(Kind.GROUP, seenBy(bob), "lab")).containsExactly("nlp-lab");
    assertThat(find(Kind.GROUP, everything(), "vi")).containsExactly("vision");
  }

  @Test
  void projects_are_found_by_their_owners_and_members() {
    stored(AProject.of(alice, "thesis").build());
    stored(AProject.of(bob, "thesis-notes").build());

    assertThat(find(Kind.PROJECT, seenBy(bob), "thes")).containsExactly("bob/thesis-notes");
    assertThat(find(Kind.PROJECT, seenBy(bob), "notes")).containsExactly("bob/thesis-notes");
    assertThat(find(Kind.PROJECT, seenBy(bob), "alice/")).isEmpty();
    assertThat(find(Kind.PROJECT, everything(), "thesis"))
        .containsExactly("alice/thesis", "bob/thesis-notes");
  }

  @Test
  void models_are_found_by_those_who_may_use_a_service_of_theirs() {
    Instance all = stored(AnInstance.systemLevel("all").build());
    Instance some = stored(AnInstance.systemLevel("some").audience(Audience.SHARED).build());
    ports.modelConfigs().insert(AModelConfig.of("gpt-open").boundTo(all).build(), alice.id());
    ports.modelConfigs().insert(AModelConfig.of("gpt-closed").boundTo(some).build(), alice.id());
    ports.modelConfigs().insert(AModelConfig.of("gpt-loose").build(), alice.id());
    ports
        .modelConfigs()
        .insert(AModelConfig.of("gpt-foreign").provider(Provider.COHERE).build(), alice.id());
    ports
        .modelConfigs()
        .insert(AModelConfig.of("gpt-off").boundTo(all).disabled().build(), alice.id());

    assertThat(find(Kind.MODEL, seenBy(bob), "gpt")).containsExactly("gpt-loose", "gpt-open");
    assertThat(find(Kind.MODEL, everything(), "gpt")).hasSize(5);
    shared(some, AShare.with(bob).build(), alice);
    assertThat(find(Kind.MODEL, seenBy(bob), "closed")).containsExactly("gpt-closed");
  }

  @Test
  void an_answer_has_at_most_as_many_as_are_wanted_and_those_first_that_begin_with_the_text() {
    for (int n = 10; n < 30; n++) {
      stored(AnInstance.of(alice, "a-" + n).displayName("zebra " + n).build());
    }
    stored(AnInstance.of(alice, "zebra").build());

    for (Sight sight : List.of(everything(), seenBy(alice))) {
      assertThat(find(Kind.SERVICE, sight, "zebra")).hasSize(6).startsWith("alice/zebra");
      assertThat(find(Kind.SERVICE, sight, "a-")).isEmpty();
      assertThat(find(Kind.SERVICE, sight, "a-1"))
          .containsExactly(
              "alice/a-10", "alice/a-11", "alice/a-12", "alice/a-13", "alice/a-14", "alice/a-15");
    }
  }

  private Sight everything() {
    return Sight.ofEverything(bob.id());
  }

  private static Sight seenBy(User user) {
    return new Sight(user.id(), false, none(), false);
  }

  private static Sight seenOnly(User user, UUID id) {
    return new Sight(user.id(), false, Optional.of(id), false);
  }

  private List<String> find(Kind kind, Sight sight, String typed) {
    return found(kind, sight, typed).stream().map(Found::name).toList();
  }

  private List<Found> found(Kind kind, Sight sight, String typed) {
    return NameQuery.of(typed)
        .map(query -> ports.names().find(kind, sight, query, NOW, 6))
        .orElseGet(ArrayList::new);
  }
}
