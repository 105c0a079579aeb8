package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.scim.ScimUser;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ports of SCIM promise. */
public abstract class ScimContract extends PortContract {
  private static final Issuer OURS = new Issuer("https://id.example");
  private static final Issuer OTHER = new Issuer("https://other.example");

  private ScimToken newToken() {
    return new ScimToken(
        new ScimToken.Id(ports.ids().next()), new TokenName("Okta"), OURS, NOW, Optional.empty());
  }

  @Test
  void tokens_are_found_by_their_hash_and_end() {
    ScimToken token = newToken();
    assertThat(ports.scimUsers().isOn(OURS)).isFalse();
    ports.scimTokens().insert(token, hash(1));

    assertThat(ports.scimUsers().isOn(OURS)).isTrue();
    assertThat(ports.scimUsers().isOn(OTHER)).isFalse();
    assertThat(ports.scimTokens().find(hash(1))).contains(token);
    assertThat(ports.scimTokens().find(hash(2))).isEmpty();
    assertThat(ports.scimTokens().find(token.id())).contains(token);
    assertThat(ports.scimTokens().list()).containsExactly(token);
    ports.scimTokens().recordUse(token.id(), NOW);
    ports.scimTokens().recordUse(token.id(), NOW.plus(Duration.ofSeconds(59)));
    assertThat(ports.scimTokens().list().get(0).lastUsedAt()).contains(NOW);
    ports.scimTokens().recordUse(token.id(), NOW.plus(Duration.ofSeconds(61)));
    assertThat(ports.scimTokens().list().get(0).lastUsedAt()).contains(NOW.plusSeconds(61));
    assertThat(ports.scimTokens().delete(token.id())).isTrue();
    assertThat(ports.scimTokens().delete(token.id())).isFalse();
    assertThat(ports.scimUsers().isOn(OURS)).isFalse();
  }

  @Test
  void who_had_a_handle_is_known_after_they_were_deleted() {
    User both = user("both");
    ports.scimUsers().insert(record(both, OURS, "b", "both@x"));
    link(both, OTHER, "s-both");
    User neither = user("neither");
    assertThat(ports.identities().findFormer(both.handle())).isEmpty();

    ports.users().delete(both.id());
    ports.users().delete(neither.id());

    assertThat(ports.identities().findFormer(both.handle()))
        .contains(
            new FormerUser(
                Optional.of(new Identity(OTHER, new Subject("s-both"))),
                Optional.of(new FormerUser.Provisioned(OURS, "b"))));
    assertThat(ports.identities().findFormer(neither.handle()))
        .contains(new FormerUser(Optional.empty(), Optional.empty()));

    ports.users().delete(user("both").id());
    assertThat(ports.identities().findFormer(both.handle()))
        .as("the last one")
        .contains(new FormerUser(Optional.empty(), Optional.empty()));
  }

