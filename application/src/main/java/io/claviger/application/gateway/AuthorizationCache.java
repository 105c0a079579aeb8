package io.claviger.application.gateway;

import com.github.benmanes.caffeine.cache.Interner;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.standards.ApiStandard;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node remembers of what calls depend on, with bounded staleness: it counts only while
 * all changes up to {@link #BOUND} ago are known and applied, and of those that this node made
 * itself all. Somebody calls {@link #refresh} again and again; when that stops or fails, nothing is
 * recalled any more and the database is asked for each call.
 *
 * <p>Notifications alone could not promise that: a half-open connection is silent.
 */
public final class AuthorizationCache {
  /** How old what is recalled may be. */
  public static final Duration BOUND = Duration.ofMillis(50);

  /** Bytes that facts about calls to services may take; those through projects have 16 MiB. */
  static final long SERVICES = 48L << 20;

  /** One user's facts take at most one of so many parts, so that they leave room for the others. */
  static final int SHARE_OF_A_USER = 4;

  /** Behind this far, the list of changes may have been shortened already. */
  private static final Duration LOST_TRACK = Duration.ofMinutes(5);

  private static final Duration WANTED = Duration.ofSeconds(2);

  private final CallContexts facts;
  private final ChangeFeed changes;
  private final LongSupplier nanos;
  private final Interner<ApiStandard> standards = Interner.newWeakInterner();
  private final CacheRegion<InstanceRef, ServiceContext> services;
  private final CacheRegion<ProjectRef, ProjectContext> projects;
  private final Object shelves = new Object();
  private final AtomicLong changedHere;
  private final ReentrantLock refreshing = new ReentrantLock();
  private long attempted;
  private @Nullable StoreUnavailable failure;
  private OptionalLong point = OptionalLong.empty();
  private long generation;
  private volatile long confirmed;
  private volatile long lastWanted;
  private volatile boolean begun;

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   */
  public AuthorizationCache(CallContexts facts, ChangeFeed changes, LongSupplier nanos) {
    this(facts, changes, nanos, SERVICES);
  }

  /**
   * @param services bytes that facts about calls to services may take; calls through projects have
   *     a third of that in addition
   */
  AuthorizationCache(CallContexts facts, ChangeFeed changes, LongSupplier nanos, long services) {
    this.services =
        new CacheRegion<>(
            AuthorizationCache::ofService,
            ContextWeight::ofService,
            services,
            services / SHARE_OF_A_USER);
    long projects = services / 3;
    this.projects =
        new CacheRegion<>(
            AuthorizationCache::ofProject,
            ContextWeight::ofProject,
            projects,
            projects / SHARE_OF_A_USER);
    this.facts = facts;
    this.changes = changes;
    this.nanos = nanos;
    long now = nanos.getAsLong();
    this.confirmed = now;
    this.attempted = now - 1;
    this.changedHere = new AtomicLong(now);
    this.lastWanted = now - WANTED.toNanos();
  }

  /**
   * Never blocks; empty when it is not known, or not certain enough.
   *
   * @param now what the expiry of shares is judged by
   */
  Optional<CacheRegion.Entry<ServiceContext>> recall(
      TokenHash token, InstanceRef service, Instant now) {
    return isFresh() ? known(token, service, now) : Optional.empty();
  }

  /** Never blocks; empty when it is not known, or not certain enough. */
  Optional<CacheRegion.Entry<ProjectContext>> recall(TokenHash token, ProjectRef project) {
    return isFresh() ? projects.get(token, project) : Optional.empty();
  }

  /**
   * Asks the database: for what is remembered, only whether that still holds, together with all who
   * ask at the same time; else for all of it, and remembers that.
   *
   * <p>What the caller can't see is never remembered, as what does not exist is not: so both are
   * asked for in the same way each time.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<CallContext<ServiceContext>> gather(TokenHash token, InstanceRef service, Instant now) {
    if (known(token, service, now).isPresent()) {
      refreshAsOf(nanos.getAsLong());
    }
    return known(token, service, now)
        .map(CacheRegion.Entry::facts)
        .or(() -> read(token, service, now));
  }

  /**
   * As above.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<CallContext<ProjectContext>> gather(TokenHash token, ProjectRef project) {
    if (projects.get(token, project).isPresent()) {
      refreshAsOf(nanos.getAsLong());
    }
    return projects
        .get(token, project)
        .map(CacheRegion.Entry::facts)
        .or(() -> read(token, project));
  }

  /** What a share showed that has expired since is hidden again. */
  private Optional<CacheRegion.Entry<ServiceContext>> known(
      TokenHash token, InstanceRef service, Instant now) {
    return services.get(token, service).filter(k -> RoleAccess.isFound(k.facts(), now));
  }

  private Optional<CallContext<ServiceContext>> read(
      TokenHash token, InstanceRef service, Instant now) {
    long before = generation();
    Optional<CallContext<ServiceContext>> found =
        facts
            .gather(token, service, now)
            .map(f -> new CallContext<>(f.token(), f.user(), f.target().map(this::shared)));
    found
        .filter(f -> RoleAccess.isFound(f, now))
        .ifPresent(f -> keep(before, () -> services.put(token, service, f)));
    return found;
  }

  private Optional<CallContext<ProjectContext>> read(TokenHash token, ProjectRef project) {
    long before = generation();
    Optional<CallContext<ProjectContext>> found =
        facts
            .gather(token, project)
            .map(f -> new CallContext<>(f.token(), f.user(), f.target().map(this::shared)));
    found
        .filter(f -> f.target().isPresent())
        .ifPresent(f -> keep(before, () -> projects.put(token, project, f)));
    return found;
  }

  private ProjectContext shared(ProjectContext target) {
    return new ProjectContext(
        target.project(),
        target.membership(),
        target.bound().map(this::shared),
        target.ownersShare());
  }

  /** One object for all who use the same standard: it may be large. */
  private ServiceContext shared(ServiceContext target) {
    return new ServiceContext(
        target.instance(),
        standards.intern(target.standard()),
        target.share(),
        target.keys(),
        target.userKeySetAt());
  }

  /**
   * Learns what was changed, and forgets what depended on it.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public void refresh() {
    refreshing.lock();
    try {
      attempted = nanos.getAsLong();
      failure = null;
      learn(attempted);
    } catch (StoreUnavailable e) {
      failure = e;
      throw e;
    } finally {
      refreshing.unlock();
    }
  }

  /**
   * Sees to it that a refresh has come back that began at a time or later. Who waits for another's
   * shares what came of it, a failure too: else a database that hangs would be waited for in a row.
   */
  private void refreshAsOf(long time) {
    refreshing.lock();
    try {
      if (attempted - time < 0) {
        refresh();
      } else if (failure != null) {
        throw new StoreUnavailable(failure);
      }
    } finally {
      refreshing.unlock();
    }
  }

  private void learn(long began) {
    boolean lost = begun && began - confirmed > LOST_TRACK.toNanos();
    ChangeFeed.Since since = changes.since(lost ? OptionalLong.empty() : point);
    synchronized (shelves) {
      if (since.everything() || lost) {
        forgetEverything();
      } else if (!since.subjects().isEmpty()) {
        generation++;
        services.forget(since.subjects());
        projects.forget(since.subjects());
      }
      point = OptionalLong.of(since.point());
    }
    confirmed = began;
    begun = true;
  }

  /** What calls depend on is asked for anew. */
  public void forgetEverything() {
    synchronized (shelves) {
      generation++;
      services.forgetAll();
      projects.forgetAll();
    }
  }

  /** This node committed a change: until the next refresh, nothing is recalled. */
  public void changedHere() {
    // Threads that read the clock one after the other may come here in another order.
    long unused = changedHere.accumulateAndGet(nanos.getAsLong(), (a, b) -> b - a > 0 ? b : a);
  }

  /** Whether somebody asked lately, so that it is worth being refreshed often. */
  public boolean isWanted() {
    return nanos.getAsLong() - lastWanted < WANTED.toNanos();
  }

  private boolean isFresh() {
    long now = nanos.getAsLong();
    lastWanted = now;
    long as = confirmed;
    return begun && as - changedHere.get() > 0 && now - as <= BOUND.toNanos();
  }

  private long generation() {
    synchronized (shelves) {
      return generation;
    }
  }

  /** Unless something was changed since the reading began: then it may be obsolete already. */
  private void keep(long before, Runnable put) {
    synchronized (shelves) {
      if (begun && generation == before) {
        put.run();
      }
    }
  }

  /** Bytes that all that is remembered takes. */
  long weight() {
    return services.weight() + projects.weight();
  }

  /** Bytes that what is remembered of one user's calls takes. */
  long weight(UserId user) {
    return services.weight(user) + projects.weight(user);
  }

  private static Set<UUID> ofService(CallContext<ServiceContext> known) {
    Set<UUID> subjects = new HashSet<>();
    subjects.add(known.user().id().value());
    known.target().ifPresent(t -> subjects.add(t.instance().id().value()));
    return subjects;
  }

  private static Set<UUID> ofProject(CallContext<ProjectContext> known) {
    Set<UUID> subjects = new HashSet<>();
    subjects.add(known.user().id().value());
    known.target().ifPresent(t -> subjects.add(t.project().id().value()));
    known
        .target()
        .flatMap(ProjectContext::bound)
        .ifPresent(t -> subjects.add(t.instance().id().value()));
    return subjects;
  }
}
