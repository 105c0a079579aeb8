package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link InstanceStore} promises of instances that need something of a user. */
public abstract class NeedyInstancesContract extends TwoUsersContract {
  private static final Instant IN_A_WEEK = NOW.plusSeconds(7 * 86_400);

  @Test
  void ones_without_a_key_are_listed_to_those_who_own_them() {
    User root = stored(AUser.called("root").administrator());
    Instance two = stored(AnInstance.of(alice, "two").build());
    Instance one = stored(AnInstance.of(alice, "one").build());
    Instance systems = stored(AnInstance.systemLevel("common").build());
    Instance withKey = AnInstance.of(alice, "with-key").apiKeySetAt(NOW).build();
    ports.instances().insert(withKey, replace(sealed(withKey, "sk-0123456789")), KEEP);
    stored(AnInstance.of(alice, "off").disabled().build());
    stored(AnInstance.of(alice, "keyless").apiStandard("ollama").build());
    shared(one, AShare.with(bob).role(Role.OWNER).givenBy(alice).build(), alice);
    shared(two, AShare.with(bob).role(Role.WRITER).givenBy(alice).build(), alice);

    assertThat(withoutKey(alice, 10)).containsExactly(one.ref(), two.ref());
    assertThat(withoutKey(alice, 1)).containsExactly(one.ref());
    assertThat(withoutKey(bob, 10)).containsExactly(one.ref());
    assertThat(withoutKey(root, 10)).containsExactly(systems.ref());
  }

  @Test
  void credentials_that_wait_for_a_confirmation_are_no_keys() {
    CredentialSettings settings =
        CredentialSettings.stored(
            CredentialKind.FEDERATED,
            Map.of(CredentialField.PROVIDER, "openai", CredentialField.AUDIENCE, "a"));
    Instance waiting = stored(AnInstance.of(alice, "waiting").credential(settings).build());
    Instance confirmed =
        AnInstance.of(alice, "confirmed").credential(settings).apiKeySetAt(NOW).build();
    ports.instances().insert(confirmed, replace(sealed(confirmed, "confirmed")), KEEP);

    assertThat(withoutKey(alice, 10)).containsExactly(waiting.ref());
    assertThat(withoutKey(bob, 10)).isEmpty();
  }

  @Test
  void one_whose_users_bring_their_keys_needs_none() {
    stored(AnInstance.of(bob, "theirs").keyPolicy(new KeyPolicy(false, true, false)).build());
    KeyPolicy both = new KeyPolicy(true, true, true);
    Instance fallback = stored(AnInstance.of(bob, "fallback").keyPolicy(both).build());
    Instance brought = stored(AnInstance.of(bob, "brought").keyPolicy(both).build());
    Instance central = stored(AnInstance.of(bob, "central").build());
    List<SealedValue> own = List.of(userKey(brought, bob), userKey(central, bob));

    assertThat(own).hasSize(2);
    assertThat(withoutKey(bob, 10)).containsExactly(central.ref(), fallback.ref());
  }

  @Test
  void shares_that_end_within_a_time_are_listed_from_the_first() {
    Instance last = shared("last", IN_A_WEEK);
    shared("ended", NOW);
    shared("beyond", IN_A_WEEK.plusMillis(1));
    stored(AnInstance.of(bob, "own").build());
    Instance first = shared("second-by-name", NOW.plusMillis(1));

    assertThat(refs(ending(bob, 10))).containsExactly(first.ref(), last.ref());
    assertThat(refs(ending(bob, 1))).containsExactly(first.ref());
    assertThat(ending(bob, 1).get(0).shares().own().flatMap(share -> share.terms().expiresAt()))
        .contains(NOW.plusMillis(1));
    assertThat(ending(alice, 10)).isEmpty();
  }

  @Test
  void shares_of_groups_end_for_their_members() {
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    ports
        .groups()
        .putMember(team.id(), new GroupMember(bob.id(), bob.handle(), GroupRole.MEMBER, NOW));
    Instance both = shared("both", IN_A_WEEK);
    Instance theirs = stored(AnInstance.of(alice, "theirs").build());
    shared(theirs, AShare.with(team).expiresAt(IN_A_WEEK).build(), alice);
    shared(both, AShare.with(team).expiresAt(NOW.plusMillis(1)).build(), alice);

    assertThat(refs(ending(bob, 10))).containsExactly(both.ref(), theirs.ref());
    assertThat(ending(alice, 10)).isEmpty();
  }

  private Instance shared(String handle, Instant until) {
    Instance instance = stored(AnInstance.of(alice, handle).build());
    shared(instance, AShare.with(bob).expiresAt(until).build(), alice);
    return instance;
  }

  private List<VisibleInstance> ending(User user, int limit) {
    return ports.instances().endingShares(user.id(), NOW, IN_A_WEEK, limit);
  }

  private List<Instance.Ref> withoutKey(User user, int limit) {
    return refs(ports.instances().withoutKey(user.id(), limit, NOW));
  }

  private static List<Instance.Ref> refs(List<VisibleInstance> seen) {
    return seen.stream().map(s -> s.instance().ref()).toList();
  }
}
