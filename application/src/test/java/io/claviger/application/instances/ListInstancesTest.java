package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListInstancesTest {
  private static final InstanceFilter ALL =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance own = w.stored(AnInstance.of(alice, "own").displayName("Labor").build());
  private final Instance shared =
      w.stored(
          AnInstance.of(bob, "shared")
              .provider(Provider.COHERE)
              .model("embed-v4.0")
              .disabled()
              .build());
  private final Instance hidden = w.stored(AnInstance.of(bob, "hidden").build());

  ListInstancesTest() {
    Instance unused = w.stored(AnInstance.systemLevel("everybodys").description("free").build());
    Share unusedToo = w.stored(shared, AShare.with(alice).role(Role.WRITER).givenBy(bob).build());
  }

  @Test
  void own_shared_and_system_level_ones_are_listed_once_by_owner_and_handle() {
    assertThat(refs(list(w.as(alice), "alice", ALL)))
        .containsExactly("_system/everybodys", "alice/own", "bob/shared");
  }

  @Test
  void services_with_an_old_key_are_listed_for_those_who_can_replace_it() {
    Instance old = new StoredKeys(w).withKey(AnInstance.of(bob, "old"), Wiring.CANARY);
    User carol = w.user("carol");
    Share unused = w.stored(old, AShare.with(alice).role(Role.OWNER).build());
    Share unusedToo = w.stored(old, AShare.with(carol).role(Role.WRITER).build());
    w.claviger.clock().advance(Duration.ofDays(91));
    Duration age = Duration.between(Seeds.SEEDED_AT, w.claviger.clock().instant());

    for (User user : List.of(bob, alice)) {
      assertThat(w.instances.withOldKeys(w.as(user), age.minusSeconds(1)))
          .extracting(view -> view.instance().ref())
          .containsExactly(old.ref());
      assertThat(w.instances.withOldKeys(w.as(user), age.plusSeconds(1))).isEmpty();
      assertThat(w.instances.withOldKeys(w.using(user), age.minusSeconds(1))).isEmpty();
    }
    assertThat(w.instances.withOldKeys(w.as(carol), age.minusSeconds(1))).isEmpty();
    assertThat(w.instances.withOldKeys(w.as(root), age.minusSeconds(1))).isEmpty();
  }

  @Test
  void each_comes_with_the_callers_role() {
    assertThat(listed(list(w.as(alice), "alice", ALL)).items())
        .extracting(InstanceView::role)
        .containsExactly(
            Optional.of(Role.READER), Optional.of(Role.OWNER), Optional.of(Role.WRITER));
  }

  @Test
  void an_owner_who_holds_no_share_sees_their_own_once() {
    assertThat(refs(list(w.as(bob), "bob", ALL)))
        .containsExactly("_system/everybodys", "bob/hidden", "bob/shared");
  }

  @Test
  void what_is_shared_by_an_expired_share_is_not_listed() {
    Share unused =
        w.stored(
            hidden,
            AShare.with(alice).expiresAt(w.claviger.clock().instant()).givenBy(bob).build());

    assertThat(refs(list(w.as(alice), "alice", ALL))).doesNotContain("bob/hidden");
  }

  @Test
  void a_share_is_listed_until_it_expires() {
    Share unused =
        w.stored(
            hidden,
            AShare.with(alice)
                .expiresAt(w.claviger.clock().instant().plusSeconds(5))
                .givenBy(bob)
                .build());
    assertThat(refs(list(w.as(alice), "alice", ALL))).contains("bob/hidden");

    w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(refs(list(w.as(alice), "alice", ALL))).doesNotContain("bob/hidden");
  }

  @Test
  void an_administrators_own_list_has_no_more_than_they_can_use() {
    assertThat(refs(list(w.as(root), "root", ALL))).containsExactly("_system/everybodys");
  }

  @Test
  void an_administrator_lists_what_another_can_use() {
    assertThat(refs(list(w.as(root), "alice", ALL)))
        .containsExactly("_system/everybodys", "alice/own", "bob/shared");
  }

  @Test
  void to_an_administrator_the_role_shown_is_their_own() {
    assertThat(listed(list(w.as(root), "alice", ALL)).items())
        .extracting(InstanceView::role)
        .containsExactly(Optional.of(Role.OWNER), Optional.empty(), Optional.empty());
  }

  @Test
  void an_administrators_token_of_scope_use_lists_nobody_else() {
    assertThat(because(list(w.using(root), "alice", ALL))).isEqualTo("not_found");
  }

  @Test
  void another_users_list_is_not_there() {
    assertThat(because(list(w.as(alice), "bob", ALL))).isEqualTo("not_found");
  }

  @Test
  void nobodys_list_is_not_there_in_the_same_words() {
    assertThat(list(w.as(alice), "nobody", ALL)).isEqualTo(list(w.as(alice), "bob", ALL));
    assertThat(because(list(w.as(root), "nobody", ALL))).isEqualTo("not_found");
  }

  @Test
  void the_systems_list_has_the_system_level_ones() {
    assertThat(refs(list(w.as(alice), "_system", ALL))).containsExactly("_system/everybodys");
  }

  @Test
  void a_token_of_scope_use_lists_what_one_may_use() {
    assertThat(refs(list(w.using(alice), "alice", ALL))).hasSize(3);
  }

  @Test
  void the_list_can_be_filtered_by_provider() {
    assertThat(refs(list(w.as(alice), "alice", filter(Optional.of(Provider.COHERE)))))
        .containsExactly("bob/shared");
  }

  @Test
  void the_list_can_be_filtered_by_owner() {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.of(alice.handle()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(refs(list(w.as(alice), "alice", filter))).containsExactly("alice/own");
  }

  @Test
  void the_list_can_be_filtered_by_the_listed_users_role() {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Role.WRITER),
            Optional.empty(),
            Optional.empty());

    assertThat(refs(list(w.as(alice), "alice", filter))).containsExactly("bob/shared");
    assertThat(refs(list(w.as(root), "alice", filter))).containsExactly("bob/shared");
  }

  @Test
  void the_list_can_be_filtered_by_whether_they_are_enabled() {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(false),
            Optional.empty());

    assertThat(refs(list(w.as(alice), "alice", filter))).containsExactly("bob/shared");
  }

  @ParameterizedTest
  @CsvSource({
    "SHARE, bob/shared",
    "lABor, alice/own",
    "Free, _system/everybodys",
    "Embed-V4, bob/shared"
  })
  void the_list_can_be_searched_whatever_the_case(String text, String ref) {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new SearchText(text)));

    assertThat(refs(list(w.as(alice), "alice", filter))).containsExactly(ref);
  }

  @Test
  void pages_follow_each_other_without_gap_or_repetition() {
    List<String> walked = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    do {
      Page<InstanceView, Instance.Ref> page =
          listed(find(w.as(alice), "alice", ALL, new PageRequest<>(after, 1)));
      assertThat(page.items()).hasSize(1);
      walked.add(page.items().get(0).instance().ref().toString());
      after = page.next();
    } while (after.isPresent());

    assertThat(walked).containsExactly("_system/everybodys", "alice/own", "bob/shared");
  }

  @Test
  void what_goes_between_two_pages_neither_skips_nor_repeats_others() {
    Page<InstanceView, Instance.Ref> first =
        listed(find(w.as(alice), "alice", ALL, new PageRequest<>(Optional.empty(), 2)));
    w.claviger.instances().delete(own.id());

    assertThat(refs(find(w.as(alice), "alice", ALL, new PageRequest<>(first.next(), 2))))
        .containsExactly("bob/shared");
  }

  private static InstanceFilter filter(Optional<Provider> provider) {
    return new InstanceFilter(
        provider, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Outcome<Page<InstanceView, Instance.Ref>> list(
      Actor actor, String whose, InstanceFilter filter) {
    return find(actor, whose, filter, new PageRequest<>(Optional.empty(), 50));
  }

  private Outcome<Page<InstanceView, Instance.Ref>> find(
      Actor actor, String whose, InstanceFilter filter, PageRequest<Instance.Ref> page) {
    return w.instances.list(actor, new Handle(whose), filter, page);
  }

  private static Page<InstanceView, Instance.Ref> listed(
      Outcome<Page<InstanceView, Instance.Ref>> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  private static List<String> refs(Outcome<Page<InstanceView, Instance.Ref>> outcome) {
    return listed(outcome).items().stream().map(v -> v.instance().ref().toString()).toList();
  }
}
