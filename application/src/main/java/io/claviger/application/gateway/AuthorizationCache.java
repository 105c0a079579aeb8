package io.claviger.application.gateway;

import com.github.benmanes.caffeine.cache.Interner;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.shared.CacheListener;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.CallableStandard;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the database rows that calls depend on. Cached rows are never older than {@link
 * #BOUND}. The rows are used only while this node knows all its own changes, and all changes that
 * other nodes made longer than {@link #BOUND} ago. A background task calls {@link #refresh}
 * periodically. If the task stops or fails, the cache is not used, and each call queries the
 * database.
 *
 * <p>Database notifications alone could not limit the age of the rows, because a half-open
 * connection delivers no notifications. In all methods, shares that have expired at the time {@code
 * now} are ignored. Methods that query the database throw {@link StoreUnavailable} if the database
 * does not answer.
 */
public final class AuthorizationCache {
  /** The maximum age of the database rows that this cache returns. */
  public static final Duration BOUND = Duration.ofMillis(50);

  /**
   * The maximum size of the cached rows for calls to services, in bytes. The cached rows for calls
   * through projects may take another 16 MiB.
   */
  static final long SERVICES = 48L << 20;

  /**
   * The rows of a single user may take at most the size of the cache divided by this number. The
   * remaining size is for the rows of other users.
   */
  static final int SHARE_OF_A_USER = 4;

  /**
   * If this node has not read the list of changes for this time, it might have missed changes,
   * because old entries are deleted from the list.
   */
  private static final Duration LOST_TRACK = Duration.ofMinutes(5);

  /**
   * For this time after the last call, the list of changes is still read frequently, so that
   * successive calls find rows that are known to be current. A call after a longer pause reads the
   * list itself, once. Reading the list throughout longer pauses would take hundreds of reads to
   * save one such read.
   */
  private static final Duration WANTED = Duration.ofSeconds(2);

  private final CallContexts contexts;
  private final ChangeFeed changes;
  private final LongSupplier nanos;
  private final Interner<CallableStandard> standards = Interner.newWeakInterner();
  private final CacheRegion<Instance.Ref, ServiceContext> services;
  private final CacheRegion<Project.Ref, ProjectContext> projects;
  private final List<CacheRegion<?, ?>> regions = new CopyOnWriteArrayList<>();
  private final List<CacheListener> listeners = new CopyOnWriteArrayList<>();
  private final Object monitor = new Object();
  private final AtomicLong changedHere;
  private final ReentrantLock refreshing = new ReentrantLock();
  private long attempted;
  private @Nullable RuntimeException failure;
  private OptionalLong point = OptionalLong.empty();
  private long generation;
  private volatile long confirmed;
  private volatile long lastWanted;
  private volatile boolean begun;

  public AuthorizationCache(CallContexts contexts, ChangeFeed changes, LongSupplier nanos) {
    this(contexts, changes, nanos, SERVICES);
  }

  /**
   * @param services the maximum size of the rows for calls to services, in bytes; the rows for
   *     calls through projects may take another third of this size
   */
  AuthorizationCache(CallContexts contexts, ChangeFeed changes, LongSupplier nanos, long services) {
    this.services =
        new CacheRegion<>(
            CallSubjects::ofService,
            ContextWeight::ofService,
            services,
            services / SHARE_OF_A_USER);
    long projects = services / 3;
    this.projects =
        new CacheRegion<>(
            CallSubjects::ofProject,
            ContextWeight::ofProject,
            projects,
            projects / SHARE_OF_A_USER);
    this.regions.add(this.services);
    this.regions.add(this.projects);
    this.contexts = contexts;
    this.changes = changes;
    this.nanos = nanos;
    long now = nanos.getAsLong();
    this.confirmed = now;
    this.attempted = now - 1;
    this.changedHere = new AtomicLong(now);
    this.lastWanted = now - WANTED.toNanos();
  }

  /**
   * Adds a further kind of rows, which are cached under the rules of this cache.
   *
   * @param most the maximum size of the rows of that kind, in bytes; a user's rows have at most a
   *     quarter of this size
   */
  public <R, T> CachedContexts<R, T> caching(ContextReader<R, T> reader, long most) {
    CacheRegion<R, T> region =
        new CacheRegion<>(
            context -> subjects(reader, context),
            context ->
                ContextWeight.ofCaller(context) + context.target().map(reader::weight).orElse(0L),
            most,
            most / SHARE_OF_A_USER);
    regions.add(region);
    return new CachedContexts<>(this, region, reader);
  }

  /**
   * Adds a listener for changes. From now on, calls are authorized only after the listener has
   * received all known changes.
   */
  public void tell(CacheListener listener) {
    listeners.add(listener);
  }

  private static <R, T> Set<UUID> subjects(ContextReader<R, T> reader, CallContext<T> context) {
    Set<UUID> subjects = new HashSet<>();
    subjects.add(context.user().id().value());
    context.target().map(reader::subjects).ifPresent(subjects::addAll);
    return subjects;
  }

  /**
   * Returns the cached database rows for a call. Never blocks. The result is empty if there are no
   * cached rows, or if the cached rows might be outdated.
   */
  Optional<CacheRegion.Entry<ServiceContext>> find(
      TokenHash token, Instance.Ref service, Instant now) {
    return isFresh() ? known(token, service, now) : Optional.empty();
  }

  /**
   * Returns the cached database rows for a call. Never blocks. The result is empty if there are no
   * cached rows, or if the cached rows might be outdated.
   */
  Optional<CacheRegion.Entry<ProjectContext>> find(
      TokenHash token, Project.Ref project, Instant now) {
    return isFresh() ? known(token, project, now) : Optional.empty();
  }

  /**
   * Returns the current database rows for a call to a service, and queries the database if
   * necessary. If several threads want the same rows at the same time, these threads share a query.
   * If the rows are cached but might be outdated, the query only checks whether the rows have
   * changed. If the rows are not cached, the query reads the rows, and this cache stores them.
   *
   * <p>Services that do not exist or that the caller can't see are never cached. So a call to a
   * missing service and a call to a hidden service always cost the same look-up.
   */
  Optional<CallContext<ServiceContext>> gather(TokenHash token, Instance.Ref service, Instant now) {
    Supplier<Instant> clock = clockFrom(now);
    if (!isFresh() && known(token, service, now).isPresent()) {
      refreshAsOf(nanos.getAsLong());
    }
    return known(token, service, now)
        .map(CacheRegion.Entry::context)
        .or(() -> services.read(token, service, () -> read(token, service, clock.get())));
  }

  /** Returns current rows for a call through a project, and queries the database if necessary. */
  Optional<CallContext<ProjectContext>> gather(TokenHash token, Project.Ref project, Instant now) {
    Supplier<Instant> clock = clockFrom(now);
    if (!isFresh() && known(token, project, now).isPresent()) {
      refreshAsOf(nanos.getAsLong());
    }
    return known(token, project, now)
        .map(CacheRegion.Entry::context)
        .or(() -> projects.read(token, project, () -> read(token, project, clock.get())));
  }

  /**
   * Returns the cached rows for a call, unless the share by which the caller sees the service has
   * expired. After this share has expired, another share might apply to the caller, but only the
   * database knows this.
   */
  private Optional<CacheRegion.Entry<ServiceContext>> known(
      TokenHash token, Instance.Ref service, Instant now) {
    return services
        .get(token, service)
        .filter(k -> holdsAt(k.context().target(), now) && RoleAccess.isFound(k.context(), now));
  }

  private Optional<CacheRegion.Entry<ProjectContext>> known(
      TokenHash token, Project.Ref project, Instant now) {
    return projects
        .get(token, project)
        .filter(
            k ->
                k.context()
                    .target()
                    .filter(t -> holdsAt(t.bound(), now) && HeldShare.holdsAt(t.ownersShare(), now))
                    .isPresent());
  }

  private static boolean holdsAt(Optional<ServiceContext> target, Instant now) {
    return HeldShare.holdsAt(target.flatMap(ServiceContext::share), now);
  }

  private Optional<CallContext<ServiceContext>> read(
      TokenHash token, Instance.Ref service, Instant now) {
    long before = generation();
    Optional<CallContext<ServiceContext>> found =
        contexts
            .gather(token, service, now)
            .map(f -> new CallContext<>(f.token(), f.user(), f.target().map(this::shared)));
    found
        .filter(f -> RoleAccess.isFound(f, now))
        .ifPresent(f -> keep(before, () -> services.put(token, service, f)));
    return found;
  }

  private Optional<CallContext<ProjectContext>> read(
      TokenHash token, Project.Ref project, Instant now) {
    long before = generation();
    Optional<CallContext<ProjectContext>> found =
        contexts
            .gather(token, project, now)
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
        target.ownersShare(),
        target.ownersResponsible(),
        target.opened());
  }

  /**
   * Uses the same object for all services with the same API standard, because an API standard can
   * be large.
   */
  private ServiceContext shared(ServiceContext target) {
    return new ServiceContext(
        target.instance(),
        standards.intern(target.standard()),
        target.share(),
        target.keys(),
        target.userKeySetAt(),
        target.callersLimits(),
        target.responsible());
  }

  /**
   * Returns a clock that starts at the given time and then continues. Several callers can share a
   * read, which begins some time after the first caller's request, and has to ignore the shares
   * that have expired by its beginning.
   */
  Supplier<Instant> clockFrom(Instant now) {
    long asked = nanos.getAsLong();
    return () -> now.plusNanos(nanos.getAsLong() - asked);
  }

  /** Reads the list of changes, and removes the cache entries that depend on changed things. */
  public void refresh() {
    refreshing.lock();
    try {
      attempted = nanos.getAsLong();
      failure = null;
      learn(attempted);
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      refreshing.unlock();
    }
  }

  /** Reads all changes so far, and removes the cache entries that depend on changed things. */
  void refreshNow() {
    refreshAsOf(nanos.getAsLong());
  }

  /**
   * Waits for the end of a refresh that began at the given time or later. Threads that wait for
   * another thread's refresh share its result, even if the refresh failed. If each thread refreshed
   * by itself, a hung database would make the threads wait one after the other.
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
    synchronized (monitor) {
      if (since.everything() || lost) {
        forgetEverything();
      } else if (!since.subjects().isEmpty()) {
        generation++;
        regions.forEach(region -> region.forget(since.subjects()));
        listeners.forEach(listener -> listener.changed(since.subjects()));
      }
      point = OptionalLong.of(since.point());
    }
    confirmed = began;
    begun = true;
  }

  /** Removes all entries of the cache. */
  public void forgetEverything() {
    synchronized (monitor) {
      generation++;
      regions.forEach(CacheRegion::forgetAll);
      listeners.forEach(CacheListener::everythingChanged);
    }
  }

  /**
   * Records that this node has committed a change. The cache is not used until the next refresh.
   */
  public void changedHere() {
    // The later time is kept, because threads can arrive here in an order that differs from the
    // order in which they have read the clock.
    long unused = changedHere.accumulateAndGet(nanos.getAsLong(), (a, b) -> b - a > 0 ? b : a);
  }

  /** Whether the cache was used so recently that frequent refreshes are worth their cost. */
  public boolean isWanted() {
    return nanos.getAsLong() - lastWanted < WANTED.toNanos();
  }

  /** Whether cached rows may be used now. */
  public boolean isFresh() {
    long now = nanos.getAsLong();
    lastWanted = now;
    long as = confirmed;
    return begun && as - changedHere.get() > 0 && now - as <= BOUND.toNanos();
  }

  /** Returns a number that increases whenever entries of the cache are removed. */
  long generation() {
    synchronized (monitor) {
      return generation;
    }
  }

  /**
   * Stores an entry in the cache, unless other entries have been removed since this entry was read.
   */
  void keep(long before, Runnable put) {
    synchronized (monitor) {
      if (begun && generation == before) {
        put.run();
      }
    }
  }

  /** Returns the size of all entries of the cache in bytes. */
  long weight() {
    return regions.stream().mapToLong(CacheRegion::weight).sum();
  }

  /** Returns the size of one user's entries in the cache, in bytes. */
  long weight(User.Id user) {
    return regions.stream().mapToLong(region -> region.weight(user)).sum();
  }

  /**
   * Finds the ids of the users, instances and projects that a call depends on. A change of such a
   * user, instance or project removes the cached rows.
   */
  private static final class CallSubjects {
    private CallSubjects() {}

    static Set<UUID> ofService(CallContext<ServiceContext> known) {
      Set<UUID> subjects = new HashSet<>();
      subjects.add(known.user().id().value());
      known.target().ifPresent(t -> subjects.add(t.instance().id().value()));
      return subjects;
    }

    static Set<UUID> ofProject(CallContext<ProjectContext> known) {
      Set<UUID> subjects = new HashSet<>();
      subjects.add(known.user().id().value());
      known
          .target()
          .map(ProjectContext::project)
          .ifPresent(
              project -> {
                subjects.add(project.id().value());
                // A project owner might use the service through the share of a group. When the
                // owner leaves the group, the owner also loses this share.
                subjects.add(project.owner().value());
              });
      known
          .target()
          .flatMap(ProjectContext::bound)
          .ifPresent(t -> subjects.add(t.instance().id().value()));
      return subjects;
    }
  }
}
