package io.claviger.application.accounts;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.Wiring;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserListTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");

  @Test
  void users_see_themselves() {
    assertThat(find(alice, "alice")).isEqualTo(Outcome.done(alice));
  }

  @Test
  void an_administrator_sees_everybody() {
    assertThat(find(root, "bob")).isEqualTo(Outcome.done(bob));
  }

  @Test
  void another_user_is_not_there() {
    assertThat(because(find(alice, "bob"))).isEqualTo("not_found");
  }

  @Test
  void nobody_is_not_there_either() {
    assertThat(find(alice, "nobody")).isEqualTo(find(alice, "bob"));
  }

  @Test
  void an_administrator_is_told_that_nobody_has_that_handle() {
    assertThat(because(find(root, "nobody"))).isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_shows_who_one_is() {
    assertThat(w.users.me(w.using(alice))).isEqualTo(alice);
  }

  /** A request may wait for its turn, or for its body, after its token was accepted. */
  @Test
  void who_was_deleted_meanwhile_sees_nothing_of_somebody_new_with_the_name() {
    Actor before = w.as(alice);
    w.claviger.users().delete(alice.id());
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> w.users.me(before));

    User newcomer = w.user("alice");

    assertThat(newcomer.id()).isNotEqualTo(alice.id());
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> w.users.me(before));
    assertThat(
            because(
                w.users.listServiceAccounts(
                    before, newcomer.handle(), new PageRequest<>(Optional.empty(), 9))))
        .isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_does_not_show_the_account() {
    assertThat(because(w.users.find(w.using(alice), alice.handle()))).isEqualTo("forbidden");
  }

  @Test
  void the_list_is_everybody_but_the_built_in_user_by_handle() {
    assertThat(handles(listed(root, Optional.empty(), 50))).containsExactly("alice", "bob", "root");
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Page<User, Handle> first = listed(root, Optional.empty(), 2);
    Page<User, Handle> second = listed(root, first.next(), 2);

    assertThat(handles(first)).containsExactly("alice", "bob");
    assertThat(handles(second)).containsExactly("root");
  }

  @Test
  void the_last_page_leads_nowhere() {
    assertThat(listed(root, Optional.empty(), 3).next()).isEmpty();
  }

  @Test
  void only_administrators_list_users() {
    assertThat(because(list(w.as(alice), Optional.empty(), 50))).isEqualTo("forbidden");
  }

  @Test
  void an_administrators_token_of_scope_use_lists_nobody() {
    assertThat(because(list(w.using(root), Optional.empty(), 50))).isEqualTo("forbidden");
  }

  @Test
  void a_token_of_scope_use_knows_nobody() {
    Instance lent = w.stored(AnInstance.of(alice, "lent").build());
    Share unused = w.stored(lent, AShare.with(bob).givenBy(alice).build());

    assertThat(w.users.isKnown(w.as(alice), bob.handle())).isTrue();
    assertThat(w.users.known(w.as(alice), Optional.empty(), 50)).containsExactly(bob.handle());
    assertThat(w.users.isKnown(w.using(alice), bob.handle())).isFalse();
    assertThat(w.users.known(w.using(alice), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void service_accounts_are_listed_to_who_is_responsible_and_to_administrators() {
    PageRequest<Handle> all = new PageRequest<>(Optional.empty(), 10);
    User bot = AUser.called("bot").serviceAccountOf(alice).build();
    w.claviger.users().insert(bot);

    for (User viewer : List.of(alice, root)) {
      assertThat(w.users.listServiceAccounts(w.as(viewer), alice.handle(), all).orThrow().items())
          .extracting(ServiceAccount::account)
          .containsExactly(bot);
    }
    assertThat(because(w.users.listServiceAccounts(w.as(bob), alice.handle(), all)))
        .isEqualTo("not_found");
    assertThat(because(w.users.listServiceAccounts(w.using(alice), alice.handle(), all)))
        .isEqualTo("forbidden");
  }

  private Outcome<User> find(User actor, String handle) {
    return w.users.find(w.as(actor), new Handle(handle));
  }

  private Outcome<Page<User, Handle>> list(Actor actor, Optional<Handle> after, int limit) {
    return w.users.list(actor, new PageRequest<>(after, limit));
  }

  private Page<User, Handle> listed(User actor, Optional<Handle> after, int limit) {
    return list(w.as(actor), after, limit).orThrow();
  }

  private static List<String> handles(Page<User, Handle> page) {
    return page.items().stream().map(u -> u.handle().value()).toList();
  }
}