  @Test
  void an_issuer_lists_whom_it_made_or_who_signs_in_with_it() {
    ScimUserStore store = ports.scimUsers();
    User made = user("made");
    User linked = user("linked");
    User gone = user("gone");
    User others = user("others");
    User unknown = user("unknown");
    User root = user("root");
    User bot = stored(AUser.called("bot").serviceAccountOf(made));
    ScimUser record = record(made, OURS, "m", "Made@x");
    store.insert(record);
    link(linked, OURS, "s-linked");
    store.insert(record(gone, OURS, "g", "gone@x").withDeletion(NOW));
    link(gone, OURS, "s-gone");
    store.insert(record(others, OTHER, "m", "made@x"));
    store.insert(record(root, OURS, "r", "root@x"));
    store.insert(record(bot, OURS, "b", "bot@x"));
    User elsewhere = user("elsewhere");
    link(elsewhere, OTHER, "s-linked");
    User both = user("both");
    store.insert(record(both, OTHER, "both", "both@x"));
    link(both, OURS, "s-both");

    assertThat(store.list(OURS, 0, 10).stream().map(entry -> entry.user().id()))
        .containsExactlyInAnyOrder(made.id(), linked.id(), both.id());
    assertThat(store.count(OURS)).isEqualTo(3);
    assertThat(store.visible(OURS, List.of(made.id(), both.id(), bot.id(), root.id())))
        .containsOnlyKeys(made.id(), both.id());
    assertThat(store.list(OURS, 1, 10)).hasSize(2);
    assertThat(store.list(OURS, 0, 1)).hasSize(1);
    assertThat(
            store.visible(
                OURS, List.of(made.id(), linked.id(), gone.id(), others.id(), unknown.id())))
        .containsOnlyKeys(made.id(), linked.id());
    assertThat(store.findByExternalId(OURS, "m").orElseThrow().record()).contains(record);
    assertThat(store.findByExternalId(OURS, "M")).isEmpty();
    assertThat(store.findByExternalId(OURS, "g")).isPresent();
    assertThat(store.findByUserName(OURS, "mADE@X").orElseThrow().user()).isEqualTo(made);
    assertThat(store.findByUserName(OURS, "gone@x")).isEmpty();
    assertThat(store.find(OURS, ScimSubject.Attribute.USER_NAME, "Made@x")).contains(record);
    assertThat(store.find(OURS, ScimSubject.Attribute.USER_NAME, "made@x")).isEmpty();
    assertThat(store.find(OURS, ScimSubject.Attribute.USER_NAME, "gone@x")).isEmpty();
    assertThat(store.find(OURS, ScimSubject.Attribute.EXTERNAL_ID, "m")).contains(record);
    assertThat(store.find(unknown.id())).isEmpty();
    assertThat(store.handle(made.id())).contains(made.handle());
    assertThat(store.findByClaim(OURS, ScimSubject.Claim.SUB, "s-linked").orElseThrow().user())
        .isEqualTo(linked);
    store.setObjectId(linked.id(), Optional.of("oid"));
    assertThat(store.objectId(linked.id())).contains("oid");
    assertThat(store.findByClaim(OURS, ScimSubject.Claim.OID, "oid").orElseThrow().user())
        .isEqualTo(linked);
    assertThat(store.findByClaim(OTHER, ScimSubject.Claim.OID, "oid")).isEmpty();
  }

  @Test
  void names_are_unique_among_the_users_of_an_issuer() {
    ScimUserStore store = ports.scimUsers();
    User first = user("first");
    User second = user("second");
    store.insert(record(first, OURS, "a", "a@x"));

    assertLost(TAKEN, () -> store.insert(record(second, OURS, "a", "b@x")));
    assertLost(TAKEN, () -> store.insert(record(second, OURS, "b", "A@x")));
    store.insert(record(second, OTHER, "a", "a@x"));
    store.update(record(first, OURS, "a", "a@x").withDeletion(NOW));
    store.update(record(second, OURS, "b", "a@x"));
    assertThat(store.findByUserName(OURS, "a@x").orElseThrow().user()).isEqualTo(second);
  }

