package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.definitions.port.DefinitionStore.VisibleDefinition;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link DefinitionStore} promises. */
public abstract class DefinitionsContract extends PortContract {
  private static final DefinitionFilter ANY = new DefinitionFilter(none(), none(), none());

  @Test
  void the_seeded_ones_are_there() {
    User alice = user("alice");

    assertThat(ports.definitions().visibleTo(alice.id(), false, ANY, none(), 10))
        .isEqualTo(Seeds.DEFINITIONS);
  }

  @Test
  void a_definition_is_found_as_stored() {
    User alice = user("alice");
    Definition full =
        stored(ADefinition.of(alice, "full").description("two\nlines").isPublic().build());
    Definition bare = stored(ADefinition.of(alice, "bare").withoutDimensions().build());

    for (User viewer : List.of(alice, user("bob"))) {
      assertThat(ports.definitions().find(full.ref(), viewer.id()))
          .contains(new VisibleDefinition(full, false));
      assertThat(ports.definitions().lock(full.ref(), viewer.id()))
          .contains(new VisibleDefinition(full, false));
      assertThat(ports.definitions().hold(bare.ref(), viewer.id()))
          .contains(new VisibleDefinition(bare, false));
    }
    assertThat(ports.definitions().find(Definition.Ref.of("alice/none"), alice.id())).isEmpty();
    assertThat(ports.definitions().lock(Definition.Ref.of("alice/none"), alice.id())).isEmpty();
    assertThat(ports.definitions().hold(Definition.Ref.of("alice/none"), alice.id())).isEmpty();
  }

  @Test
  void a_definition_is_met_as_shared_by_whom_it_is_shared_with() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Definition definition = stored(ADefinition.of(alice, "d").build());
    ports.definitionShares().insert(definition.id(), AShare.with(bob).build(), alice.id());

