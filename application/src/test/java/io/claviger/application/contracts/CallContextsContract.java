package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.APace;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.Giver;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityGroup;
import io.claviger.domain.fairness.CapacityPolicy;
import io.claviger.domain.fairness.MaxWait;
import io.claviger.domain.fairness.OnTooManyRequests;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link CallContexts} promises. */
public abstract class CallContextsContract extends PortContract {
  private static final ApiStandard OPENAI = Seeds.standard("openai");

  @Test
  void an_unknown_token_tells_nothing() {
    User alice = user("alice");
    Instance instance = stored(AnInstance.of(alice, "i").build());

    assertThat(ports.callContexts().gather(hash(1), instance.ref(), NOW)).isEmpty();
  }

  @Test
  void an_unknown_service_leaves_the_token_and_its_user() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));

    assertThat(ports.callContexts().gather(hash(1), Instance.Ref.of("alice/none"), NOW))
        .contains(new CallContext<>(token, caller(alice), none()));
  }

  @Test
  void an_owner_has_no_share_of_what_is_theirs() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));
    Instance instance = stored(AnInstance.of(alice, "i").build());

    assertThat(ports.callContexts().gather(hash(1), instance.ref(), NOW))
        .contains(
            new CallContext<>(
                token,
                caller(alice),
                Optional.of(target(instance, OPENAI, none(), SealedKeys.NONE))));
  }

  @Test
  void everything_comes_at_once() {
    User alice = user("alice");
    User bob = stored(AUser.called("bob").email("bob@example.org"));
    Instance instance =
        limited(alice).limitsInAll(new LimitsInAll(Optional.of(9), APace.most())).build();
    SealedKeys keys = storedWithSecrets(instance);
    Share share =
        shared(
            instance, AShare.with(bob).expiresAt(NOW.plusMillis(1)).givenBy(alice).build(), alice);
    AccessToken token =
        token(
            AToken.of(bob)
                .onlyFor(instance)
                .expiresAt(NOW)
                .limits(new Limits(Optional.of(3), none(), none())));

    assertThat(ports.callContexts().gather(hash(1), instance.ref(), NOW))
        .contains(
            new CallContext<>(
                token,
                caller(bob),
                Optional.of(target(instance, 1, OPENAI, Optional.of(share), keys))));
  }

  @Test
  void somebody_elses_share_is_not_the_callers() {
    User alice = user("alice");
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    shared(instance, AShare.with(carol).build(), alice);
    token(AToken.of(alice));

    CallContext<ServiceContext> facts =
        ports.callContexts().gather(hash(1), instance.ref(), NOW).orElseThrow();

    assertThat(facts.target().orElseThrow().share()).isEmpty();
  }

  @Test
  void a_service_that_the_caller_cannot_see_is_as_one_that_does_not_exist() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    AccessToken token = token(AToken.of(bob));
    Instance strange = stored(AnInstance.of(alice, "strange").build());
    shared(strange, AShare.with(carol).build(), alice);
    Instance expired = stored(AnInstance.of(alice, "expired").build());
    shared(expired, AShare.with(bob).expiresAt(NOW).build(), alice);

    for (Instance hidden : List.of(strange, expired)) {
      assertThat(ports.callContexts().gather(hash(1), hidden.ref(), NOW))
          .contains(new CallContext<>(token, caller(bob), none()));
    }
    assertThat(ports.callContexts().gather(hash(1), expired.ref(), NOW.minusNanos(1_000)))
        .get()
        .satisfies(facts -> assertThat(facts.target()).isPresent());
  }

  @Test
  void administrators_see_every_service_and_everybody_those_of_the_system() {
    User alice = user("alice");
    User bob = user("bob");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Instance systems = stored(AnInstance.systemLevel("common").build());
    ports.accessTokens().save(AToken.of(bob).build(), hash(1));
    User root = stored(AUser.called("root").administrator());
    ports.accessTokens().save(AToken.of(root).build(), hash(2));

    assertThat(found(1, systems)).isTrue();
    assertThat(found(1, instance)).isFalse();
    assertThat(found(2, systems)).isTrue();
    assertThat(found(2, instance)).isTrue();
  }

  @Test
  void holders_alone_see_those_of_the_system_that_are_shared() {
    User bob = user("bob");
    User root = stored(AUser.called("root").administrator());
    ports.accessTokens().save(AToken.of(bob).build(), hash(1));
    ports.accessTokens().save(AToken.of(root).build(), hash(2));
    Instance lent = stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).build());
    assertThat(found(1, lent)).isFalse();
    assertThat(found(2, lent)).isTrue();

    Share share = shared(lent, AShare.with(bob).givenBy(root).build(), root);

    ServiceContext seen =
        ports
            .callContexts()
            .gather(hash(1), lent.ref(), NOW)
            .flatMap(CallContext::target)
            .orElseThrow();
    assertThat(seen.share().map(HeldShare::terms)).contains(share.terms());
    assertThat(seen.instance().audience()).isEqualTo(Audience.SHARED);
    assertThat(ports.callContexts().usableBy(bob.id(), Optional.empty(), 10, NOW)).contains(seen);
    assertThat(ports.callContexts().usableBy(root.id(), Optional.empty(), 10, NOW))
        .extracting(each -> each.instance().id())
        .doesNotContain(lent.id());
    assertThat(ports.callContexts().find(lent.ref(), bob.id(), NOW)).contains(seen);
  }

  @Test
  void a_restricted_token_finds_nothing_else() {
    User alice = user("alice");
    Instance one = stored(AnInstance.of(alice, "one").build());
    Instance two = stored(AnInstance.of(alice, "two").build());
    Project p = stored(AProject.of(alice, "p").using(one).build());
    Project q = stored(AProject.of(alice, "q").using(one).build());
    ports.accessTokens().save(AToken.of(alice).onlyFor(one).build(), hash(1));
    ports.accessTokens().save(AToken.of(alice).onlyFor(p).build(), hash(2));

    assertThat(List.of(found(1, one), found(1, two), found(2, one), found(2, two)))
        .containsExactly(true, false, false, false);
    assertThat(List.of(found(1, p), found(1, q), found(2, p), found(2, q)))
        .containsExactly(false, false, true, false);
  }

  @Test
  void a_project_that_the_caller_cannot_see_is_as_one_that_does_not_exist() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Project project = stored(AProject.of(alice, "p").build());
    ports.projectShares().insert(project.id(), AShare.with(carol).build(), alice.id());
    AccessToken token = token(AToken.of(bob));
    User root = stored(AUser.called("root").administrator());
    ports.accessTokens().save(AToken.of(root).build(), hash(2));

    assertThat(ports.callContexts().gather(hash(1), project.ref(), NOW))
        .contains(new CallContext<>(token, caller(bob), none()));
    assertThat(found(2, project)).isTrue();
  }

  @Test
  void everybody_finds_a_project_that_is_open_until_the_right_to_open_it_ends() {
    User alice = user("alice");
    User bob = user("bob");
    AccessToken unused = token(AToken.of(user("carol")));
    Instance service = stored(AnInstance.of(alice, "s").build());
    ports.shares().insert(service.id(), AShare.with(bob).toEverybody().build(), alice.id());
    Project closed = stored(AProject.of(bob, "closed").using(service).build());
    Project open = stored(AProject.of(bob, "open").using(service).openToEverybody().build());

    assertThat(found(1, open)).isTrue();
    assertThat(
            ports
                .callContexts()
                .gather(hash(1), open.ref(), NOW)
                .flatMap(CallContext::target)
                .map(target -> target.isOpenAt(NOW)))
        .contains(true);
    assertThat(found(1, closed)).isFalse();

    assertThat(ports.shares().delete(service.id(), bob.id())).isTrue();
    assertThat(found(1, open)).isFalse();
  }

  private boolean found(int token, Instance service) {
    return ports
        .callContexts()
        .gather(hash(token), service.ref(), NOW)
        .orElseThrow()
        .target()
        .isPresent();
  }

  private boolean found(int token, Project project) {
    return ports
        .callContexts()
        .gather(hash(token), project.ref(), NOW)
        .orElseThrow()
        .target()
        .isPresent();
  }

  @Test
  void an_unknown_project_leaves_the_token_and_its_user() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));

    assertThat(ports.callContexts().gather(hash(1), Project.Ref.of("alice/none"), NOW))
        .contains(new CallContext<>(token, caller(alice), none()));
    assertThat(ports.callContexts().gather(hash(2), Project.Ref.of("alice/none"), NOW)).isEmpty();
  }

  @Test
  void a_project_may_use_nothing() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));
    Project project = stored(AProject.of(alice, "p").description("none\nyet").build());

    assertThat(ports.callContexts().gather(hash(1), project.ref(), NOW))
        .contains(
            new CallContext<>(
                token,
                caller(alice),
                Optional.of(
                    new ProjectContext(
                        identity(project), none(), none(), none(), Optional.empty(), false))));
  }

  @Test
  void a_project_comes_with_what_it_uses_and_both_shares_of_that() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Instance instance = limited(alice).build();
    SealedKeys keys = storedWithSecrets(instance);
    Share carols =
        shared(
            instance,
            AShare.with(carol).expiresAt(NOW.plusSeconds(1)).givenBy(alice).build(),
            alice);
    Share bobs =
        shared(
            instance, AShare.with(bob).role(Role.OWNER).mayReshare().givenBy(alice).build(), alice);
    Project project =
        stored(
            AProject.of(bob, "p")
                .using(instance)
                .limits(
                    new Limits(Optional.of(5), none(), none())
                        .with(PaceTerms.of(PaceKind.TOKENS, 6)))
                .build());
    ports
        .projectShares()
        .insert(project.id(), AShare.with(carol).role(Role.WRITER).build(), bob.id());
    AccessToken token = token(AToken.of(carol).onlyFor(project));

    assertThat(ports.callContexts().gather(hash(1), project.ref(), NOW))
        .contains(
            new CallContext<>(
                token,
                caller(carol),
                Optional.of(
                    new ProjectContext(
                        identity(project),
                        Optional.of(Role.WRITER),
                        Optional.of(target(instance, 1, OPENAI, Optional.of(carols), keys)),
                        Optional.of(held(bobs)),
                        Optional.empty(),
                        false))));
  }

  @Test
  void a_token_comes_with_the_rates_that_it_inherited() {
    User alice = user("alice");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    TokenRate one = new TokenRate(new UUID(0, 1), 60);
    TokenRate other = new TokenRate(new UUID(0, 2), 5);
    AccessToken token = token(AToken.of(alice).inheritedRates(one, other));

    CallContext<ServiceContext> facts =
        ports.callContexts().gather(hash(1), instance.ref(), NOW).orElseThrow();

    assertThat(facts.token()).isEqualTo(token);
    assertThat(facts.token().inherited().rates()).containsExactly(one, other);
  }

  @Test
  void a_share_comes_with_the_limits_of_the_co_owners_that_it_was_given_by() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Limits five = new Limits(Optional.of(5), none(), none());
    Instance instance = stored(AnInstance.of(alice, "i").build());
    shared(instance, AShare.with(bob).role(Role.OWNER).limits(five).build(), alice);
    shared(
        instance,
        AShare.with(carol).mayReshare().limits(five).givenVia(bob).givenBy(bob).build(),
        bob);
    Project project = stored(AProject.of(carol, "p").using(instance).build());
    token(AToken.of(carol));

    ServiceContext own =
        ports.callContexts().gather(hash(1), instance.ref(), NOW).orElseThrow().target().get();
    ProjectContext viaProject =
        ports.callContexts().gather(hash(1), project.ref(), NOW).orElseThrow().target().get();

    Optional<Giver> giver = Optional.of(new Giver(bob.id(), five, Weight.USUAL));
    assertThat(own.share().orElseThrow().giver()).isEqualTo(giver);
    assertThat(viaProject.ownersShare().orElseThrow().giver()).isEqualTo(giver);
    assertThat(viaProject.bound().orElseThrow().share().orElseThrow().giver()).isEqualTo(giver);
    assertThat(ports.callContexts().find(instance.ref(), carol.id(), NOW)).contains(own);
    assertThat(ports.callContexts().usableBy(carol.id(), none(), 10, NOW)).containsExactly(own);
    ServiceContext bobs = ports.callContexts().find(instance.ref(), bob.id(), NOW).orElseThrow();
    assertThat(bobs.share().orElseThrow().giver()).isEmpty();
  }

  @Test
  void a_call_comes_with_what_its_turn_depends_on() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    User bot = stored(AUser.called("bot").serviceAccountOf(bob));
    ProviderLimits sixty = allowed(PaceLimit.REQUESTS_PER_MINUTE, 60).and(atATime(9));
    ProviderLimits forty = allowed(PaceLimit.TOKENS_PER_MINUTE, 40).and(atATime(10));
    Instance one =
        stored(
            AnInstance.of(alice, "one")
                .providerLimits(sixty)
                .capacityGroup("main")
                .own(InstanceField.MAX_WAIT_MS, new MaxWait(5))
                .own(InstanceField.ON_429, OnTooManyRequests.PASS)
                .build());
    Instance other =
        stored(AnInstance.of(alice, "other").providerLimits(forty).capacityGroup("main").build());
    stored(AnInstance.of(alice, "alone").providerLimits(atATime(1)).build());
    stored(AnInstance.of(carol, "hers").providerLimits(atATime(1)).capacityGroup("main").build());
    shared(one, AShare.with(carol).role(Role.OWNER).weight(7).build(), alice);
    shared(one, AShare.with(bot).weight(30).givenVia(carol).givenBy(carol).build(), carol);
    Project project = stored(AProject.of(bot, "p").using(one).build());
    token(AToken.of(bot));

    ServiceContext own =
        ports.callContexts().gather(hash(1), one.ref(), NOW).orElseThrow().target().get();
    ProjectContext viaProject =
        ports.callContexts().gather(hash(1), project.ref(), NOW).orElseThrow().target().get();

    assertThat(own.instance().capacity())
        .isEqualTo(
            new CapacityPolicy(
                sixty.and(forty),
                Optional.of(new CapacityGroup("main")),
                new MaxWait(5),
                OnTooManyRequests.PASS));
    assertThat(viaProject.bound()).contains(own);
    assertThat(own.responsible()).contains(bob.id().value());
    assertThat(
            ports.callContexts().gather(hash(1), one.ref(), NOW).orElseThrow().user().countedAs())
        .isEqualTo(bob.id().value());
    assertThat(own.share().orElseThrow().terms().weight()).isEqualTo(new Weight(30));
    assertThat(own.share().orElseThrow().giver())
        .contains(new Giver(carol.id(), Limits.NONE, new Weight(7)));
    assertThat(viaProject.ownersResponsible()).contains(bob.id().value());
    assertThat(viaProject.ownersShare()).isEqualTo(own.share());
    assertThat(ports.callContexts().find(one.ref(), bot.id(), NOW)).contains(own);
    assertThat(ports.callContexts().usableBy(bot.id(), none(), 10, NOW)).containsExactly(own);
    assertThat(
            ports
                .callContexts()
                .find(other.ref(), alice.id(), NOW)
                .map(found -> found.instance().capacity().stated()))
        .contains(sixty.and(forty));
    assertThat(
            ports
                .callContexts()
                .find(other.ref(), alice.id(), NOW)
                .flatMap(ServiceContext::responsible))
        .isEmpty();
  }

  private static ProviderLimits allowed(PaceLimit limit, long most) {
    return new ProviderLimits(new PaceLimits(Map.of(limit, most)), OptionalInt.empty());
  }

  private static ProviderLimits atATime(int calls) {
    return new ProviderLimits(PaceLimits.NONE, OptionalInt.of(calls));
  }

  @Test
  void a_call_comes_with_the_callers_own_key_alone() {
    User alice = user("alice");
    User bob = user("bob");
    token(AToken.of(bob));
    Instance instance = stored(AnInstance.of(alice, "i").build());
    Project project = stored(AProject.of(alice, "p").using(instance).build());
    Share share = shared(instance, AShare.with(bob).givenBy(alice).build(), alice);
    ports.projectShares().insert(project.id(), AShare.with(bob).build(), alice.id());
    SealedValue alices = userKey(instance, alice);
    SealedValue bobs = userKey(instance, bob);

    ServiceContext target = target(instance, OPENAI, Optional.of(share), ofUser(bobs));
    assertThat(ports.callContexts().gather(hash(1), instance.ref(), NOW).orElseThrow().target())
        .contains(target);
    assertThat(
            ports
                .callContexts()
                .gather(hash(1), project.ref(), NOW)
                .flatMap(CallContext::target)
                .flatMap(ProjectContext::bound))
        .contains(target);
    assertThat(ports.callContexts().find(instance.ref(), alice.id(), NOW))
        .contains(target(instance, OPENAI, none(), ofUser(alices)));
  }

  @Test
  void a_service_is_found_as_its_caller_would_call_it() {
    User alice = user("alice");
    User bob = user("bob");
    Instance instance =
        AnInstance.of(alice, "i").apiKeySetAt(NOW).headerNames("X-One").disabled().build();
    SealedKeys keys = storedWithSecrets(instance);
    Share share =
        shared(
            instance, AShare.with(bob).expiresAt(NOW.plusSeconds(1)).givenBy(alice).build(), alice);
    SealedValue own = userKey(instance, bob);

    assertThat(ports.callContexts().find(instance.ref(), bob.id(), NOW))
        .contains(
            target(
                instance,
                1,
                OPENAI,
                Optional.of(share),
                new SealedKeys(keys.apiKey(), keys.headers(), Optional.of(own))));
    assertThat(ports.callContexts().find(instance.ref(), new User.Id(new UUID(0, 0)), NOW))
        .contains(
            target(
                instance,
                1,
                OPENAI,
                none(),
                new SealedKeys(keys.apiKey(), keys.headers(), Optional.empty())));
    assertThat(ports.callContexts().find(Instance.Ref.of("alice/none"), bob.id(), NOW)).isEmpty();
  }

  @Test
  void what_a_user_can_use_is_own_shared_or_system_level_by_owner_and_handle() {
    User alice = user("alice");
    User bob = user("bob");
    Instance shared = stored(AnInstance.of(alice, "shared").build());
    Share share = shared(shared, AShare.with(bob).givenBy(alice).build(), alice);
    stored(AnInstance.of(alice, "unshared").build());
    shared(
        stored(AnInstance.of(alice, "until-now").build()),
        AShare.with(bob).expiresAt(NOW).build(),
        alice);
    Instance own = stored(AnInstance.of(bob, "own").disabled().build());
    Instance systems = stored(AnInstance.systemLevel("common").build());
    SealedValue key = userKey(systems, bob);

    assertThat(ports.callContexts().usableBy(bob.id(), none(), 10, NOW))
        .containsExactly(
            target(systems, OPENAI, none(), ofUser(key)),
            target(shared, OPENAI, Optional.of(share), SealedKeys.NONE),
            target(own, OPENAI, none(), SealedKeys.NONE));
  }

  @Test
  void an_administrator_can_use_no_more_than_others() {
    User alice = user("alice");
    User root = stored(AUser.called("root").administrator());
    stored(AnInstance.of(alice, "private").build());
    Instance systems = stored(AnInstance.systemLevel("common").build());

    assertThat(ports.callContexts().usableBy(root.id(), none(), 10, NOW))
        .containsExactly(target(systems, OPENAI, none(), SealedKeys.NONE));
  }

  @Test
  void pages_of_what_a_user_can_use_skip_and_repeat_nothing() {
    User alice = user("alice");
    User bob = user("bob");
    stored(AnInstance.systemLevel("b").build());
    stored(AnInstance.systemLevel("a").build());
    stored(AnInstance.of(bob, "a").build());
    shared(stored(AnInstance.of(alice, "z").build()), AShare.with(bob).build(), alice);
    List<ServiceContext> all = ports.callContexts().usableBy(bob.id(), none(), 10, NOW);
    assertThat(all).hasSize(4);

    for (int size = 1; size <= 5; size++) {
      List<ServiceContext> paged = new ArrayList<>();
      List<ServiceContext> page = ports.callContexts().usableBy(bob.id(), none(), size, NOW);
      while (!page.isEmpty()) {
        paged.addAll(page);
        Optional<Instance.Ref> after = Optional.of(page.get(page.size() - 1).instance().ref());
        page = ports.callContexts().usableBy(bob.id(), after, size, NOW);
      }
      assertThat(paged).isEqualTo(all);
    }
  }

  /** A service of a definition, with a key, a header and a limit. */
  private AnInstance limited(User owner) {
    return AnInstance.of(owner, "i")
        .from(stored(ADefinition.of(owner, "template").build()))
        .apiKeySetAt(NOW)
        .headerNames("X-One")
        .limits(new Limits(Optional.of(7), none(), none()));
  }

  /** Stores a service with its key and its header. */
  private SealedKeys storedWithSecrets(Instance instance) {
    SealedValue key = sealed(instance, "sk-0123456789");
    SealedValue headers = sealed(instance, "X-One:secret");
    ports.instances().insert(instance, replace(key), replace(headers));
    return new SealedKeys(Optional.of(key), Optional.of(headers), none());
  }

  private AccessToken token(AToken builder) {
    AccessToken token = builder.build();
    ports.accessTokens().save(token, hash(1));
    return token;
  }

  /** A user's own key is stored at {@link #NOW}. */
  private static ServiceContext target(
      Instance instance, ApiStandard standard, Optional<Share> share, SealedKeys keys) {
    return target(instance, 0, standard, share, keys);
  }

  private static ServiceContext target(
      Instance instance,
      long headersVersion,
      ApiStandard standard,
      Optional<Share> share,
      SealedKeys keys) {
    return new ServiceContext(
        callable(instance, headersVersion),
        standard.callable(),
        share.map(CallContextsContract::held),
        keys,
        keys.userKey().map(key -> NOW),
        UserLimits.NONE);
  }

  /** A share that the owning user gave. */
  private static HeldShare held(Share share) {
    return new HeldShare(share.terms(), none());
  }

  private static CallableInstance callable(Instance instance, long headersVersion) {
    return new CallableInstance(
        instance.id(),
        instance.owner(),
        instance.ref(),
        instance.settings().fields().provider(),
        instance.settings().fields().endpoint(),
        instance.placement(),
        instance.settings().organization(),
        instance.settings().timeout(),
        instance.settings().enabled(),
        instance.settings().keyPolicy(),
        instance.settings().limits(),
        instance.apiKeySetAt(),
        headersVersion,
        instance.settings().streamUsage(),
        instance.settings().promptCache(),
        instance.settings().attribution(),
        instance.settings().storage(),
        1,
        instance.settings().inAll(),
        instance.settings().capacity(),
        instance.credential(),
        instance.audience(),
        instance.settings().connections(),
        instance.sent());
  }

  private static TokenUser caller(User user) {
    return new TokenUser(user.id(), user.handle(), user.administrator());
  }

  private static CalledProject identity(Project project) {
    return new CalledProject(project.id(), project.owner(), project.ref(), project.limits());
  }
}