  @Test
  void groups_are_found_listed_and_filled() {
    ScimGroupStore store = ports.scimGroups();
    Group team = group("team", Optional.of(OURS));
    Group gone = group("gone", Optional.of(OURS));
    Group others = group("others", Optional.of(OTHER));
    Group local = group("local", Optional.empty());
    User alice = user("alice");
    User bob = user("bob");
    ScimGroup record = new ScimGroup(team.id(), OURS, Optional.of("t"), Optional.empty());
    store.save(record);
    store.save(new ScimGroup(gone.id(), OURS, Optional.of("g"), Optional.of(NOW)));

    assertThat(store.list(OURS, Optional.empty(), 0, 10))
        .containsExactly(new ScimGroupStore.Entry(team, Optional.of(record)));
    assertThat(store.count(OURS, Optional.of("TEAM"))).isEqualTo(1);
    assertThat(store.count(OURS, Optional.of("tea"))).isZero();
    assertThat(store.countKept(OURS, 9)).as("the deleted one too").isEqualTo(2);
    assertThat(store.countKept(OURS, 1)).isEqualTo(1);
    assertThat(store.countKept(OTHER, 9)).isEqualTo(1);
    assertThat(store.list(OURS, Optional.empty(), 1, 10)).isEmpty();
    assertThat(store.find(others.id()).orElseThrow().record()).isEmpty();
    assertThat(store.lock(local.id()).orElseThrow().group()).isEqualTo(local);
    assertThat(store.findByExternalId(OURS, "g").orElseThrow().group()).isEqualTo(gone);
    assertThat(store.findByExternalId(OTHER, "g")).isEmpty();
    assertThat(store.findByClaimValue(OURS, "team").orElseThrow().group()).isEqualTo(team);
    assertThat(store.findByClaimValue(OTHER, "team")).isEmpty();
    assertLost(
        TAKEN,
        () -> store.save(new ScimGroup(others.id(), OURS, Optional.of("t"), Optional.empty())));
    store.add(team.id(), List.of(alice.id(), bob.id()), NOW);
    store.add(team.id(), List.of(alice.id()), NOW);
    assertThat(store.members(team.id())).containsExactlyInAnyOrder(alice, bob);
    assertThat(ports.scimUsers().isMember(alice.id(), OURS, "team")).isTrue();
    assertThat(ports.scimUsers().isMember(alice.id(), OURS, "gone")).isFalse();
    assertThat(store.membersAmong(team.id(), List.of(bob.id()))).containsExactly(bob);
    assertThat(store.membersAmong(team.id(), List.of())).isEmpty();
    assertThat(store.countMembers(team.id())).isEqualTo(2);
    store.remove(team.id(), List.of(bob.id()));
    store.add(others.id(), List.of(bob.id()), NOW);
    assertThat(store.members(team.id())).containsExactly(alice);
    assertThat(store.membersAmong(team.id(), List.of(alice.id(), bob.id()))).containsExactly(alice);
    assertThat(store.countMembers(team.id())).isEqualTo(1);
    store.setClaimValue(team.id(), "crew");
    assertThat(store.findByClaimValue(OURS, "crew")).isPresent();
    assertLost(TAKEN, () -> store.setClaimValue(team.id(), "gone"));
    assertLost(REFERENCE_GONE, () -> store.setClaimValue(local.id(), "local"));
    assertThat(store.find(others.id()).orElseThrow().group()).isEqualTo(others);
    assertThat(store.lock(local.id()).orElseThrow().group()).isEqualTo(local);
  }

  @Test
  void groups_are_counted_and_listed_page_by_page_by_their_issuer_and_name() {
    ScimGroupStore store = ports.scimGroups();
    Group first = group("first", Optional.of(OURS));
    Group second = group("second", Optional.of(OURS));
    Group gone = group("gone", Optional.of(OURS));
    Group others = group("others", Optional.of(OTHER));
    store.save(new ScimGroup(gone.id(), OURS, Optional.empty(), Optional.of(NOW)));

    assertThat(store.list(OURS, Optional.empty(), 0, 1))
        .extracting(ScimGroupStore.Entry::group)
        .containsExactly(first);
    assertThat(store.list(OURS, Optional.empty(), 1, 9))
        .extracting(ScimGroupStore.Entry::group)
        .containsExactly(second);
    assertThat(store.list(OURS, Optional.of("SECOND"), 0, 9))
        .extracting(ScimGroupStore.Entry::group)
        .containsExactly(second);
    assertThat(store.list(OTHER, Optional.empty(), 0, 9))
        .extracting(ScimGroupStore.Entry::group)
        .containsExactly(others);
    assertThat(store.count(OURS, Optional.empty())).isEqualTo(2);
    assertThat(store.count(OTHER, Optional.empty())).isEqualTo(1);
  }

  @Test
  void what_an_issuer_states_of_a_group_replaces_what_was_stated_before() {
    Group team = group("team", Optional.of(OURS));
    ports.scimGroups().save(new ScimGroup(team.id(), OURS, Optional.of("t"), Optional.of(NOW)));
    ScimGroup later = new ScimGroup(team.id(), OTHER, Optional.of("u"), Optional.empty());

    ports.scimGroups().save(later);

    assertThat(ports.scimGroups().find(team.id()).orElseThrow().record()).contains(later);
  }

