package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.APace;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryRoutingContexts;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.Giver;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.routing.port.RoutingContexts.CallerChoice;
import io.claviger.application.routing.port.RoutingContexts.FormerNames;
import io.claviger.application.routing.port.RoutingContexts.RoutingContext;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.routing.port.RoutingContexts.ThroughProject;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link RoutingContexts} promises. */
public abstract class RoutingContextsContract extends TwoUsersContract {
  private static final CallerChoice NOTHING_CHOSEN = new CallerChoice(false, false, false);

  @Test
  void an_unknown_token_tells_nothing() {
    assertThat(ports.routingContexts().gather(hash(1), NOW)).isEmpty();
  }

  @Test
  void a_token_comes_with_its_user_even_where_there_is_no_service() {
    AccessToken token = AToken.of(bob).build();
    ports.accessTokens().save(token, hash(1));

    assertThat(ports.routingContexts().gather(hash(1), NOW))
        .contains(
            new CallContext<>(
                token,
                new TokenUser(bob.id(), bob.handle(), false),
                Optional.of(new RoutingContext(List.of(), List.of()))));
  }

  @Test
  void a_service_account_comes_with_who_is_responsible_for_it() {
    User bot = AUser.called("bot").serviceAccountOf(bob).build();
    ports.users().insert(bot);
    ports.accessTokens().save(AToken.of(bot).build(), hash(1));

    assertThat(ports.routingContexts().gather(hash(1), NOW).orElseThrow().user().countedAs())
        .isEqualTo(bob.id().value());
  }

  @Test
  void everything_comes_at_once() {
    Limits limits = new Limits(none(), Optional.of(Set.of(new ModelPattern("claude-*"))), none());
    Instance instance =
        AnInstance.of(alice, "i")
            .provider(Provider.ANTHROPIC)
            .model("claude-x")
            .apiKeySetAt(NOW)
            .limits(limits)
            .limitsInAll(new LimitsInAll(Optional.of(9), APace.most()))
            .build();
    ports.instances().insert(instance, replace(sealed(instance, "sk-0123456789")), KEEP);
    Share share = shared(instance, AShare.with(bob).givenBy(alice).build(), alice);
    SealedValue unused = userKey(instance, bob);
    boolean chosen = ports.defaultServices().choose(bob.id(), instance.id());
    boolean accepted = ports.bareNames().accept(instance.id(), bob.id(), Optional.empty(), NOW);

    assertThat(chosen && accepted).isTrue();
    assertThat(services(bob))
        .containsExactly(
            new SeenService(
                InMemoryRoutingContexts.routable(instance, WireFormat.ANTHROPIC, true, true),
                Optional.of(new HeldShare(share.terms(), none())),
                new CallerChoice(true, false, true),
                none(),
                FormerNames.NONE));
  }

  @Test
  void own_services_come_first_then_those_of_the_system_then_accepted_then_other_shares() {
    Instance shared = stored(AnInstance.of(alice, "a").createdAt(NOW.minusSeconds(9)).build());
    Instance accepted = stored(AnInstance.of(alice, "b").createdAt(NOW.minusSeconds(8)).build());
    Instance system = stored(AnInstance.systemLevel("c").createdAt(NOW.minusSeconds(7)).build());
    Instance younger = stored(AnInstance.of(bob, "d").createdAt(NOW.minusSeconds(5)).build());
    Instance older = stored(AnInstance.of(bob, "e").createdAt(NOW.minusSeconds(6)).build());
    for (Instance each : List.of(shared, accepted)) {
      shared(each, AShare.with(bob).build(), alice);
    }
    boolean unused = ports.bareNames().accept(accepted.id(), bob.id(), Optional.empty(), NOW);
    Instance strange = stored(AnInstance.of(alice, "strange").build());

    assertThat(refs(bob))
        .containsExactly(older.ref(), younger.ref(), system.ref(), accepted.ref(), shared.ref())
        .doesNotContain(strange.ref());
  }

  @Test
  void those_of_the_system_that_are_shared_come_to_holders_alone() {
    User root = stored(AUser.called("root").administrator());
    Instance lent =
        stored(
            AnInstance.systemLevel("a")
                .audience(Audience.SHARED)
                .createdAt(NOW.minusSeconds(9))
                .build());
    Instance common = stored(AnInstance.systemLevel("b").createdAt(NOW.minusSeconds(8)).build());
    Instance others = stored(AnInstance.of(alice, "c").createdAt(NOW.minusSeconds(10)).build());
    shared(others, AShare.with(bob).build(), alice);
    assertThat(refs(bob)).containsExactly(common.ref(), others.ref());

    Share share = shared(lent, AShare.with(bob).build(), root);

    assertThat(refs(bob)).containsExactly(lent.ref(), common.ref(), others.ref());
    assertThat(services(bob).getFirst().share()).contains(new HeldShare(share.terms(), none()));
    assertThat(services(bob).getFirst().instance().audience()).isEqualTo(Audience.SHARED);
    assertThat(refs(alice)).containsExactly(others.ref(), common.ref());
    assertThat(refs(root)).containsExactly(common.ref());
  }

