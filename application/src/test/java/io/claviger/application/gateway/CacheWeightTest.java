package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.CacheRegion.RememberedGrant;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.ChangeFeed.Since;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.SettableNanos;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The caches are limited by the bytes that they take, in all and for each user. */
@Tag("measurement")
class CacheWeightTest {
  private static final Instant NOW = Seeds.SEEDED_AT;
  private static final long SERVICES = 16 << 20;
  private static final long SHARE = SERVICES / AuthorizationCache.SHARE_OF_A_USER;

  private final SettableNanos nanos = new SettableNanos(0);

  /** Every token finds every service and project. These are named by number. */
  private record Any(SampleCallContexts some) implements CallContexts {
    @Override
    public Optional<CallContext<ServiceContext>> gather(
        TokenHash token, Instance.Ref service, Instant now) {
      ByteBuffer numbers = ByteBuffer.wrap(token.bytes());
      return Optional.of(
          some.ofService(numbers.getInt(), numbers.getInt(), number(service.handle().value())));
    }

    @Override
    public Optional<CallContext<ProjectContext>> gather(
        TokenHash token, Project.Ref project, Instant now) {
      ByteBuffer numbers = ByteBuffer.wrap(token.bytes());
      return Optional.of(
          some.ofProject(numbers.getInt(), numbers.getInt(), number(project.handle().value())));
    }

    @Override
    public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ServiceContext> usableBy(
        User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
      throw new UnsupportedOperationException();
    }

    private static int number(String handle) {
      return Integer.parseInt(handle.substring(handle.indexOf('-') + 1));
    }
  }

  private AuthorizationCache memory(boolean heavy, ChangeFeed changes) {
    AuthorizationCache memory =
        new AuthorizationCache(new Any(new SampleCallContexts(heavy)), changes, nanos, SERVICES);
    nanos.advance(Duration.ofMillis(1));
    memory.refresh();
    return memory;
  }

  private AuthorizationCache memory(boolean heavy) {
    return memory(heavy, point -> new Since(1, Set.of(), point.isEmpty()));
  }

  @Test
  void the_facts_of_many_tokens_for_many_services_of_one_user_stay_within_one_share() {
    AuthorizationCache memory = memory(true);

    for (int token = 0; token < 10; token++) {
      for (int service = 0; service < 5; service++) {
        gather(memory, 1, token, service);
      }
    }

    assertThat(memory.weight(SampleCallContexts.user(1))).isPositive().isLessThanOrEqualTo(SHARE);
    assertThat(memory.weight()).isEqualTo(memory.weight(SampleCallContexts.user(1)));
  }

  @Test
  void one_users_facts_evict_nobody_elses() {
    AuthorizationCache memory = memory(false);
    for (int service = 0; service < 20; service++) {
      gather(memory, 1, 0, service);
    }

    for (int token = 0; token < 1_000; token++) {
      gather(memory, 2, token, 7);
    }

    for (int service = 0; service < 20; service++) {
      assertThat(recalls(memory, 1, 0, service)).isTrue();
    }
    assertThat(memory.weight(SampleCallContexts.user(2))).isLessThanOrEqualTo(SHARE);
  }

  @Test
  void of_a_users_facts_the_oldest_go() {
    AuthorizationCache memory = memory(false);

    for (int token = 0; token < 1_000; token++) {
      gather(memory, 2, token, 7);
    }

    assertThat(recalls(memory, 2, 0, 7)).isFalse();
    assertThat(recalls(memory, 2, 999, 7)).isTrue();
    assertThat(memory.weight(SampleCallContexts.user(2))).isGreaterThan(SHARE / 2);
  }

  @Test
  void many_users_facts_stay_within_the_whole() {
    AuthorizationCache memory = memory(true);

    for (int user = 1; user <= 30; user++) {
      gather(memory, user, 0, user);
      assertThat(
              memory.gather(
                  SampleCallContexts.token(user, 0), SampleCallContexts.project(user), NOW))
          .isPresent();
      assertThat(memory.weight()).isLessThanOrEqualTo(SERVICES + SERVICES / 3);
    }

    assertThat(memory.weight()).isGreaterThan(SERVICES / 2);
  }

  @Test
  void what_is_evicted_is_off_the_index_and_what_changed_is_forgotten() {
    Set<UUID> changed = new HashSet<>();
    AuthorizationCache memory = memory(false, point -> new Since(2, changed, point.isEmpty()));
    for (int user = 1; user <= 2_000; user++) {
      gather(memory, user, 0, user % 10);
    }

    for (int service = 0; service < 10; service++) {
      changed.add(new UUID(2, service));
    }
    nanos.advance(Duration.ofMillis(1));
    memory.refresh();

    assertThat(memory.weight()).isZero();
    for (int user = 1; user <= 2_000; user++) {
      assertThat(recalls(memory, user, 0, user % 10)).isFalse();
    }
  }

  @Test
  void one_object_of_a_standard_serves_all_calls() {
    AuthorizationCache memory = memory(false);

    assertThat(gather(memory, 1, 0, 0).target().orElseThrow().standard())
        .isSameAs(gather(memory, 2, 0, 1).target().orElseThrow().standard());
  }

  @Test
  void facts_weigh_no_less_than_they_take() {
    for (boolean heavy : new boolean[] {false, true}) {
      SampleCallContexts some = new SampleCallContexts(heavy);
      CallContext<ServiceContext> facts = some.ofService(1, 2, 3);
      CallContext<ProjectContext> ofProject = some.ofProject(1, 2, 3);

      long takes = taken(facts, RoleAccess.of(facts, NOW));
      long takesOfProject = taken(ofProject, ProjectAccess.of(ofProject, NOW));

      assertThat(ContextWeight.ofService(facts)).as("heavy: %s", heavy).isBetween(takes, 2 * takes);
      assertThat(ContextWeight.ofProject(ofProject))
          .as("heavy: %s", heavy)
          .isBetween(takesOfProject, 2 * takesOfProject);
    }
  }

  /**
   * With the decision that is cached with it, but without what all share: API standard and
   * provider.
   */
  private static long taken(CallContext<?> facts, AccessDecision way) {
    AccessDecision.Granted open = (AccessDecision.Granted) way;
    CallLimits limits = open.limits(facts.user().id(), Optional.of(facts.token()));
    ObjectSizes sizes = new ObjectSizes();
    long unused = sizes.add(open.target().standard());
    long unusedProvider = sizes.add(open.target().instance().provider());
    CallGrant grant =
        CallGrant.of(
            facts.user().id(),
            facts.user().handle(),
            open,
            KeySource.CENTRAL,
            limits,
            Optional.empty());
    RememberedGrant last = new RememberedGrant();
    last.keep("POST", "embeddings", grant);
    // The nodes of Caffeine and of the index, the cache key, and the set of subjects.
    return sizes.add(facts) + sizes.add(last) + 1_000;
  }

  private static CallContext<ServiceContext> gather(
      AuthorizationCache memory, int user, int token, int service) {
    return memory
        .gather(SampleCallContexts.token(user, token), SampleCallContexts.service(service), NOW)
        .orElseThrow();
  }

  private static boolean recalls(AuthorizationCache memory, int user, int token, int service) {
    return memory
        .find(SampleCallContexts.token(user, token), SampleCallContexts.service(service), NOW)
        .isPresent();
  }
}