  @Test
  void memberships_of_forgotten_groups_end_and_others_stay() {
    ScimGroupStore store = ports.scimGroups();
    Group kept = group("kept", Optional.of(OURS));
    Group forgotten = group("forgotten", Optional.of(OURS));
    Group local = group("local", Optional.empty());
    User alice = user("alice");
    for (Group group : List.of(kept, forgotten, local)) {
      store.add(group.id(), List.of(alice.id()), NOW);
    }

    Group others = group("others", Optional.of(OTHER));
    store.save(new ScimGroup(others.id(), OTHER, Optional.empty(), Optional.empty()));

    ports.scimUsers().leaveForgottenGroups(alice.id(), OURS);
    assertThat(store.members(forgotten.id())).as("no group is kept yet").containsExactly(alice);
    store.save(new ScimGroup(kept.id(), OURS, Optional.empty(), Optional.empty()));
    ports.scimUsers().leaveForgottenGroups(alice.id(), OURS);
    assertThat(store.members(forgotten.id())).isEmpty();
    assertThat(store.members(kept.id())).containsExactly(alice);
    ports.scimUsers().leaveGroups(alice.id(), OURS);
    assertThat(store.members(kept.id())).isEmpty();
    assertThat(store.members(local.id())).containsExactly(alice);
  }

  @Test
  void what_changes_for_one_user_or_token_changes_for_no_other() {
    ScimUserStore store = ports.scimUsers();
    ScimGroupStore groups = ports.scimGroups();
    Group kept = group("kept", Optional.of(OURS));
    Group forgotten = group("forgotten", Optional.of(OURS));
    Group others = group("others", Optional.of(OTHER));
    User alice = user("alice");
    User bob = user("bob");
    groups.save(new ScimGroup(kept.id(), OURS, Optional.empty(), Optional.empty()));
    groups.save(new ScimGroup(others.id(), OTHER, Optional.empty(), Optional.empty()));
    for (Group group : List.of(kept, forgotten, others)) {
      groups.add(group.id(), List.of(alice.id(), bob.id()), NOW);
    }
    link(alice, OURS, "s");
    link(bob, OTHER, "s");
    store.setObjectId(bob.id(), Optional.of("oid"));

    store.setObjectId(alice.id(), Optional.of("alices"));
    ports.identities().setAdministersByGroup(alice.id(), true);
    store.leaveForgottenGroups(alice.id(), OURS);
    assertThat(groups.members(forgotten.id())).containsExactly(bob);
    assertThat(groups.members(others.id())).as("of another issuer").containsExactly(bob);
    assertThat(groups.members(kept.id())).containsExactlyInAnyOrder(alice, bob);
    groups.add(others.id(), List.of(alice.id()), NOW);
    store.leaveGroups(alice.id(), OURS);
    groups.remove(others.id(), List.of(bob.id()));

    assertThat(groups.members(kept.id())).containsExactly(bob);
    assertThat(groups.members(others.id())).as("of another issuer").containsExactly(alice);
    assertThat(store.objectId(bob.id())).contains("oid");
    assertThat(administersByGroup(bob)).isFalse();
    assertThat(store.findByClaim(OURS, ScimSubject.Claim.SUB, "s").orElseThrow().user())
        .isEqualTo(alice);
    assertThat(store.findByClaim(OURS, ScimSubject.Claim.OID, "oid")).isEmpty();
  }

  @Test
  void a_tokens_use_and_its_end_are_its_own() {
    ScimToken one = token("one", NOW.plusSeconds(1), 1);
    ScimToken other = token("other", NOW, 2);
    assertThat(ports.scimTokens().list()).containsExactly(other, one);

    ports.scimTokens().recordUse(one.id(), NOW);
    assertThat(ports.scimTokens().find(other.id())).contains(other);
    assertThat(ports.scimTokens().delete(one.id())).isTrue();

    assertThat(ports.scimTokens().list()).containsExactly(other);
    assertThat(ports.scimUsers().isOn(OURS)).isTrue();
  }

  private ScimToken token(String name, Instant createdAt, int secret) {
    ScimToken token =
        new ScimToken(
            new ScimToken.Id(ports.ids().next()),
            new TokenName(name),
            OURS,
            createdAt,
            Optional.empty());
    ports.scimTokens().insert(token, hash(secret));
    return token;
  }

