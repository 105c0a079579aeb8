package io.claviger.application.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A restricted token lists only its service and reveals no other. */
class RestrictedListTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final Instance first = w.stored(AnInstance.of(alice, "a-first").build());
  private final Instance second = w.stored(AnInstance.of(alice, "b-second").build());
  private final Instance third = w.stored(AnInstance.of(alice, "c-third").build());

  @Test
  void the_one_service_is_on_the_first_page_whatever_stands_before_it() {
    assertThat(refs(list(restrictedTo(third), "alice", Optional.empty(), Optional.empty())))
        .containsExactly("alice/c-third");
  }

  @Test
  void no_page_leads_on_to_others() {
    assertThat(list(restrictedTo(first), "alice", Optional.empty(), Optional.empty()).next())
        .isEmpty();
    assertThat(list(restrictedTo(third), "alice", Optional.empty(), Optional.empty()).next())
        .isEmpty();
  }

  @Test
  void behind_the_one_service_there_is_nothing() {
    assertThat(
            refs(list(restrictedTo(second), "alice", Optional.of(second.ref()), Optional.empty())))
        .isEmpty();
  }

  @Test
  void a_filter_that_it_does_not_match_leaves_nothing() {
    assertThat(
            refs(list(restrictedTo(second), "alice", Optional.empty(), Optional.of(root.handle()))))
        .isEmpty();
  }

  @Test
  void a_filter_that_it_matches_leaves_it() {
    assertThat(
            refs(
                list(restrictedTo(second), "alice", Optional.empty(), Optional.of(alice.handle()))))
        .containsExactly("alice/b-second");
  }

  @Test
  void a_system_level_one_is_in_the_systems_list() {
    Instance unused = w.stored(AnInstance.systemLevel("a").build());
    Instance systems = w.stored(AnInstance.systemLevel("b").build());

    assertThat(refs(list(restrictedTo(systems), "_system", Optional.empty(), Optional.empty())))
        .containsExactly("_system/b");
  }

  @Test
  void another_than_a_system_level_one_is_not_in_the_systems_list() {
    Instance unused = w.stored(AnInstance.systemLevel("a").build());

    assertThat(refs(list(restrictedTo(first), "_system", Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  @Test
  void a_service_that_is_no_longer_shared_is_no_longer_listed() {
    User bob = w.user("bob");
    Instance bobs = w.stored(AnInstance.of(bob, "b").build());

    assertThat(refs(list(restrictedTo(bobs), "alice", Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  private Actor restrictedTo(Instance service) {
    return w.with(alice, AToken.of(alice).onlyFor(service).build());
  }

  private Page<InstanceView, Instance.Ref> list(
      Actor actor, String whose, Optional<Instance.Ref> after, Optional<Handle> owner) {
    InstanceFilter filter =
        new InstanceFilter(
            Optional.empty(), owner, Optional.empty(), Optional.empty(), Optional.empty());
    Outcome<Page<InstanceView, Instance.Ref>> outcome =
        w.instances.list(actor, new Handle(whose), filter, new PageRequest<>(after, 1));
    return outcome.orThrow();
  }

  private static List<String> refs(Page<InstanceView, Instance.Ref> page) {
    return page.items().stream().map(v -> v.instance().ref().toString()).toList();
  }
}