  @Test
  void an_expired_share_shows_nothing() {
    Instance expired = stored(AnInstance.of(alice, "expired").build());
    shared(expired, AShare.with(bob).expiresAt(NOW).build(), alice);

    assertThat(refs(bob)).isEmpty();
    assertThat(ports.routingContexts().of(bob.id(), none(), NOW.minusMillis(1)).services())
        .hasSize(1);
  }

  @Test
  void administrators_see_only_what_they_may_use() {
    User root = stored(AUser.called("root").administrator());
    Instance strange = stored(AnInstance.of(alice, "strange").build());

    assertThat(refs(root)).doesNotContain(strange.ref());
  }

  @Test
  void the_default_of_the_system_is_known() {
    Instance system = stored(AnInstance.systemLevel("common").build());
    boolean unused = ports.defaultServices().choose(User.Id.SYSTEM, system.id());

    assertThat(services(bob))
        .extracting(SeenService::choice)
        .containsExactly(new CallerChoice(false, true, false));
  }

  @Test
  void the_limits_of_who_gave_a_share_come_along() {
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Limits carols = new Limits(none(), Optional.of(Set.of(new ModelPattern("m"))), none());
    shared(instance, AShare.with(carol).role(Role.OWNER).limits(carols).build(), alice);
    shared(instance, AShare.with(bob).limits(carols).givenVia(carol).build(), carol);

    assertThat(services(bob).get(0).share().orElseThrow().giver())
        .contains(new Giver(carol.id(), carols, Weight.USUAL));
  }

  @Test
  void a_token_that_is_restricted_to_a_service_gets_that_one_alone() {
    Instance one = stored(AnInstance.of(bob, "one").build());
    Instance two = stored(AnInstance.of(bob, "two").build());
    AccessToken token = AToken.of(bob).onlyFor(one).build();
    ports.accessTokens().save(token, hash(1));

    assertThat(routed())
        .containsExactly(
            new SeenService(
                InMemoryRoutingContexts.routable(one, WireFormat.OPENAI, false, false),
                none(),
                NOTHING_CHOSEN,
                none(),
                FormerNames.NONE));
    assertThat(ports.routingContexts().of(bob.id(), token.restriction(), NOW).services())
        .isEqualTo(routed());
    assertThat(refs(bob)).contains(two.ref());
  }

  @Test
  void an_imported_token_gets_the_services_that_came_with_it_alone() {
    Instance came = stored(AnInstance.systemLevel("came").build());
    Instance unused = stored(AnInstance.systemLevel("everybodys").build());
    Instance unusedToo = stored(AnInstance.of(bob, "own").build());
    Instance strange = stored(AnInstance.of(alice, "strange").build());
    AccessToken token = AToken.of(bob).importedFor(NOW.plusSeconds(60), came, strange).build();
    ports.accessTokens().save(token, hash(1));

    CallContext<RoutingContext> found = ports.routingContexts().gather(hash(1), NOW).orElseThrow();

    assertThat(found.token()).isEqualTo(token);
    assertThat(found.target().orElseThrow().services())
        .extracting(seen -> seen.instance().id())
        .containsExactly(came.id());
  }

  @Test
  void a_token_that_is_restricted_to_a_project_gets_its_service_and_the_owners_share() {
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Share carols = shared(instance, AShare.with(carol).mayReshare().build(), alice);
    Project project =
        stored(
            AProject.of(carol, "p")
                .using(instance)
                .limits(new Limits(Optional.of(5), none(), none()))
                .build());
    ports.projectShares().insert(project.id(), AShare.with(bob).build(), carol.id());
    Project empty = stored(AProject.of(bob, "empty").build());
    AccessToken token = AToken.of(bob).onlyFor(project).build();
    ports.accessTokens().save(token, hash(1));
    ports.accessTokens().save(AToken.of(bob).onlyFor(empty).build(), hash(2));

    assertThat(routed())
        .containsExactly(
            new SeenService(
                InMemoryRoutingContexts.routable(instance, WireFormat.OPENAI, false, false),
                none(),
                NOTHING_CHOSEN,
                Optional.of(
                    new ThroughProject(
                        new CalledProject(
                            project.id(), carol.id(), project.ref(), project.limits()),
                        Optional.of(Role.READER),
                        Optional.of(new HeldShare(carols.terms(), none())),
                        false)),
                FormerNames.NONE));
    assertThat(ports.routingContexts().of(bob.id(), token.restriction(), NOW).services())
        .isEqualTo(routed());
    assertThat(ports.routingContexts().gather(hash(2), NOW).orElseThrow().target())
        .contains(new RoutingContext(List.of(), List.of()));
  }

  private List<SeenService> services(User user) {
    return ports.routingContexts().of(user.id(), none(), NOW).services();
  }

  private List<Instance.Ref> refs(User user) {
    return services(user).stream().map(service -> service.instance().ref()).toList();
  }
}