  @Test
  void a_user_is_a_member_of_their_own_groups_that_the_issuer_still_keeps() {
    Group team = group("team", Optional.of(OURS));
    Group gone = group("gone", Optional.of(OURS));
    User alice = user("alice");
    User bob = user("bob");
    ports.scimGroups().save(new ScimGroup(team.id(), OURS, Optional.empty(), Optional.empty()));
    ports.scimGroups().save(new ScimGroup(gone.id(), OURS, Optional.empty(), Optional.of(NOW)));
    ports.scimGroups().add(team.id(), List.of(alice.id()), NOW);
    ports.scimGroups().add(gone.id(), List.of(alice.id()), NOW);
    Group bobs = group("bobs", Optional.of(OURS));
    ports.scimGroups().save(new ScimGroup(bobs.id(), OURS, Optional.empty(), Optional.empty()));
    ports.scimGroups().add(bobs.id(), List.of(bob.id()), NOW);

    assertThat(ports.scimUsers().isMember(alice.id(), OURS, "team")).isTrue();
    assertThat(ports.scimUsers().isMember(bob.id(), OURS, "team")).isFalse();
    assertThat(ports.scimUsers().isMember(alice.id(), OTHER, "team")).isFalse();
    assertThat(ports.scimUsers().isMember(alice.id(), OURS, "gone")).as("deleted").isFalse();
  }

  /** An issuer that names no external ids finds the user again whom it deleted last. */
  @Test
  void of_the_deleted_users_of_a_name_the_last_one_without_an_external_id_is_found() {
    ScimUserStore store = ports.scimUsers();
    User early = user("early");
    User late = user("late");
    store.insert(unnumbered(early, OURS).withDeletion(NOW));
    assertThat(store.findDeletedByUserName(OURS, "A@X").orElseThrow().user()).isEqualTo(early);
    store.insert(unnumbered(late, OURS).withDeletion(NOW.plusSeconds(1)));
    store.insert(record(user("numbered"), OURS, "n", "a@x").withDeletion(NOW.plusSeconds(2)));
    store.insert(unnumbered(user("others"), OTHER).withDeletion(NOW.plusSeconds(3)));
    store.insert(unnumbered(user("live"), OURS));

    assertThat(store.findDeletedByUserName(OURS, "A@X").orElseThrow().user()).isEqualTo(late);
    assertThat(store.findDeletedByUserName(OURS, "b@x")).isEmpty();
  }

  private static ScimUser unnumbered(User user, Issuer issuer) {
    return new ScimUser(
        user.id(),
        issuer,
        new ScimUser.Names(
            Optional.empty(), "a@x", Optional.empty(), Optional.empty(), Optional.empty()),
        true,
        Optional.empty(),
        NOW,
        NOW);
  }

  @Test
  void memberships_that_an_issuer_keeps_do_not_end_with_an_identity() {
    ScimGroupStore store = ports.scimGroups();
    Group kept = group("kept", Optional.of(OURS));
    Group claimed = group("claimed", Optional.of(OURS));
    User alice = user("alice");
    User bob = user("bob");
    ScimToken token = newToken();
    ports.scimTokens().insert(token, hash(1));
    ports.scimUsers().insert(record(alice, OURS, "a", "alice@x"));
    store.save(new ScimGroup(kept.id(), OURS, Optional.empty(), Optional.empty()));
    for (User member : List.of(alice, bob)) {
      link(member, OURS, "s-" + member.handle());
      store.add(kept.id(), List.of(member.id()), NOW);
      store.add(claimed.id(), List.of(member.id()), NOW);
      assertThat(ports.credentials().endAll(member.id(), NOW).identityIssuer()).isPresent();
    }

    assertThat(store.members(kept.id())).as("bob is not kept by SCIM").containsExactly(alice);
    assertThat(store.members(claimed.id())).isEmpty();
    assertThat(ports.scimTokens().delete(token.id())).isTrue();
    assertThat(ports.syncedGroups().replaceMemberships(alice.id(), OURS, List.of(), NOW)).isEmpty();
    assertThat(store.members(kept.id())).as("SCIM is off").isEmpty();
  }