    VisibleDefinition shared = new VisibleDefinition(definition, true);
    assertThat(ports.definitions().find(definition.ref(), bob.id())).contains(shared);
    assertThat(ports.definitions().lock(definition.ref(), bob.id())).contains(shared);
    assertThat(ports.definitions().hold(definition.ref(), bob.id())).contains(shared);
    VisibleDefinition unshared = new VisibleDefinition(definition, false);
    assertThat(ports.definitions().find(definition.ref(), carol.id())).contains(unshared);
    assertThat(ports.definitions().lock(definition.ref(), carol.id())).contains(unshared);
    assertThat(ports.definitions().hold(definition.ref(), alice.id())).contains(unshared);
  }

  @Test
  void a_share_is_one_of_a_definition_with_a_user_or_a_group_of_the_user() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    User dave = user("dave");
    Definition shared = stored(ADefinition.of(alice, "shared").build());
    Definition other = stored(ADefinition.of(alice, "other").build());
    ports.definitionShares().insert(shared.id(), AShare.with(bob).build(), alice.id());
    ports.definitionShares().insert(other.id(), AShare.with(dave).build(), alice.id());
    for (String name : List.of("lab", "team")) {
      Group group = AGroup.called(name);
      ports.groups().insert(group);
      ports
          .groups()
          .putMember(
              group.id(),
              new GroupMember(carol.id(), carol.handle(), GroupRole.MEMBER, Seeds.SEEDED_AT));
      ports.definitionShares().insert(shared.id(), AShare.with(group).build(), alice.id());
    }

    for (User viewer : List.of(bob, carol, dave)) {
      boolean sees = !viewer.equals(dave);
      assertMet(new VisibleDefinition(shared, sees), viewer);
      assertMet(new VisibleDefinition(other, !sees), viewer);
    }
  }

  private void assertMet(VisibleDefinition expected, User viewer) {
    Definition.Ref ref = expected.definition().ref();
    assertThat(ports.definitions().find(ref, viewer.id())).contains(expected);
    assertThat(ports.definitions().lock(ref, viewer.id())).contains(expected);
    assertThat(ports.definitions().hold(ref, viewer.id())).contains(expected);
  }

  @Test
  void a_user_sees_their_own_those_of_system_and_public_ones_each_once() {
    User alice = user("alice");
    User bob = user("bob");
    Definition alicesPrivate = stored(ADefinition.of(alice, "private").build());
    Definition alicesPublic = stored(ADefinition.of(alice, "public-one").isPublic().build());
    Definition bobsPublic = stored(ADefinition.of(bob, "public-one").isPublic().build());
    stored(ADefinition.of(bob, "private").build());

    List<Definition> expected = new ArrayList<>(Seeds.DEFINITIONS);
    expected.addAll(List.of(alicesPrivate, alicesPublic, bobsPublic));
    assertThat(ports.definitions().visibleTo(alice.id(), false, ANY, none(), 20))
        .isEqualTo(expected);
    assertThat(pages(alice, false, 1)).isEqualTo(expected);
    assertThat(pages(alice, false, 3)).isEqualTo(expected);
  }

  @Test
  void a_user_sees_what_is_shared_with_them_by_name_each_once() {
    User alice = user("alice");
    User bob = user("bob");
    User zoe = user("zoe");
    Definition secret = stored(ADefinition.of(alice, "secret").build());
    Definition open = stored(ADefinition.of(alice, "zz-open").isPublic().build());
    Definition zoes = stored(ADefinition.of(zoe, "d").provider(Provider.COHERE).build());
    stored(ADefinition.of(zoe, "hidden").build());
    for (Definition given : List.of(secret, open, zoes)) {
      ports.definitionShares().insert(given.id(), AShare.with(bob).build(), alice.id());
    }

    List<Definition> expected = new ArrayList<>(Seeds.DEFINITIONS);
    expected.addAll(List.of(secret, open, zoes));
    assertThat(ports.definitions().visibleTo(bob.id(), false, ANY, none(), 20)).isEqualTo(expected);
    assertThat(pages(bob, false, 1)).isEqualTo(expected);
    assertThat(pages(bob, true, 3)).hasSize(expected.size() + 1);
    assertThat(list(bob, false, new DefinitionFilter(none(), none(), Optional.of(handle("zoe")))))
        .containsExactly(zoes);
    assertThat(
            list(bob, false, new DefinitionFilter(none(), Optional.of(handle("cohere")), none())))
        .contains(zoes)
        .doesNotContain(secret);
  }

  @Test
  void who_sees_all_sees_private_ones_too() {
    User root = user("root");
    User bob = user("bob");
    Definition secret = stored(ADefinition.of(bob, "private").build());

    List<Definition> expected = new ArrayList<>(Seeds.DEFINITIONS);
    expected.add(secret);
    assertThat(ports.definitions().visibleTo(root.id(), true, ANY, none(), 20)).isEqualTo(expected);
    assertThat(pages(root, true, 2)).isEqualTo(expected);
  }

  @Test
  void lists_are_filtered() {
    User alice = user("alice");
    Definition own = stored(ADefinition.of(alice, "own").provider(Provider.GOOGLE).build());
    Definition chat = Seeds.DEFINITIONS.get(4);
    Definition embedding = Seeds.DEFINITIONS.get(5);

    for (boolean all : List.of(true, false)) {
      assertThat(
              list(alice, all, new DefinitionFilter(Optional.of(Provider.GOOGLE), none(), none())))
          .containsExactly(chat, embedding, own);
      assertThat(
              list(alice, all, new DefinitionFilter(none(), Optional.of(handle("gemini")), none())))
          .containsExactly(chat, embedding, own);
      assertThat(
              list(alice, all, new DefinitionFilter(none(), none(), Optional.of(handle("alice")))))
          .containsExactly(own);
      assertThat(
              list(
                  alice,
                  all,
                  new DefinitionFilter(
                      Optional.of(Provider.COHERE), none(), Optional.of(handle("alice")))))
          .isEmpty();
    }
  }

  @Test
  void none_is_called_system() {
    assertThatException()
        .isThrownBy(() -> stored(ADefinition.of(user("alice"), "_system").build()));
  }

  @Test
  void a_handle_is_taken_once_for_each_owner() {
    User alice = user("alice");
    User bob = user("bob");
    Definition alices = stored(ADefinition.of(alice, "same").build());
    Definition bobs = stored(ADefinition.of(bob, "same").build());

    assertMet(new VisibleDefinition(alices, false), bob);
    assertMet(new VisibleDefinition(bobs, false), bob);
    assertLost(TAKEN, () -> stored(ADefinition.of(alice, "same").build()));
  }

  @Test
  void a_definition_needs_its_owner_and_its_standard() {
    User alice = user("alice");
    User gone = AUser.called("gone").build();

    assertLost(REFERENCE_GONE, () -> stored(ADefinition.of(gone, "d").build()));
    assertLost(
        REFERENCE_GONE, () -> stored(ADefinition.of(alice, "d").apiStandard("gone").build()));
  }

  @Test
  void an_update_replaces_everything_but_name_and_creation() {
    User alice = user("alice");
    Definition before = stored(ADefinition.of(alice, "d").build());
    Definition other = ADefinition.of(alice, "x").provider(Provider.COHERE).build();

    Definition changed =
        before.with(other.fields(), true, NOW).with(Optional.of(new AppliedBy("team")));
    ports.definitions().update(changed);

    assertThat(ports.definitions().find(before.ref(), alice.id()))
        .contains(new VisibleDefinition(changed, false));
  }

  @Test
  void what_is_gone_can_not_be_updated_or_deleted() {
    User alice = user("alice");
    Definition gone = ADefinition.of(alice, "gone").build();

    assertLost(REFERENCE_GONE, () -> ports.definitions().update(gone));
    assertLost(REFERENCE_GONE, () -> ports.definitions().delete(gone.id()));
  }

  @Test
  void deleting_takes_the_reference_from_what_was_made_from_it() {
    User alice = user("alice");
    Definition definition = stored(ADefinition.of(alice, "d").build());
    Instance instance = stored(AnInstance.of(alice, "i").from(definition).build());

    ports.definitions().delete(definition.id());

    assertThat(ports.definitions().find(definition.ref(), alice.id())).isEmpty();
    Instance left = ports.instances().find(instance.id(), alice.id(), NOW).orElseThrow().instance();
    assertThat(left.settings().definition()).isEmpty();
    assertThat(left.settings().fields()).isEqualTo(instance.settings().fields());
    assertThat(left.version()).isEqualTo(instance.version());
  }

  private List<Definition> list(User user, boolean all, DefinitionFilter filter) {
    return ports.definitions().visibleTo(user.id(), all, filter, none(), 20);
  }

  /** The whole list, page by page. */
  private List<Definition> pages(User user, boolean all, int size) {
    List<Definition> seen = new ArrayList<>();
    Optional<Definition.Ref> after = Optional.empty();
    List<Definition> page = ports.definitions().visibleTo(user.id(), all, ANY, after, size);
    while (!page.isEmpty()) {
      seen.addAll(page);
      after = Optional.of(page.get(page.size() - 1).ref());
      page = ports.definitions().visibleTo(user.id(), all, ANY, after, size);
    }
    return seen;
  }
}
