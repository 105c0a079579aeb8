package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link InstanceStore} promises of lists. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class InstanceListsContract extends TwoUsersContract {
  private static final Instant EARLIER = Seeds.SEEDED_AT.minusSeconds(1);
  private static final InstanceFilter ANY =
      new InstanceFilter(none(), none(), none(), none(), none());

  private User zoe;
  private Instance alicesOne;
  private Instance bobsOwn;
  private Instance zoesOne;
  private Instance systems;
  private Share reads;
  private Share writes;

  @BeforeEach
  void fill() {
    zoe = user("zoe");
    alicesOne = stored(AnInstance.of(alice, "one").description("50%_off").build());
    stored(AnInstance.of(alice, "unshared").build());
    bobsOwn =
        stored(
            AnInstance.of(bob, "own")
                .displayName("The Lab's account")
                .provider(Provider.COHERE)
                .model("embed-v4.0")
                .build());
    zoesOne = stored(AnInstance.of(zoe, "one").disabled().build());
    systems = stored(AnInstance.systemLevel("common").build());
    reads = shared(alicesOne, AShare.with(bob).givenBy(alice).build(), alice);
    writes = shared(zoesOne, AShare.with(bob).role(Role.WRITER).givenBy(zoe).build(), zoe);
  }

  @Test
  void a_user_lists_own_shared_and_system_level_ones_each_once_by_owner_and_handle() {
    assertThat(list(bob, ANY))
        .containsExactly(
            Seen.of(systems, none()),
            Seen.of(alicesOne, Optional.of(reads)),
            Seen.of(bobsOwn, none()),
            Seen.of(zoesOne, Optional.of(writes)));
  }

  @Test
  void pages_skip_and_repeat_nothing() {
    for (int size = 1; size <= 5; size++) {
      assertThat(pages(size)).isEqualTo(list(bob, ANY));
    }
  }

  @Test
  void what_was_shared_until_now_is_not_listed() {
    ports.shares().delete(alicesOne.id(), bob.id());
    shared(alicesOne, AShare.with(bob).expiresAt(NOW).build(), alice);

    assertThat(refs(list(bob, ANY))).doesNotContain(alicesOne.ref());
  }

  @Test
  void what_is_shared_for_a_while_yet_is_listed() {
    ports.shares().delete(alicesOne.id(), bob.id());
    shared(alicesOne, AShare.with(bob).expiresAt(NOW.plusMillis(1)).build(), alice);

    assertThat(refs(list(bob, ANY))).contains(alicesOne.ref());
  }

  @Test
  void shares_of_a_list_are_the_viewers() {
    User root = stored(AUser.called("root").administrator());

    assertThat(ports.instances().usableBy(bob.id(), root.id(), ANY.slice(none(), 10), NOW))
        .extracting(VisibleInstance::instance)
        .containsExactly(systems, alicesOne, bobsOwn, zoesOne);
    assertThat(ports.instances().usableBy(bob.id(), root.id(), ANY.slice(none(), 10), NOW))
        .allSatisfy(seen -> assertThat(seen.shares()).isEqualTo(HeldShares.NONE));
    assertThat(ports.instances().usableBy(alice.id(), bob.id(), ANY.slice(none(), 10), NOW))
        .contains(Seen.of(alicesOne, Optional.of(reads)));
  }

  @Test
  void a_list_is_narrowed_to_one_instance() {
    assertThat(refs(list(bob, ANY.only(alicesOne.id())))).containsExactly(alicesOne.ref());
    assertThat(refs(list(bob, ANY.only(systems.id())))).containsExactly(systems.ref());
    assertThat(refs(list(bob, ANY.only(new Instance.Id(alice.id().value()))))).isEmpty();
    assertThat(systemLevel(bob, ANY.only(systems.id()))).containsExactly(systems.ref());
    assertThat(systemLevel(bob, ANY.only(alicesOne.id()))).isEmpty();
  }

  @Test
  void a_list_is_filtered_by_whether_callers_store_keys_of_their_own() {
    KeyPolicy own = new KeyPolicy(false, true, false);
    Instance bobs = stored(AnInstance.of(bob, "keyless").keyPolicy(own).build());
    Instance lent = stored(AnInstance.of(zoe, "lent").keyPolicy(own).build());
    Share unused = shared(lent, AShare.with(bob).givenBy(zoe).build(), zoe);
    Instance everybodys = stored(AnInstance.systemLevel("each").keyPolicy(own).build());
    Instance unseen = stored(AnInstance.of(zoe, "unseen").keyPolicy(own).build());

    assertThat(refs(list(bob, ANY.withOwnKeys())))
        .containsExactly(everybodys.ref(), bobs.ref(), lent.ref())
        .doesNotContain(unseen.ref());
  }

  @Test
  void a_list_is_filtered_by_provider_owner_and_state() {
    assertThat(
            refs(
                list(bob, new InstanceFilter(of(Provider.COHERE), none(), none(), none(), none()))))
        .containsExactly(bobsOwn.ref());
    assertThat(
            refs(list(bob, new InstanceFilter(none(), of(handle("zoe")), none(), none(), none()))))
        .containsExactly(zoesOne.ref());
    assertThat(
            refs(list(bob, new InstanceFilter(none(), of(handle("bob")), none(), none(), none()))))
        .containsExactly(bobsOwn.ref());
    assertThat(
            refs(list(bob, new InstanceFilter(none(), of(Handle.SYSTEM), none(), none(), none()))))
        .containsExactly(systems.ref());
    assertThat(refs(list(bob, new InstanceFilter(none(), none(), none(), of(false), none()))))
        .containsExactly(zoesOne.ref());
    assertThat(refs(list(bob, new InstanceFilter(none(), none(), none(), of(true), none()))))
        .containsExactly(systems.ref(), alicesOne.ref(), bobsOwn.ref());
  }

  @Test
  void a_list_is_filtered_by_the_listed_users_role() {
    assertThat(refs(list(bob, role(Role.READER)))).containsExactly(systems.ref(), alicesOne.ref());
    assertThat(refs(list(bob, role(Role.WRITER)))).containsExactly(zoesOne.ref());
    assertThat(refs(list(bob, role(Role.OWNER)))).containsExactly(bobsOwn.ref());
  }

  @Test
  void to_an_administrator_system_level_ones_are_their_own() {
    User root = stored(AUser.called("root").administrator());

    assertThat(refs(list(root, role(Role.OWNER)))).containsExactly(systems.ref());
    assertThat(refs(list(root, role(Role.READER)))).isEmpty();
  }

  @Test
  void a_list_is_filtered_by_text_whatever_its_case() {
    assertThat(refs(list(bob, text("LAB'S")))).containsExactly(bobsOwn.ref());
    assertThat(refs(list(bob, text("Embed-V4")))).containsExactly(bobsOwn.ref());
    assertThat(refs(list(bob, text("ONE")))).containsExactly(alicesOne.ref(), zoesOne.ref());
  }

  @Test
  void no_character_of_a_sought_text_is_a_wildcard() {
    assertThat(refs(list(bob, text("50%_OFF")))).containsExactly(alicesOne.ref());
    assertThat(refs(list(bob, text("%")))).containsExactly(alicesOne.ref());
    assertThat(refs(list(bob, text("_")))).containsExactly(alicesOne.ref());
    assertThat(refs(list(bob, text("o%e")))).isEmpty();
    assertThat(refs(list(bob, text("o_e")))).isEmpty();
    assertThat(refs(list(bob, text("\\")))).isEmpty();
  }

  @Test
  void system_level_ones_are_listed_alone() {
    Instance another = stored(AnInstance.systemLevel("another").disabled().build());

    assertThat(ports.instances().systemLevel(bob.id(), false, ANY.slice(none(), 10), NOW))
        .containsExactly(Seen.of(another, none()), Seen.of(systems, none()));
    assertThat(
            ports
                .instances()
                .systemLevel(bob.id(), false, ANY.slice(Optional.of(another.ref()), 10), NOW))
        .containsExactly(Seen.of(systems, none()));
    assertThat(ports.instances().systemLevel(bob.id(), false, ANY.slice(none(), 1), NOW))
        .containsExactly(Seen.of(another, none()));
  }

  @Test
  void those_of_the_system_that_are_shared_are_listed_for_holders() {
    User root = stored(AUser.called("root").administrator());
    Instance lent = stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).build());

    assertThat(systemLevel(bob, ANY)).containsExactly(systems.ref());
    assertThat(systemLevel(root, ANY)).containsExactly(systems.ref());
    assertThat(refs(ports.instances().systemLevel(root.id(), true, ANY.slice(none(), 10), NOW)))
        .containsExactly(systems.ref(), lent.ref());
    assertThat(refs(list(bob, ANY))).doesNotContain(lent.ref());
    assertThat(refs(list(root, ANY))).doesNotContain(lent.ref());

    Share share = shared(lent, AShare.with(bob).role(Role.WRITER).givenBy(root).build(), root);

    assertThat(ports.instances().systemLevel(bob.id(), false, ANY.slice(none(), 10), NOW))
        .containsExactly(Seen.of(systems, none()), Seen.of(lent, Optional.of(share)));
    assertThat(refs(list(bob, ANY))).contains(lent.ref());
    assertThat(systemLevel(bob, role(Role.WRITER))).containsExactly(lent.ref());
    assertThat(systemLevel(bob, role(Role.READER))).containsExactly(systems.ref());
    assertThat(refs(list(bob, role(Role.WRITER)))).contains(lent.ref());
    assertThat(ports.instances().find(lent.id(), bob.id(), NOW).orElseThrow().shares().own())
        .contains(share);
  }

  @Test
  void one_for_everybody_is_the_oldest_of_its_provider() {
    Instance lent =
        stored(
            AnInstance.systemLevel("lent")
                .audience(Audience.SHARED)
                .createdAt(systems.createdAt().minusSeconds(9))
                .build());

    assertThat(ports.instances().holdOldestEnabled(lent.provider(), bob.id()))
        .map(seen -> seen.instance().id())
        .contains(systems.id());
  }

  @Test
  void system_level_ones_are_filtered() {
    User root = stored(AUser.called("root").administrator());

    assertThat(systemLevel(bob, text("COMM"))).containsExactly(systems.ref());
    assertThat(systemLevel(bob, text("none"))).isEmpty();
    assertThat(systemLevel(bob, role(Role.READER))).containsExactly(systems.ref());
    assertThat(systemLevel(bob, role(Role.OWNER))).isEmpty();
    assertThat(systemLevel(root, role(Role.OWNER))).containsExactly(systems.ref());
    assertThat(
            systemLevel(bob, new InstanceFilter(none(), of(handle("bob")), none(), none(), none())))
        .isEmpty();
    assertThat(
            systemLevel(
                bob, new InstanceFilter(of(Provider.OPENAI), none(), none(), of(true), none())))
        .containsExactly(systems.ref());
  }

  @Test
  void systems_own_list_has_each_once_too() {
    assertThat(ports.instances().usableBy(User.Id.SYSTEM, bob.id(), ANY.slice(none(), 10), NOW))
        .containsExactly(Seen.of(systems, none()));
  }

  @Test
  void lists_come_with_all_that_is_sealed_for_the_viewer_and_their_choice() {
    Instance full = AnInstance.systemLevel("full").apiKeySetAt(NOW).headerNames("X-One").build();
    SealedValue key = sealed(full, "sk-0123456789");
    SealedValue headers = sealed(full, "X-One:secret");
    ports.instances().insert(full, replace(key), replace(headers));
    SealedValue own = userKey(full, bob);
    SealedValue zoes = userKey(full, zoe);
    boolean unused = ports.defaultServices().choose(bob.id(), full.id());

    VisibleInstance asBob =
        Seen.of(
            full,
            none(),
            new SealedKeys(Optional.of(key), Optional.of(headers), Optional.of(own)),
            true);
    VisibleInstance asZoe =
        Seen.of(
            full,
            none(),
            new SealedKeys(Optional.of(key), Optional.of(headers), Optional.of(zoes)),
            false);
    assertThat(list(bob, text("full"))).containsExactly(asBob);
    assertThat(ports.instances().systemLevel(bob.id(), false, text("full").slice(none(), 10), NOW))
        .containsExactly(asBob);
    assertThat(ports.instances().usableBy(bob.id(), zoe.id(), text("full").slice(none(), 10), NOW))
        .containsExactly(asZoe);
  }

  @Test
  void the_oldest_enabled_system_level_one_of_a_provider_is_held() {
    stored(AnInstance.systemLevel("elder").createdAt(EARLIER).disabled().build());
    stored(AnInstance.systemLevel("others").createdAt(EARLIER).provider(Provider.COHERE).build());
    stored(AnInstance.of(bob, "users").createdAt(EARLIER).build());
    stored(AnInstance.systemLevel("a-younger").createdAt(NOW).build());
    SealedValue own = userKey(systems, bob);
    boolean unused = ports.defaultServices().choose(bob.id(), systems.id());

    assertThat(ports.instances().holdOldestEnabled(Provider.OPENAI, bob.id()))
        .contains(Seen.of(systems, none(), ofUser(own), true));
    assertThat(ports.instances().holdOldestEnabled(Provider.OPENAI, zoe.id()))
        .contains(Seen.of(systems, none()));
    assertThat(ports.instances().holdOldestEnabled(Provider.MISTRAL, bob.id())).isEmpty();
  }

  @Test
  void of_two_equally_old_ones_the_one_with_the_lower_id_is_held() {
    Instance high = stored(withId("a", "f0000000-0000-7000-8000-0a0000000000"));
    Instance low = stored(withId("b", "70000000-0000-7000-8000-0a0000000000"));
    ports.instances().delete(systems.id());

    assertThat(ports.instances().holdOldestEnabled(Provider.OPENAI, bob.id()))
        .contains(Seen.of(low, none()));
    ports.instances().delete(low.id());
    assertThat(ports.instances().holdOldestEnabled(Provider.OPENAI, bob.id()))
        .contains(Seen.of(high, none()));
  }

  static Instance withId(String handle, String id) {
    return AnInstance.systemLevel(handle).id(new Instance.Id(UUID.fromString(id))).build();
  }

  private List<VisibleInstance> list(User user, InstanceFilter filter) {
    return ports.instances().usableBy(user.id(), user.id(), filter.slice(none(), 10), NOW);
  }

  private List<Instance.Ref> systemLevel(User viewer, InstanceFilter filter) {
    return refs(ports.instances().systemLevel(viewer.id(), false, filter.slice(none(), 10), NOW));
  }

  private List<VisibleInstance> pages(int size) {
    List<VisibleInstance> seen = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    List<VisibleInstance> page =
        ports.instances().usableBy(bob.id(), bob.id(), ANY.slice(after, size), NOW);
    while (!page.isEmpty()) {
      seen.addAll(page);
      after = Optional.of(page.get(page.size() - 1).instance().ref());
      page = ports.instances().usableBy(bob.id(), bob.id(), ANY.slice(after, size), NOW);
    }
    return seen;
  }

  private static List<Instance.Ref> refs(List<VisibleInstance> seen) {
    return seen.stream().map(s -> s.instance().ref()).toList();
  }

  private static InstanceFilter role(Role role) {
    return new InstanceFilter(none(), none(), of(role), none(), none());
  }

  @Test
  void the_instances_of_all_users_are_listed_and_counted() {
    List<Instance.Ref> all =
        refs(ports.instances().all(bob.id(), InstanceFilter.NONE.slice(none(), 100), NOW));

    assertThat(all)
        .isSorted()
        .contains(bobsOwn.ref(), alicesOne.ref(), zoesOne.ref(), systems.ref());
    assertThat(
            refs(
                ports.instances().all(bob.id(), InstanceFilter.NONE.slice(of(all.get(0)), 1), NOW)))
        .containsExactly(all.get(1));
    assertThat(ports.instances().countAll(InstanceFilter.NONE, 100)).isEqualTo(all.size());
    assertThat(ports.instances().countAll(InstanceFilter.NONE, 2)).isEqualTo(2);
    assertThat(ports.instances().countAll(text("LAB'S"), 100)).isEqualTo(1);
    assertThat(refs(ports.instances().all(bob.id(), text("LAB'S").slice(none(), 10), NOW)))
        .containsExactly(bobsOwn.ref());
  }

  @Test
  void what_a_user_can_use_is_counted() {
    int listed = list(bob, InstanceFilter.NONE).size();
    assertThat(ports.instances().countUsableBy(bob.id(), InstanceFilter.NONE, 100, NOW))
        .isEqualTo(listed);
    assertThat(ports.instances().countUsableBy(bob.id(), InstanceFilter.NONE, 1, NOW)).isEqualTo(1);
    assertThat(ports.instances().countUsableBy(bob.id(), text("LAB'S"), 100, NOW)).isEqualTo(1);
  }

  private static InstanceFilter text(String text) {
    return new InstanceFilter(none(), none(), none(), none(), of(new SearchText(text)));
  }

  private static <T> Optional<T> of(T value) {
    return Optional.of(value);
  }
}