  @Test
  void other_administrators_are_counted_without_suspended_ones() {
    User one = stored(AUser.called("one").administrator());
    User two = stored(AUser.called("two").administrator());

    assertThat(ports.scimUsers().countOtherAdministrators(one.id())).isEqualTo(1);
    ports.users().update(two.withSuspension(Optional.of(NOW), NOW));
    assertThat(ports.scimUsers().countOtherAdministrators(one.id())).isZero();
    assertThat(ports.scimUsers().countOtherAdministrators(two.id())).isEqualTo(1);
  }

  @Test
  void the_administrators_in_a_group_are_found_even_suspended_ones() {
    Group team = group("team", Optional.of(OURS));
    Group other = group("other", Optional.of(OURS));
    User one = stored(AUser.called("one").administrator());
    User two = stored(AUser.called("two").administrator());
    User three = stored(AUser.called("three").administrator());
    ports.scimGroups().add(team.id(), List.of(one.id(), two.id(), user("bob").id()), NOW);
    ports.scimGroups().add(other.id(), List.of(three.id()), NOW);
    User suspended = two.withSuspension(Optional.of(NOW), NOW);
    ports.users().update(suspended);

    assertThat(ports.scimUsers().administratorsIn(team.id()))
        .extracting(User::handle)
        .containsExactlyInAnyOrder(one.handle(), suspended.handle());
  }

  @Test
  void an_identity_says_whether_its_user_administers_by_a_group() {
    User alice = user("alice");
    link(alice, OURS, "a");

    ports.identities().setAdministersByGroup(alice.id(), true);
    ports.identities().setAdministersByGroup(user("bob").id(), true);

    assertThat(administersByGroup(alice)).isTrue();
    ports.identities().setAdministersByGroup(alice.id(), false);
    assertThat(administersByGroup(alice)).isFalse();
  }

  @Test
  void an_identity_says_whether_its_user_was_made_by_scim() {
    User made = user("made");
    User taken = user("taken");
    link(made, OURS, "m");
    link(taken, OURS, "t");
    ports.scimUsers().insert(record(made, OURS, "m", "made@x", made.createdAt()));
    ports.scimUsers().insert(record(taken, OURS, "t", "taken@x", made.createdAt().plusMillis(1)));

    assertThat(madeByProvider(made)).containsOnly(true);
    assertThat(madeByProvider(taken)).containsOnly(false);
    ports.scimUsers().update(record(made, OTHER, "m2", "other@x", made.createdAt()));
    assertThat(madeByProvider(made)).as("under another issuer and name").containsOnly(true);
  }

  private List<Boolean> madeByProvider(User user) {
    LinkedIdentity own = ports.identities().findOf(user.id()).orElseThrow().identity();
    return List.of(
        own.userMadeByProvider(),
        ports.identities().find(own.identity()).orElseThrow().identity().userMadeByProvider(),
        ports
            .scimUsers()
            .findEntry(user.id())
            .orElseThrow()
            .identity()
            .orElseThrow()
            .userMadeByProvider());
  }

  private boolean administersByGroup(User user) {
    return ports.identities().findOf(user.id()).orElseThrow().identity().administersByGroup();
  }

  private static ScimUser record(User user, Issuer issuer, String externalId, String userName) {
    return record(user, issuer, externalId, userName, NOW);
  }

  private static ScimUser record(
      User user, Issuer issuer, String externalId, String userName, Instant createdAt) {
    return new ScimUser(
        user.id(),
        issuer,
        new ScimUser.Names(
            Optional.of(externalId),
            userName,
            Optional.of("F"),
            Optional.of("G"),
            Optional.empty()),
        true,
        Optional.empty(),
        createdAt,
        NOW);
  }

  private void link(User user, Issuer issuer, String subject) {
    LinkedIdentity unused = linked(user, new Identity(issuer, new Subject(subject)));
  }

  private Group group(String name, Optional<Issuer> issuer) {
    Group group =
        new Group(
            new Group.Id(ports.ids().next()),
            handle(name),
            FieldValues.NONE.with(CommonFields.DISPLAY_NAME, new DisplayName(name)),
            issuer.map(from -> new GroupSource(from.value(), name)),
            1,
            NOW,
            NOW);
    ports.groups().insert(group);
    return group;
  }
}
