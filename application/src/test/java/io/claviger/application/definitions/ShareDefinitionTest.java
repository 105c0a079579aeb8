package io.claviger.application.definitions;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sharing a definition with a user, and ending that share. */
class ShareDefinitionTest {
  private static final DefinitionFilter ALL =
      new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());

  private final DefinitionFixture p = new DefinitionFixture();
  private final User carol = p.w.user("carol");
  private final Definitions definitions = p.w.definitions;

  @Test
  void the_owner_lets_somebody_see_it() {
    Outcome<GivenShare> outcome = share(p.alice, p.bob);

    assertThat(outcome)
        .isEqualTo(
            Outcome.done(
                new GivenShare(
                    AShare.with(p.bob)
                        .givenBy(p.alice)
                        .createdAt(p.w.claviger.clock().instant())
                        .build(),
                    true,
                    true,
                    Optional.empty())));
    assertThat(p.w.recorded()).containsExactly("definition.share done alice/secret [bob]");
  }

  @Test
  void who_sees_it_finds_it_and_nobody_else_does() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);

    assertThat(find(p.bob)).isEqualTo(Outcome.done(p.secret));
    assertThat(because(find(carol))).isEqualTo("not_found");
    assertThat(listed(p.bob)).contains("alice/secret");
    assertThat(listed(carol)).contains("alice/open").doesNotContain("alice/secret");
  }

  @Test
  void sight_is_all_that_is_given() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);

    assertThat(because(p.put(p.bob, "alice/secret", DefinitionWriteBuilder.openAi())))
        .isEqualTo("forbidden");
    assertThat(because(p.w.definitions.delete(p.w.as(p.bob), p.secret.ref(), Precondition.NONE)))
        .isEqualTo("forbidden");
    assertThat(because(share(p.bob, carol))).isEqualTo("forbidden");
    assertThat(
            because(
                definitions.findShare(
                    p.w.as(p.bob), p.secret.ref(), GranteeName.user(p.bob.handle()))))
        .isEqualTo("forbidden");
    assertThat(because(listed(p.w.as(p.bob)))).isEqualTo("forbidden");
  }

  @Test
  void to_share_it_again_changes_nothing() {
    Outcome<GivenShare> first = share(p.alice, p.bob);
    p.w.forget();
    Outcome<GivenShare> again = share(p.alice, p.bob);

    assertThat(again).isEqualTo(Outcome.done(again(first)));
    assertThat(p.w.recorded()).isEmpty();
  }

  private static GivenShare again(Outcome<GivenShare> given) {
    Share share = given.orThrow().share();
    return new GivenShare(share, false, false, Optional.of(share.terms()));
  }

  @Test
  void only_what_is_shared_can_be_changed() {
    assertThat(because(change(p.alice, p.bob))).isEqualTo("not_found");
    Outcome<GivenShare> given = share(p.alice, p.bob);
    p.w.forget();

    assertThat(change(p.alice, p.bob)).isEqualTo(Outcome.done(again(given)));
    assertThat(because(change(p.bob, p.bob))).isEqualTo("forbidden");
    assertThat(because(change(p.root, p.bob))).isEqualTo("forbidden");
    assertThat(because(change(p.alice, p.alice))).isEqualTo("not_found");
    assertThat(because(change(p.alice, p.bob, Precondition.version(2))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void an_ended_share_is_no_sight() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);
    p.w.forget();

    assertThat(end(p.alice, p.bob)).isInstanceOf(Outcome.Done.class);

    assertThat(because(find(p.bob))).isEqualTo("not_found");
    assertThat(listed(p.bob)).doesNotContain("alice/secret");
    assertThat(p.w.recorded()).containsExactly("definition.unshare done alice/secret [bob]");
  }

  @Test
  void who_sees_it_may_stop_seeing_it() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);

    assertThat(end(p.bob, p.bob)).isInstanceOf(Outcome.Done.class);

    assertThat(because(find(p.bob))).isEqualTo("not_found");
  }

  @Test
  void nobody_but_the_owner_ends_anothers_sight() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);
    Outcome<GivenShare> unusedToo = share(p.alice, carol);

    assertThat(because(end(carol, p.bob))).isEqualTo("forbidden");
    assertThat(because(end(p.root, p.bob))).isEqualTo("forbidden");
  }

  @Test
  void ending_what_is_not_there_is_no_error() {
    assertThat(end(p.alice, p.bob)).isInstanceOf(Outcome.Done.class);
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void an_administrator_does_not_share_anothers() {
    assertThat(because(share(p.root, p.bob))).isEqualTo("forbidden");
  }

  @Test
  void what_one_cannot_see_one_cannot_share() {
    assertThat(because(share(p.bob, carol))).isEqualTo("not_found");
    assertThat(because(end(p.bob, carol))).isEqualTo("not_found");
  }

  @Test
  void what_belongs_to_system_is_seen_by_all_and_not_shared() {
    Definition.Ref systems = Definition.Ref.of("_system/openai-large");

    assertThat(
            because(
                definitions.share(
                    p.w.as(p.root), systems, GranteeName.user(p.bob.handle()), Precondition.NONE)))
        .isEqualTo(" not_shareable");
    assertThat(
            because(
                definitions.share(
                    p.w.as(p.alice), systems, GranteeName.user(p.bob.handle()), Precondition.NONE)))
        .isEqualTo("forbidden");
  }

  @Test
  void the_owner_system_and_nobody_are_not_shared_with() {
    assertThat(because(share(p.alice, p.alice))).isEqualTo("/user not_shareable");
    assertThat(because(share(p.w.as(p.alice), "_system"))).isEqualTo("/user not_shareable");
    assertThat(because(share(p.w.as(p.alice), "nobody"))).isEqualTo("/user unknown_reference");
  }

  @Test
  void owner_and_administrators_see_who_sees_it() {
    Outcome<GivenShare> unused = share(p.alice, carol);
    Outcome<GivenShare> unusedToo = share(p.alice, p.bob);

    for (User one : List.of(p.alice, p.root)) {
      assertThat(listed(p.w.as(one)).orThrow().items())
          .extracting(share -> share.grantee().user().orElseThrow())
          .containsExactly(p.bob.handle(), carol.handle());
      assertThat(
              definitions.findShare(p.w.as(one), p.secret.ref(), GranteeName.user(carol.handle())))
          .isInstanceOf(Outcome.Done.class);
      assertThat(
              because(
                  definitions.findShare(
                      p.w.as(one), p.secret.ref(), GranteeName.user(p.root.handle()))))
          .isEqualTo("not_found");
    }
  }

  @Test
  void preconditions_hold() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);

    assertThat(
            because(
                definitions.share(
                    p.w.as(p.alice),
                    p.secret.ref(),
                    GranteeName.user(p.bob.handle()),
                    Precondition.CREATE_ONLY)))
        .isEqualTo("precondition_failed");
    assertThat(because(end(p.alice, p.bob, Precondition.version(2))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_shares_nothing() {
    assertThat(because(share(p.w.using(p.alice), "bob"))).isEqualTo("forbidden");
  }

  @Test
  void sight_goes_with_who_has_it_and_is_not_inherited_with_the_handle() {
    Outcome<GivenShare> unused = share(p.alice, p.bob);
    p.w.claviger.users().delete(p.bob.id());
    User another = p.w.user("bob");

    assertThat(because(find(another))).isEqualTo("not_found");
  }

  private Outcome<GivenShare> share(User actor, User with) {
    return share(p.w.as(actor), with.handle().value());
  }

  private Outcome<GivenShare> share(Actor actor, String with) {
    return definitions.share(
        actor, p.secret.ref(), GranteeName.user(new Handle(with)), Precondition.NONE);
  }

  private Outcome<GivenShare> change(User actor, User whose) {
    return change(actor, whose, Precondition.NONE);
  }

  private Outcome<GivenShare> change(User actor, User whose, Precondition precondition) {
    return definitions.changeShare(
        p.w.as(actor), p.secret.ref(), GranteeName.user(whose.handle()), precondition);
  }

  private Outcome<GranteeName> end(User actor, User whose) {
    return end(actor, whose, Precondition.NONE);
  }

  private Outcome<GranteeName> end(User actor, User whose, Precondition precondition) {
    return definitions.endShare(
        p.w.as(actor), p.secret.ref(), GranteeName.user(whose.handle()), precondition);
  }

  private Outcome<Definition> find(User actor) {
    return p.w.definitions.find(p.w.as(actor), p.secret.ref());
  }

  private Outcome<Page<Share, GranteeName>> listed(Actor actor) {
    return definitions.listShares(actor, p.secret.ref(), new PageRequest<>(Optional.empty(), 50));
  }

  private List<String> listed(User actor) {
    Outcome<Page<Definition, Definition.Ref>> outcome =
        p.w.definitions.list(p.w.as(actor), ALL, new PageRequest<>(Optional.empty(), 50));
    return outcome.orThrow().items().stream().map(d -> d.ref().toString()).toList();
  }
}
